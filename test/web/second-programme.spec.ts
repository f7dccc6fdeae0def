import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UnitOfWork } from '#platform/database';
import { loadProgramme } from '#programme';
import { seedFile } from '#seeds';
import { finance, MTM } from '../integration/claims-support.js';
import { pageRoutes } from '../support/page-routes.js';
import { Service } from '../support/service.js';
import { type WebPage, type WebVisitor } from '../support/web.js';
import { signedIn as signIn } from './bank-visitor.js';

interface File {
  authorities: object[];
  [key: string]: unknown;
}

/** The second programme, with a grant, and with Brent in it: it is in two then. */
function homes(): File {
  const url = new URL('../fixtures/programmes/second.json', import.meta.url);
  const file = JSON.parse(readFileSync(url, 'utf8')) as File;
  const { grant } = seedFile('eip2.json') as { grant: object };
  const brent = {
    ...{ code: 'BRENT', name: 'Brent', legalName: 'London Borough of Brent', onsCode: 'E09000005' },
    poolDays: { course_days: '5' },
  };
  const [northton, ...others] = file.authorities;
  const authorities = [{ ...northton, poolDays: { course_days: '20' } }, ...others, brent];
  return { ...file, authorities, grant: { ...grant, label: 'Homes grant' } };
}

let service: Service;
beforeAll(async () => {
  service = await Service.start({ clock: '2019-06-10T09:00:00.000Z', web: true });
  await loadProgramme(service.app.get(UnitOfWork), homes());
});
afterAll(() => service?.stop());

const signedIn = (email: string): Promise<WebVisitor> => signIn(service, email);
const AREAS = /^\/(allocations|grants)(\/|\?|$)/;
/** The same file whichever programme. */
const OF_NONE = new Set(['/grants/template.csv']);
const isOfHomes = (href: string): boolean => new URLSearchParams(href.split('?')[1]).get('programme') === 'HOMES';

/** Links and forms of a page that lead on within both areas and forget which programme it was about. */
function forgetful(page: WebPage): string[] {
  const within = page.root
    .querySelectorAll('main a[href], .govuk-back-link')
    .map((one) => one.getAttribute('href') ?? '');
  const links = within.filter((href) => AREAS.test(href) && !OF_NONE.has(href) && !isOfHomes(href));
  const forms = page.root.querySelectorAll('main form').filter((form) => {
    const kept = form.querySelector('input[name=programme]')?.getAttribute('value') === 'HOMES';
    // Without an action a form is sent to the address of its page. A GET form's fields are all of its query.
    const action = form.getAttribute('action') ?? page.path;
    const asks = (form.getAttribute('method') ?? 'get').toLowerCase() === 'get';
    return !kept && (asks || !isOfHomes(action));
  });
  return [...links, ...forms.map((form) => `form ${form.getAttribute('action') ?? ''}`)].map(
    (one) => `${page.path}: ${one}`,
  );
}

/** Follows every link of both areas from here, each address without its programme once. */
async function walk(visitor: WebVisitor, ...from: string[]): Promise<{ wrong: string[]; seen: Set<string> }> {
  const wrong: string[] = [];
  const seen = new Set<string>();
  const left = [...from];
  for (let path = left.shift(); path !== undefined; path = left.shift()) {
    const shape = path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id').replace(/quarters\/\d{4}-Q\d/, 'quarters/:quarter');
    if (seen.has(shape)) continue;
    seen.add(shape);
    if (/\.csv|\/download|\/statement\?/.test(path)) {
      const file = await visitor.raw(path);
      await file.arrayBuffer();
      if (file.status !== 200) wrong.push(`${path}: ${file.status}`);
      continue;
    }
    const page = await visitor.open(path);
    if (page.status !== 200) wrong.push(`${path}: ${page.status}`);
    wrong.push(...forgetful(page));
    const hrefs = page.root.querySelectorAll('main a[href]').map((one) => one.getAttribute('href') ?? '');
    left.push(...hrefs.filter((href) => AREAS.test(href)));
  }
  return { wrong, seen };
}

