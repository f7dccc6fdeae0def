import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { changeState } from '#claims';
import { SummaryTuning, WarnOfClaims } from '#funding';
import { systemActor, UnitOfWork } from '#platform/database';
import { Funding } from '../integration/funding-support.js';
import { finance, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { WebVisitor, type WebPage } from '../support/web.js';

jest.setTimeout(120_000);

let service: Service;
let fin: WebVisitor;
let brent: WebVisitor;

async function signedIn(email: string): Promise<WebVisitor> {
  const visitor = new WebVisitor(service.base);
  await visitor.signIn(email);
  return visitor;
}

beforeAll(async () => {
  service = await Service.start({ web: true });
  const funding = new Funding(service);
  await funding.queue(100_00, 200_00);
  await funding.approved(300_00, 'BRISTOL');
  const [slow, quick] = (await funding.queue(40_00, 60_00)) as [string, string];
  await service.admin.query(`UPDATE claim SET state = 'scheduled' WHERE id = ANY ($1::uuid[])`, [[slow, quick]]);
  const settle = (id: string) => service.app.get(UnitOfWork).run(systemActor, (tx) => changeState(tx, [id], 'settle'));
  service.clock.set('2018-04-20T09:00:00.000Z');
  await settle(quick);
  service.clock.set('2018-06-20T09:00:00.000Z');
  await settle(slow);
  fin = await signedIn(MTM.finance);
  brent = await signedIn(finance('BRENT'));
});
afterAll(() => service?.stop());

const bars = (page: WebPage): string[] => page.root.querySelectorAll('svg.app-chart text').map((one) => one.text);
const sentence = (page: WebPage): string => page.root.querySelector('.govuk-body-l')?.text ?? '';
/** The sentence, the picture's own name and what is under it belong together. */
function expectWhole(page: WebPage): void {
  expect(page.status).toBe(200);
  expect(page.root.querySelector('svg.app-chart')?.getAttribute('aria-label')).toContain(sentence(page).slice(0, 40));
  expect(page.rows().length).toBeGreaterThan(0);
  expect(page.text).toMatch(/As of /);
  expect(page.links().some(({ text }) => text === 'Download as CSV')).toBe(true);
}

describe('reports on the pages', () => {
  it('are listed by what each reader may see', async () => {
    expect((await fin.open('/reports')).text).toContain('Trial balance');
    const own = await brent.open('/reports');
    expect(own.text).toContain('Money coming to you, by month');
    expect(own.text).not.toContain('Trial balance');
    for (const path of ['/reports/accruals', '/reports/trial-balance'])
      expect([path, (await brent.open(path)).status]).toEqual([path, 403]);
  });

  it('tell how old unpaid claims are', async () => {
    const page = await fin.open('/reports/ageing');
    expectWhole(page);
    expect(sentence(page)).toBe(
      '3 claims worth £600.00 are submitted and not paid; 3 claims worth £600.00 are overdue.',
    );
    expect(bars(page)).toContain('£600.00 (3)');
    expect(page.rows().map((row) => [row[0], row.at(-1)])).toEqual([
      ['BRENT', '£300.00'],
      ['BRISTOL', '£300.00'],
    ]);
    const csv = await (await fin.raw('/reports/ageing/download')).text();
    expect(csv).toContain('BRISTOL,overdue,61,,1,0,30000,2018-06-02');
    expect((await brent.open('/reports/ageing')).rows().map((row) => row[0])).toEqual(['BRENT']);
    expect((await fin.open('/reports/ageing?authority=brent')).status).toBe(400);
    const one = await (await fin.open('/reports/ageing')).press('Show', { 'Authority’s code': 'BRISTOL' });
    expect(one.rows().map((row) => row[0])).toEqual(['BRISTOL']);
  });

  it('lead from every sum of a report of ages to the claims it is made of, and to no other', async () => {
    const ageing = await fin.open('/reports/ageing');
    const sums = ageing.root.querySelectorAll('main tbody a').map((one) => one.getAttribute('href')!);
    expect(sums).toEqual(
      ['BRENT', 'BRISTOL'].flatMap((authority) => {
        const all = `/reports/ageing/claims?authority=${authority}`;
        return [all, `${all}&band=overdue`, all];
      }),
    );
    const all = await fin.open('/claims?authority=BRENT');
    const paid = all.rows().filter((row) => row.some((cell) => cell?.startsWith('Paid')));
    expect(paid.length).toBeGreaterThan(0);
    for (const path of sums.slice(0, 3)) {
      const page = await fin.open(path);
      const pounds = page.rows().map((row) => Number(row.find((cell) => cell?.startsWith('£'))!.slice(1)));
      expect([page.heading, pounds.reduce((sum, one) => sum + one, 0)]).toEqual(['Unpaid claims of BRENT', 300]);
      expect(page.rows().map(([name]) => name)).not.toContain(paid[0]![0]);
      expect(await (await fin.raw(path.replace('claims?', 'claims/download?'))).text()).not.toContain(paid[0]![0]);
    }
    const foot = ageing.root.querySelectorAll('main tfoot a').map((one) => one.getAttribute('href')!);
    expect(foot).toEqual(['/reports/ageing/claims?band=overdue', '/reports/ageing/claims']);
    for (const path of foot) {
      const page = await fin.open(path);
      expect([page.heading, page.rows().length]).toEqual(['Unpaid claims', 3]);
      expect(page.rows().map(([name]) => name)).not.toContain(paid[0]![0]);
    }
    expect((await fin.open('/reports/ageing/claims?authority=BRENT&band=0-29')).rows()).toEqual([]);
    expect((await fin.open('/reports/ageing/claims?band=1-2')).status).toBe(400);
    expect((await brent.open('/reports/ageing/claims?authority=BRISTOL')).rows()).toEqual([]);
    expect((await brent.open('/reports/ageing/claims')).rows()).toHaveLength(2);
  });

  it('tell which claims MTM finance was warned of', async () => {
    const empty = await (await fin.open('/reports/ageing')).follow('See which claims MTM finance was warned of');
    expect(empty.text).toContain('Nobody had to be warned yet.');
    expect(await service.app.get(WarnOfClaims, { strict: false }).runIfDue()).toBe(true);
    const page = await (await fin.open('/')).follow('Warnings of unpaid claims');
    const overdue = page.rows().filter((row) => row[2] === 'Overdue');
    expect(overdue.map((row) => [row[1], row[3], row[4]])).toEqual([
      ['BRISTOL', '20 June 2018', 'By e-mail'],
      ...Array.from({ length: 2 }, () => ['BRENT', '20 June 2018', 'By e-mail']),
    ]);
    const one = await page.press('Show', { 'Days reached': 'overdue', 'Authority’s code': 'bristol' });
    expect(one.path).toBe('/reports/warnings?on=&level=overdue&authority=bristol');
    expect(one.rows()).toHaveLength(1);
    const csv = await fin.raw(one.links().find(({ text }) => text === 'Download as CSV')!.href);
    expect(await csv.text()).toMatch(
      /^\ufeff?warnedOn,level,toldAs,.*\r\n2018-06-20,overdue,overdue,BRISTOL,EIP2-BRISTOL-/,
    );
    const { rows } = await service.admin.query<{ page: string }>(
      `SELECT DISTINCT letter ->> 'page' AS page FROM delivery WHERE notice_key LIKE 'payment-clock:%'`,
    );
    expect(rows).toHaveLength(1);
    expect((await fin.open(rows[0]!.page)).rows()).toEqual(overdue);
    expect((await fin.open(rows[0]!.page.replace('EIP2', 'OTHER'))).rows()).toEqual([]);
    const wrong = await fin.open('/reports/warnings?level=old');
    expect([wrong.status, wrong.value('Days reached')]).toEqual([400, 'old']);
    expect((await brent.open('/reports/warnings')).status).toBe(403);
    expect((await brent.open('/reports/ageing')).text).not.toContain('was warned of');
  });

  it('tell how long payments took, by month and authority', async () => {
    const page = await fin.open('/reports/payment-times');
    expectWhole(page);
    expect(sentence(page)).toBe('1 of 2 claims paid from June 2017 to June 2018 was paid within 60 days: 50%.');
    expect(page.rows()).toEqual([
      ['April 2018', '1', '£60.00', '1 (100%)', '17 days', '17 days'],
      ['June 2018', '1', '£40.00', '0 (0%)', '78 days', '78 days'],
    ]);
    const month = await page.follow('June 2018');
    expect(month.rows().at(-1)).toEqual(['BRENT', '1', '£40.00', '0 (0%)', '78 days', '78 days']);
    const own = await (await fin.open('/reports/payment-times?authority=BRENT')).follow('June 2018');
    expect(own.path).toBe('/reports/payment-times?authority=BRENT&from=2018-06&to=2018-06');
    const wrong = await fin.open('/reports/payment-times?from=May');
    expect([wrong.status, wrong.errors, wrong.value('From month')]).toEqual([
      ...[400, ['Enter a year and a month, like 2018-05.'], 'May'],
    ]);
    expect(await (await fin.raw('/reports/payment-times/download?to=2018-05')).text()).toContain(
      '2018-04,BRENT,1,6000',
    );
  });

  it('forecast the cash by month, and an authority what comes to it', async () => {
    const page = await fin.open('/reports/cash');
    expectWhole(page);
    expect(sentence(page)).toContain('for 3 claims worth £600.00 no date is known yet');
    expect(page.rows()).toEqual([['June 2018', '0', '£0.00', '3', '£600.00', '£600.00']]);
    const own = await brent.open('/reports/cash');
    expect([own.heading, own.rows()[0]?.at(-1)]).toEqual(['Money coming to you, by month', '£300.00']);
    expect(await (await brent.raw('/reports/cash/download')).text()).not.toContain('BRISTOL');
  });

  it('tell accruals at the end of any day', async () => {
    const page = await fin.open('/reports/accruals');
    expectWhole(page);
    expect(sentence(page)).toBe('£600.00 had been delivered and not paid now, £0.00 of it not claimed yet.');
    const then = await page.press('Show', { 'At the end of': '2018-04-10' });
    expect(sentence(then)).toContain('£700.00 had been delivered and not paid at the end of 10 April 2018');
    expect(then.value('At the end of')).toBe('2018-04-10');
    expect((await fin.open('/reports/accruals?day=10/4/2018')).status).toBe(400);
    expect(await (await fin.raw('/reports/accruals/download?day=2018-04-10')).text()).toContain('BRISTOL,targeted');
  });

  it('tell what the books came to, and what an authority is owed', async () => {
    const trial = await fin.open('/reports/trial-balance');
    expectWhole(trial);
    expect(sentence(trial)).toMatch(/^MTM’s books balance: /);
    expect(trial.rows().map((row) => row[0])).toContain('liabilities:payable:BRENT');
    const earlier = await fin.open('/reports/trial-balance?day=2018-01-31');
    expect(sentence(earlier)).toBe('Nothing has been posted yet.');
    const asked = await fin.open('/reports/statement');
    expect(asked.text).toContain('Enter the code of an authority');
    const page = await asked.press('Show', { 'Authority’s code': 'bristol' });
    expect(sentence(page)).toBe('MTM owes BRISTOL £300.00: what is approved and not paid yet.');
    expect(page.rows()).toEqual([['3 April 2018', expect.stringContaining('EIP2-BRISTOL-'), '£300.00', '£300.00']]);
    expect(await (await fin.raw('/reports/statement/download?authority=BRISTOL')).text()).toContain('EIP2-BRISTOL-');
    expect(sentence(await brent.open('/reports/statement'))).toMatch(/^MTM owes you £/);
    // An authority’s own, whatever it asks for.
    expect((await brent.open('/reports/statement?authority=BRISTOL')).text).not.toContain('EIP2-BRISTOL-');
    expect((await fin.open('/reports/statement?authority=NOWHERE')).status).toBe(404);
  });

  it('say that they are of a day’s summary where there is much to add up', async () => {
    const tuning = service.app.get(SummaryTuning, { strict: false });
    tuning.liveUpTo = 0;
    for (const path of ['ageing', 'payment-times', 'cash']) {
      const page = await fin.open(`/reports/${path}`);
      expectWhole(page);
      expect(page.text).toContain('As of 20 June 2018 at 10:00am: these figures are added up once a day.');
    }
    expect((await fin.open('/reports/accruals')).text).toContain('As of the end of 19 June 2018');
    expect((await fin.open('/funding')).text).toContain('they are added up once a day');
  });
});
