import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Claims, finance, manager, MTM, simpleBody } from '../integration/claims-support.js';
import { Service } from '../support/service.js';
import { WebVisitor, type WebPage } from '../support/web.js';
import { signedIn as signIn } from './bank-visitor.js';

let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start({ web: true });
  claims = new Claims(service);
});
afterAll(() => service.stop());

const signedIn = (email: string): Promise<WebVisitor> => signIn(service, email);
const LEADER = 'Practice leader development';
const row = (page: WebPage, first: string): string[] | undefined => page.rows().find(([name]) => name?.includes(first));

/** The coordinator looks at a move. */
async function looked(of: { category?: string; from?: string; to?: string; days: string }): Promise<WebPage> {
  const mei = await signedIn(MTM.coordinator);
  const form = await mei.open('/allocations/move');
  return form.press('See what it changes', {
    [of.category ?? LEADER]: true,
    'Who gives the days': of.from ?? 'The reserve',
    'Who gets the days': of.to ?? 'Brent',
    Days: of.days,
  });
}

async function reserve(): Promise<string> {
  const { rows } = await service.admin.query<{ days: string }>(
    `SELECT reserve_days::float8::text AS days FROM allocation_pool WHERE category = 'practice_leader'`,
  );
  return rows[0]!.days;
}

describe('an authority’s allocation', () => {
  it('shows what is left by category, and which claims drew on it', async () => {
    const approved = await claims.approved(simpleBody('BRENT'));
    const submitted = await claims.submitted(simpleBody('BRENT', { trainerDays: '1', netPence: 100_000 }));
    const page = await (await signedIn(finance('BRENT'))).open('/allocations');
    expect([page.path, page.heading]).toEqual(['/allocations/BRENT', 'Your allocation']);
    expect(page.text).toContain(
      '8.5 days left of 10: 0.5 days used by approved claims, 1 day reserved by claims not yet approved.',
    );
    expect(row(page, 'Targeted')?.slice(1)).toEqual(['10', '0', '1', '0.5', '8.5']);
    const bar = page.root.querySelector('svg.app-chart');
    expect(bar?.getAttribute('aria-label')).toContain('days left of');
    const draws = await page.follow('Targeted training');
    expect(draws.rows().map(([, what, amount, claim]) => [what, amount, claim])).toEqual([
      ['Reserved at submission', '1', submitted.invoiceNumber],
      ['Used at approval', '0.5', approved.invoiceNumber],
      ['Reserved at submission', '0.5', approved.invoiceNumber],
    ]);
    const file = await draws.follow('Download as CSV');
    expect(file.html.split('\r\n')[0]).toMatch(/at,kind,days,invoiceNumber,claimId$/);
    expect(file.html.trim().split('\r\n')).toHaveLength(4);
    const all = await page.follow('Download the allocation as CSV');
    expect(all.html).toContain('BRENT,Brent,targeted,Targeted training,10,0,10,1,0.5,8.5');
  });

  it('is nobody else’s to see, and nobody but the coordinator moves its days', async () => {
    const leo = await signedIn(manager('LINCS'));
    expect((await leo.open('/allocations/LINCS')).status).toBe(200);
    expect((await leo.open('/allocations/BRENT')).status).toBe(404);
    expect((await leo.open('/allocations/BRENT/targeted')).status).toBe(404);
    expect((await leo.open('/allocations/download')).html).not.toContain('BRENT');
    for (const email of [finance('LINCS'), MTM.finance, MTM.auditor]) {
      const person = await signedIn(email);
      expect((await person.open('/allocations/move')).status).toBe(403);
      const own = await person.open('/allocations/LINCS');
      expect(own.links().filter(({ href }) => href.startsWith('/allocations/move?'))).toEqual([]);
    }
  });
});

describe('all allocations', () => {
  it('stand in one table, by category and by what is left, and as a file', async () => {
    const mia = await signedIn(MTM.finance);
    const page = await mia.open('/allocations');
    expect(page.text).toContain('All authorities together');
    const filtered = await page.press('Filter', { Category: LEADER, 'Authority’s code': 'LINCS' });
    expect(filtered.path).toContain('category=practice_leader');
    const [, table] = filtered.root.querySelectorAll('table');
    expect(table?.querySelectorAll('tbody tr')).toHaveLength(1);
    const none = await mia.open('/allocations?low=true&authority=LINCS&category=targeted');
    expect(none.text).toContain('No allocation matches these filters.');
    const wrong = await mia.open('/allocations?category=%21');
    expect([wrong.status, wrong.errors.length]).toEqual([400, 1]);
    const { rows } = await service.admin.query<{ n: string }>('SELECT count(*) AS n FROM allocation');
    const file = await mia.open('/allocations/download');
    expect(file.html.trim().split('\r\n')).toHaveLength(Number(rows[0]!.n) + 1);
    expect((await mia.open('/allocations/totals.csv')).html).toContain('practice_leader');
  });
});

