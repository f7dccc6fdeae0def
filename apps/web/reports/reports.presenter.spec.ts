import { describe, expect, it } from '@jest/globals';
import { type AccrualsSummary, type AgeingSummary, type TimesSummary } from '#funding';
import { accrualsPage } from './accruals.presenter.js';
import { ageingPage } from './ageing.presenter.js';
import { statementPage, trialBalancePage } from './books.presenter.js';
import { cashPage } from './cash.presenter.js';
import { timesPage } from './times.presenter.js';

const OF = { programme: 'EIP2', payer: 'MTM', funder: 'DfE', withinDays: 60 };
const NOW = { asOf: '2018-04-03T09:00:00.000Z', daily: false };

const BANDS = [
  { band: '0-29', fromDays: 0, toDays: 29 },
  { band: 'overdue', fromDays: 61, toDays: null },
];
const ageing = (amounts: Record<string, [number, number]>): AgeingSummary => {
  const rows = Object.entries(amounts).flatMap(([authority, pence]) =>
    BANDS.map((band, at) => ({
      ...band,
      ...{ authority, amountPence: pence[at]!, claimCount: pence[at]! > 0 ? 1 : 0, heldCount: 0, firstDueOn: null },
    })),
  );
  const sum = (of: typeof rows) => ({
    claimCount: of.reduce((total, { claimCount }) => total + claimCount, 0),
    amountPence: of.reduce((total, { amountPence }) => total + amountPence, 0),
  });
  return {
    ...OF,
    ...NOW,
    rows,
    bands: BANDS,
    overdue: sum(rows.filter(({ toDays }) => toDays === null)),
    total: sum(rows),
  };
};

describe('how old unpaid claims are', () => {
  it('is a sentence, a bar a band and a row an authority, which add up alike', () => {
    const page = ageingPage(ageing({ BRENT: [100_00, 50_00], BRISTOL: [0, 25_00] }), {});
    expect(page.sentence).toBe('3 claims worth £175.00 are submitted and not paid; 2 claims worth £75.00 are overdue.');
    expect(page.chart.labels.map(({ text }) => text)).toEqual([
      '0 to 29 days',
      '£100.00 (1)',
      'Overdue (over 60 days)',
      '£75.00 (2)',
    ]);
    expect(page.chart.bars.map(({ kind }) => kind)).toEqual(['usual', 'warning']);
    expect(page.tables[0]?.rows[1]?.map(({ text }) => text)).toEqual(['BRISTOL', '–', '£25.00', '£25.00']);
    expect(page.tables[0]?.foot.map(({ text }) => text)).toEqual(['All', '£100.00', '£75.00', '£175.00']);
  });

  it('leads from every sum to the claims it is made of', () => {
    const leads = (filters: Record<string, string>) =>
      ageingPage(ageing({ BRENT: [100_00, 0] }), filters).tables[0]?.rows[0]?.map(
        (cell) => 'href' in cell && cell.href,
      );
    const at = '/reports/ageing/claims';
    expect(leads({})).toEqual([
      ...[`${at}?authority=BRENT`, `${at}?authority=BRENT&band=0-29`, false, `${at}?authority=BRENT`],
    ]);
    expect(leads({ programme: 'EIP2', authority: 'BRENT' })?.[1]).toBe(
      `${at}?programme=EIP2&authority=BRENT&band=0-29`,
    );
    // The sums of all, of one authority where the report is of one; nothing is made of no claim.
    const foot = (filters: Record<string, string>) =>
      ageingPage(ageing({ BRENT: [100_00, 0] }), filters).tables[0]?.foot.map((cell) => 'href' in cell && cell.href);
    expect(foot({})).toEqual([false, `${at}?band=0-29`, false, at]);
    expect(foot({ programme: 'EIP2', authority: 'BRENT', cursor: 'x' })).toEqual([
      ...[false, `${at}?programme=EIP2&authority=BRENT&band=0-29`, false, `${at}?programme=EIP2&authority=BRENT`],
    ]);
  });

  it('says so when nothing waits, and speaks of one as of one', () => {
    expect(ageingPage(ageing({}), {})).toMatchObject({ sentence: 'No claim is waiting to be paid.', tables: [] });
    expect(ageingPage(ageing({ BRENT: [1_00, 0] }), {}).sentence).toBe(
      '1 claim worth £1.00 is submitted and not paid; none is older than 60 days.',
    );
  });
});