describe('with several programmes', () => {
  it.each(['/allocations', '/grants', '/allocations/BRENT', '/grants/BRENT'])('%s asks which one', async (path) => {
    const mei = await signedIn(MTM.coordinator);
    const page = await mei.open(path);
    expect([page.status, page.heading]).toEqual([200, 'Which programme?']);
    const chosen = await page.follow('Warm Homes');
    expect([chosen.status, chosen.path]).toEqual([200, `${path}?programme=HOMES`]);
    expect(chosen.text).not.toContain('Targeted training');
  });

  it('is asked for by every page of one programme, instead of an error', async () => {
    const greta = await signedIn(MTM.finance);
    const asked: string[] = [];
    const refused: string[] = [];
    const paths = pageRoutes().filter(({ method, path }) => method === 'GET' && !/:|\.|\/download$/.test(path));
    for (const { path } of paths) {
      const page = await greta.open(path);
      if (page.status === 400 && page.text.includes('programme')) refused.push(path);
      if (page.text.includes('Which programme?')) asked.push(path);
    }
    expect(refused).toEqual([]);
    expect(asked).toEqual(expect.arrayContaining(['/funding', '/allocations', '/grants']));
    const chosen = await (await greta.open('/funding')).follow('Warm Homes');
    expect([chosen.status, chosen.path]).toEqual([200, '/funding?programme=HOMES']);
  });

  it('an authority in one of them is not asked', async () => {
    const page = await (await signedIn(MTM.finance)).open('/allocations/NORTHTON');
    expect([page.heading, page.text.includes('Course days')]).toEqual(['Allocation of Northton', true]);
    expect((await (await signedIn(finance('LINCS'))).open('/grants')).heading).toBe('Your Section 31 grant');
  });
});

describe('a programme that was chosen', () => {
  it('is kept by every link and form of the coordinator: moved days, their list, taking them back', async () => {
    const mei = await signedIn(MTM.coordinator);
    const list = await mei.open('/allocations?programme=HOMES&limit=1');
    expect((await list.follow('Next page')).path).toContain('programme=HOMES');
    expect((await list.press('Filter', { 'Authority’s code': 'BRENT' })).path).toContain('programme=HOMES');
    const form = await (await mei.open('/allocations/BRENT?programme=HOMES')).follow('Move days to Brent');
    const preview = await form.press('See what it changes', {
      'Course days': true,
      'Who gives the days': 'The reserve',
      Days: '1',
    });
    const moved = await preview.press('Move these days', { 'Why are they moved?': 'One course more' });
    expect(moved.notice).toContain('Moved: 1 day of Course days from the reserve to BRENT');
    expect(isOfHomes(moved.path)).toBe(true);
    const moves = await mei.open('/allocations/moves?programme=HOMES');
    expect(moves.rows().map((cells) => cells[1])).toEqual(['Course days']);
    expect((await mei.open('/allocations/moves?programme=EIP2')).text).toContain('No days have been moved.');
    expect((await mei.open('/allocations/moves')).rows().map((cells) => cells[1])).toEqual(['Course days']);

    const { wrong, seen } = await walk(mei, '/allocations?programme=HOMES', moved.path);
    expect(wrong).toEqual([]);
    for (const part of ['/moves/:id?', '/BRENT/course_days?', '/BRENT/moves.csv?', '/undo?', '/totals.csv?'])
      expect([part, [...seen].some((path) => path.includes(part))]).toEqual([part, true]);
  });

  it('is what an authority’s finance officer records for, from page to page', async () => {
    const ada = await signedIn(finance('BRENT'));
    const grant = await ada.open('/grants/BRENT?programme=HOMES');
    expect(grant.heading).toBe('Your Homes grant');
    const form = await grant.follow('Record spending');
    const entry = { 'Quarter it was spent in': 'January to March 2019', Amount: '10', 'What it was for': 'A laptop' };
    const [wrong, saved] = [
      await form.press('Record it', { ...entry, Amount: 'x' }),
      await form.press('Record it', entry),
    ];
    expect([wrong.status, forgetful(wrong)]).toEqual([400, []]);
    expect([saved.path, saved.rows().length]).toEqual(['/grants/BRENT/entries?programme=HOMES', 1]);
    expect((await ada.open('/grants/BRENT/entries?programme=EIP2')).rows()).toEqual([]);
    const corrected = await (
      await saved.follow('Correct')
    ).press('Save the correction', {
      Amount: '9',
      'Why it is corrected': 'A discount',
    });
    expect(corrected.path).toBe('/grants/BRENT/entries?programme=HOMES');
    const quarter = await (await ada.open('/grants/BRENT?programme=HOMES')).follow('January to March 2019');
    expect((await quarter.press('Save', { 'Forecast for the whole quarter': '5' })).path).toBe(
      '/grants/BRENT?programme=HOMES',
    );
    const edited = await (await ada.open('/grants/BRENT/edit?programme=HOMES')).press('Save', {});
    expect(edited.path).toBe('/grants/BRENT?programme=HOMES');

    const { wrong: lost, seen } = await walk(
      ada,
      '/grants/BRENT?programme=HOMES',
      '/allocations/BRENT?programme=HOMES',
    );
    expect(lost).toEqual([]);
    for (const part of ['/quarters/:quarter?', '/entries/new?', '/import?', '/edit?', '/years.csv?', '/statement?'])
      expect([part, [...seen].some((path) => path.includes(part))]).toEqual([part, true]);
  });
});