describe('moving days', () => {
  it('shows both ends before and after, moves once, tells it, and takes it back', async () => {
    const before = await reserve();
    const preview = await looked({ days: '1.5' });
    expect(preview.text).toContain(`1.5 days of ${LEADER} from the reserve to BRENT`);
    expect(row(preview, 'The reserve')?.slice(1)).toEqual([
      ...[before, String(Number(before) - 1.5), '0'],
      ...[before, String(Number(before) - 1.5)],
    ]);
    const missing = await preview.press('Move these days');
    expect([missing.status, missing.errors]).toEqual([400, ['Say why the days are moved. Both ends read it.']]);
    const [moved, again] = await Promise.all([
      missing.press('Move these days', { 'Why are they moved?': 'A ninth group' }),
      missing.press('Move these days', { 'Why are they moved?': 'A ninth group' }),
    ]);
    expect(moved.path).toBe(again.path);
    expect(`${moved.notice} ${again.notice}`).toContain(`Moved: 1.5 days of ${LEADER} from the reserve to BRENT`);
    expect(await reserve()).toBe(String(Number(before) - 1.5));

    const undo = await moved.follow('Undo this move');
    expect(undo.text).toContain(`1.5 days of ${LEADER} from BRENT to the reserve`);
    expect(undo.value('Why are they moved?')).toMatch(/^Undoes the move of \d+ \w+ \d{4}:/);
    const undone = await undo.press('Move these days', { 'Why are they moved?': 'Undoes it: the wrong authority' });
    expect(undone.notice).toContain('from BRENT to the reserve');
    expect(await reserve()).toBe(before);
    const ada = await signedIn(finance('BRENT'));
    const own = await ada.open('/allocations');
    expect(own.text).toContain('Undoes it: the wrong authority');
    expect((await ada.open(undone.path)).status).toBe(200);
    expect((await (await signedIn(finance('LINCS'))).open(undone.path)).status).toBe(404);
    expect((await ada.open('/allocations/moves/download')).html).toContain('A ninth group');
  });

  it('refuses what is drawn, in the preview already, and warns of what it leaves', async () => {
    await claims.submitted(simpleBody('NORFOLK'));
    const much = await looked({ category: 'Targeted training', from: 'Norfolk', days: '10' });
    expect(much.text).toContain('This cannot be done: NORFOLK has 9.5 days left in this category; 10 cannot be moved.');
    expect(much.root.querySelectorAll('main button')).toEqual([]);
    const all = await looked({ category: 'Targeted training', from: 'Norfolk', days: '9.5' });
    expect(all.text).toContain('NORFOLK has no days of Targeted training left then');
  });

  it('moves nothing when a claim drew on the days since they were looked at', async () => {
    const preview = await looked({ category: 'Targeted training', from: 'Suffolk', days: '1' });
    await claims.submitted(simpleBody('SUFFOLK'));
    const late = await preview.press('Move these days', { 'Why are they moved?': 'Agreed with both' });
    expect([late.status, late.errors]).toEqual([
      400,
      ['The days were drawn on or moved since you looked, so nothing was moved. Look at how they stand now.'],
    ]);
    expect(late.value('Why are they moved?')).toBe('Agreed with both');
    expect(row(late, 'SUFFOLK')?.slice(3, 5)).toEqual(['0.5', '9.5']);
    const done = await late.press('Move these days');
    expect(done.notice).toContain('from SUFFOLK to BRENT');
  });

  it('says what is missing beside its field, and keeps the rest', async () => {
    const mei = await signedIn(MTM.coordinator);
    const empty = await (await mei.open('/allocations/move')).press('See what it changes', { Days: 'two' });
    expect([empty.status, empty.errors.slice(0, 3)]).toEqual([
      400,
      ['Choose a category.', 'Choose who gives the days.', 'Choose who gets the days.'],
    ]);
    expect(empty.value('Days')).toBe('two');
    const wrong = await looked({ days: 'two' });
    expect([wrong.status, wrong.errors.length]).toEqual([400, 1]);
    expect((await looked({ from: 'Brent', days: '1' })).errors).toEqual(['Choose another than who gives the days.']);
  });
});