describe('how long payments took', () => {
  const item = (month: string, authority: string | null, inTimeCount: number, claimCount = 2) => ({
    ...{ month, authority, claimCount, amountPence: 100_00, inTimeCount },
    inTimePercent: ((100 * inTimeCount) / claimCount).toFixed(1),
    ...{ medianDays: 1, p90Days: 61 },
  });
  const report = (rows: TimesSummary['rows'], from = '2018-04', to = '2018-05'): TimesSummary => ({
    ...{ ...OF, ...NOW, rows, from, to },
  });

  it('adds all authorities’ months up, and shows each authority of a single month', () => {
    const rows = [item('2018-04', null, 1), item('2018-04', 'BRENT', 1)];
    const year = timesPage(report(rows), {});
    expect(year.sentence).toBe('1 of 2 claims paid from April 2018 to May 2018 was paid within 60 days: 50%.');
    expect(year.tables.map(({ caption }) => caption)).toEqual(['By month of the payment']);
    const month = timesPage(report(rows, '2018-04', '2018-04'), {});
    expect(month.sentence).toContain('in April 2018');
    expect(month.tables.map(({ caption }) => caption)).toEqual(['By month of the payment', 'By authority']);
    expect(month.tables[1]?.rows[0]?.map(({ text }) => text)).toEqual([
      'BRENT',
      '2',
      '£100.00',
      '1 (50%)',
      '1 day',
      '61 days',
    ]);
  });

  it('keeps what it was asked for in its links', () => {
    const of = (rows: TimesSummary['rows'], filters: Record<string, string>, to = '2018-05') =>
      timesPage(report(rows, '2018-04', to), filters).tables.map(({ rows: [row] }) => row?.[0]);
    const filters = { programme: 'EIP2', authority: 'BRENT', from: '2018-04' };
    expect(of([item('2018-04', 'BRENT', 2)], filters)).toMatchObject([
      { href: '/reports/payment-times?programme=EIP2&authority=BRENT&from=2018-04&to=2018-04' },
    ]);
    const month = { from: '2018-04', to: '2018-04', programme: 'EIP2' };
    expect(of([item('2018-04', null, 2), item('2018-04', 'BRENT', 2)], month, '2018-04')).toMatchObject([
      { href: '/reports/payment-times?from=2018-04&to=2018-04&programme=EIP2' },
      { href: '/reports/payment-times?from=2018-04&to=2018-04&programme=EIP2&authority=BRENT' },
    ]);
  });

  it('shows an authority, which has no rows of all, its own', () => {
    const page = timesPage(report([item('2018-04', 'BRENT', 2)]), {});
    expect([page.sentence, page.chart.bars.length]).toEqual([
      '2 of 2 claims paid from April 2018 to May 2018 were paid within 60 days: 100%.',
      1,
    ]);
    expect(timesPage(report([]), {})).toMatchObject({
      tables: [],
      sentence: 'No claim was paid from April 2018 to May 2018.',
    });
  });
});

describe('the cash forecast', () => {
  it('keeps what is expected and what is only due apart, and adds them up', () => {
    const row = (month: string, basis: 'expected' | 'due', amountPence: number) => ({
      ...{ authority: 'BRENT', month, basis, claimCount: 1, amountPence },
    });
    const rows = [row('2018-06', 'due', 5_00), row('2018-05', 'expected', 10_00), row('2018-06', 'expected', 1_00)];
    const page = cashPage({ ...OF, ...NOW, rows }, false);
    expect(page.sentence).toBe(
      'MTM should pay £11.00 for 2 claims by the dates expected now; for 1 claim worth £5.00 no date is known yet, and the due date counts.',
    );
    expect(page.chart.labels.map(({ text }) => text)).toEqual([
      ...['May 2018', '£10.00', 'June 2018', '£1.00', 'June 2018, due', '£5.00'],
    ]);
    expect(page.tables[0]?.foot.map(({ text }) => text)).toEqual(['All', '2', '£11.00', '1', '£5.00', '£16.00']);
    expect(cashPage({ ...OF, ...NOW, rows: [] }, true)).toMatchObject({
      tables: [],
      heading: 'Money coming to you, by month',
    });
  });
});

describe('accruals', () => {
  const line = (authority: string, label: string, deliveredPence: number, fundedPence: number) => ({
    ...{ authority, category: label, label, deliveredPence, submittedPence: 0, approvedPence: 0, fundedPence },
    totalPence: deliveredPence + fundedPence,
  });
  const report: AccrualsSummary = {
    ...{ ...OF, day: '2018-03-31', asOf: '2018-03-31' },
    lines: [line('BRENT', 'Travel', 1_00, 2_00), line('BRISTOL', 'Travel', 0, 4_00)],
  };

  it('are shown by authority and category, of one authority by category', () => {
    const page = accrualsPage(report, null);
    expect(page.sentence).toBe(
      '£7.00 had been delivered and not paid at the end of 31 March 2018, £1.00 of it not claimed yet.',
    );
    expect(page.tables.map(({ caption }) => caption)).toEqual(['By authority', 'By category']);
    expect(page.tables.map(({ foot }) => foot.at(-1)?.text)).toEqual(['£7.00', '£7.00']);
    expect(accrualsPage(report, 'BRENT').tables.map(({ caption }) => caption)).toEqual(['By category']);
    expect(accrualsPage({ ...report, lines: [] }, null).tables).toEqual([]);
  });
});

describe('the books', () => {
  it('say on which side each account is, and whether they balance', () => {
    const account = (name: string, balancePence: number) => ({
      ...{
        account: name,
        debitPence: Math.max(0, balancePence),
        creditPence: Math.max(0, -balancePence),
        balancePence,
      },
    });
    const asOf = '2018-04-03T09:00:00.000Z';
    const page = trialBalancePage(
      { asOf, accounts: [account('assets:cash', 5_00), account('income:grant', -5_00)] },
      'MTM',
    );
    expect(page.sentence).toBe('MTM’s books balance: £5.00 was debited and as much was credited.');
    expect(page.tables[0]?.rows.map((cells) => cells.at(-1)?.text)).toEqual(['£5.00 debit', '£5.00 credit']);
    expect(trialBalancePage({ asOf, accounts: [account('assets:cash', 1)] }, 'MTM').sentence).toContain(
      'do not balance',
    );
  });

  it('say who owes whom', () => {
    const statement = { authority: 'BRENT', openingPence: 0, closingPence: 5_00, items: [], nextCursor: null };
    const said = (closingPence: number, own: boolean) =>
      statementPage({ ...statement, closingPence }, { payer: 'MTM', own, from: '', to: '' }).sentence;
    expect(said(5_00, true)).toBe('MTM owes you £5.00: what is approved and not paid yet.');
    expect(said(0, false)).toBe('MTM owes BRENT nothing.');
    expect(said(-3_00, true)).toBe('You owe MTM £3.00.');
  });
});
