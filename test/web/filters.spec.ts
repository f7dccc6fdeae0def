import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { WebVisitor } from '../support/web.js';

let service: Service;
let visitor: WebVisitor;
beforeAll(async () => {
  service = await Service.start({ web: true });
  visitor = new WebVisitor(service.base);
  await visitor.signIn(MTM.finance);
});
afterAll(() => service?.stop());

const REMOVE = 'Remove this filter: ';

describe('what a list is filtered by', () => {
  it('stands above it, also what came with a link and no field shows, and goes away one by one or together', async () => {
    const all = await visitor.open('/claims?state=approved&authority=BRENT&dueBy=2018-05-01');
    const tags = all.links().filter(({ text }) => text.startsWith(REMOVE));
    expect(tags).toEqual([
      { text: `${REMOVE}Status: Approved`, href: '/claims?authority=BRENT&dueBy=2018-05-01' },
      { text: `${REMOVE}Authority’s code: BRENT`, href: '/claims?state=approved&dueBy=2018-05-01' },
      { text: `${REMOVE}Due by: 1 May 2018`, href: '/claims?state=approved&authority=BRENT' },
    ]);
    const fewer = await all.follow(`${REMOVE}Status: Approved`);
    expect([fewer.status, fewer.text.includes('Status: Approved')]).toEqual([200, false]);
    const none = await fewer.follow('Clear filters');
    expect([none.path, none.text.includes('Filtered by')]).toEqual(['/claims', false]);
  });

  it('is kept when something else is filtered by', async () => {
    const late = await visitor.open('/claims?dueBy=2018-05-01');
    const filtered = await late.press('Filter', { 'Authority’s code': 'BRENT' });
    expect(Object.fromEntries(new URL(filtered.path, service.base).searchParams)).toMatchObject({
      dueBy: '2018-05-01',
      authority: 'BRENT',
    });
    expect(filtered.text).toContain('Due by: 1 May 2018');
  });

  it('stays the pile of the queue, which is no filter', async () => {
    const pile = await visitor.open('/queue?show=approve&who=mine');
    expect(pile.links().find(({ text }) => text.startsWith(REMOVE))).toEqual({
      text: `${REMOVE}Whose: Mine`,
      href: '/queue?show=approve',
    });
  });
});

describe('an address', () => {
  it.each([
    ['of letters that are none', '/claims/%ff'],
    ['that is too long', `/claims/${'a'.repeat(300)}`],
  ])('%s is answered by a page', async (_, path) => {
    const answer = await visitor.raw(path);
    expect([400, 414]).toContain(answer.status);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await answer.text()).toContain('<a href="/">Go to your home page</a>');
    const asProgram = await visitor.raw(`/api/v1${path}`);
    expect(asProgram.headers.get('content-type')).toContain('application/problem+json');
    await asProgram.arrayBuffer();
  });
});
