import { Module } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { changeState } from '#claims';
import { DailySummaries, SummariesModule, SummaryReports, SummaryTuning } from '#funding';
import { findActor } from '#identity';
import { addDays, sumPence } from '#kernel';
import { systemActor, UnitOfWork, type Actor } from '#platform/database';
import { Service } from '../support/service.js';
import { finance, MTM, type Items } from './claims-support.js';
import { bodyWorth, Funding } from './funding-support.js';

@Module({ imports: [SummariesModule] })
class WithSummaries {}

let service: Service;
let funding: Funding;
let reports: SummaryReports;
let summaries: DailySummaries;
let tuning: SummaryTuning;
let mtm: Actor;
let brent: Actor;
const USUAL = new SummaryTuning().liveUpTo;

beforeAll(async () => {
  service = await Service.start({ modules: [WithSummaries] });
  funding = new Funding(service);
  const get = <T>(type: new (...parts: never[]) => T): T => service.app.get(type as never, { strict: false });
  reports = get(SummaryReports);
  summaries = get(DailySummaries);
  tuning = get(SummaryTuning);
  const actorOf = (email: string) => service.app.get(UnitOfWork).read(systemActor, (tx) => findActor(tx, email));
  mtm = await actorOf(MTM.finance);
  brent = await actorOf(finance('BRENT'));
});
afterAll(() => service?.stop());
beforeEach(async () => {
  tuning.liveUpTo = USUAL;
  await service.admin.query('DELETE FROM daily_summary');
});

const at = (iso: string): void => {
  service.clock.set(iso);
  service.signInAgain();
};

describe('reports for people to read', () => {
  it('add up what is open while there is little, and say that they are of now', async () => {
    const [waiting] = (await funding.queue(100_00)) as [string];
    await funding.queue(200_00);
    await funding.approved(50_00, 'BRISTOL');
    const held = (await funding.approved(70_00)).id;
    await funding.claims.step(MTM.finance, held, 'hold', { reason: 'A question' });
    await funding.submittedRequest({ claimIds: [waiting] });
    const found = await reports.funding(mtm, {});
    expect(found).toMatchObject({ daily: false, asOf: '2018-04-03T09:00:00.000Z', payer: 'MTM', funder: 'DfE' });
    expect(
      found.rows.map(({ authority, stage, claimCount, amountPence }) => [authority, stage, claimCount, amountPence]),
    ).toEqual([
      ['BRENT', 'asked', 1, 100_00],
      ['BRENT', 'held', 1, 70_00],
      ['BRENT', 'not_asked', 1, 200_00],
      ['BRISTOL', 'not_asked', 1, 50_00],
    ]);
    expect(found.money).toMatchObject({ openCount: 1, openPence: 100_00, openReceivedPence: 0, unallocatedPence: 0 });
    const ageing = await reports.ageing(mtm, {});
    expect([ageing.total, ageing.overdue.claimCount]).toEqual([{ claimCount: 4, amountPence: 420_00 }, 0]);
    expect((await service.admin.query('SELECT 1 FROM daily_summary')).rowCount).toBe(0);
  });

  it('read the day’s summary when there is much, which stays as it was until the next day', async () => {
    tuning.liveUpTo = 0;
    const first = await reports.ageing(mtm, {});
    expect(first).toMatchObject({ daily: true, asOf: '2018-04-03T09:00:00.000Z' });
    await funding.queue(11_00);
    at('2018-04-03T17:00:00.000Z');
    expect(await reports.ageing(mtm, {})).toEqual(first);
    expect(await summaries.runIfDue()).toBe(true);
    expect(await summaries.runIfDue()).toBe(false);
    const second = await reports.ageing(mtm, {});
    expect(second).toMatchObject({ daily: true, asOf: '2018-04-03T17:00:00.000Z' });
    expect(second.total.amountPence).toBe(first.total.amountPence + 11_00);
    at('2018-04-04T00:05:00.000Z');
    expect([await summaries.runIfDue(), (await reports.ageing(mtm, {})).asOf]).toEqual([
      true,
      '2018-04-04T00:05:00.000Z',
    ]);
    const days = await service.admin.query<{ day: string }>(
      `SELECT DISTINCT day::text FROM daily_summary WHERE name <> 'accruals'`,
    );
    expect(days.rows).toEqual([{ day: '2018-04-04' }]);
  });

  it('show an authority its own part alone, from a summary too', async () => {
    for (const liveUpTo of [USUAL, 0]) {
      tuning.liveUpTo = liveUpTo;
      const { rows } = await reports.ageing(brent, {});
      expect(new Set(rows.map(({ authority }) => authority))).toEqual(new Set(['BRENT']));
      expect((await reports.ageing(brent, { authority: 'BRISTOL' })).rows).toEqual([]);
      await expect(reports.funding(brent, {})).rejects.toMatchObject({ kind: 'forbidden' });
      await expect(reports.accruals(brent, {})).rejects.toMatchObject({ kind: 'forbidden' });
    }
  });

  it('forecast the same months as the payment queue tells claim by claim', async () => {
    // The funder has paid once, three weeks after it was asked; then some of each are waiting.
    const [paid] = (await funding.queue(30_00)) as [string];
    const asked = await funding.submittedRequest({ claimIds: [paid] });
    at('2018-04-24T09:00:00.000Z');
    const body = { ...funding.body(30_00, asked.id), receivedOn: '2018-04-24' };
    const receipt = await service.post<{ id: string }>(MTM.finance, '/funding-receipts', body);
    await funding.confirm(receipt.body.id);
    const submitted = await funding.claims.submitted(bodyWorth('BRENT', 90_00));
    for (const liveUpTo of [USUAL, 0]) {
      tuning.liveUpTo = liveUpTo;
      const { rows } = await reports.cashForecast(mtm, {});
      const queue = (
        await service.get<Items<{ amountPence: number; expectedPaymentOn: string | null; dueOn: string }>>(
          MTM.finance,
          '/payment-queue?limit=200',
        )
      ).body.items;
      const expected = new Map<string, number>();
      const put = (month: string, basis: string, pence: number) =>
        expected.set(`${month} ${basis}`, (expected.get(`${month} ${basis}`) ?? 0) + pence);
      for (const { expectedPaymentOn, dueOn, amountPence } of queue) {
        put((expectedPaymentOn ?? dueOn).slice(0, 7), expectedPaymentOn ? 'expected' : 'due', amountPence);
      }
      put(addDays('2018-04-24', 60).slice(0, 7), 'due', 90_00);
      const found = new Map<string, number>();
      for (const { month, basis, amountPence } of rows) {
        found.set(`${month} ${basis}`, (found.get(`${month} ${basis}`) ?? 0) + amountPence);
      }
      expect(found).toEqual(expected);
      expect([...found.keys()].some((key) => key.endsWith('expected'))).toBe(true);
      expect((await reports.cashForecast(brent, {})).rows.every(({ authority }) => authority === 'BRENT')).toBe(true);
    }
    expect(submitted.state).toBe('submitted');
  });

  it('tell payment times by month as the report does, live and from a summary', async () => {
    const [id] = (await funding.queue(44_00)) as [string];
    await service.admin.query(`UPDATE claim SET state = 'scheduled' WHERE id = $1`, [id]);
    at('2018-05-20T09:00:00.000Z');
    await service.app.get(UnitOfWork).run(systemActor, (tx) => changeState(tx, [id], 'settle'));
    const { body } = await service.get<Items<object>>(MTM.finance, '/reports/payment-times');
    const wanted = { from: '2018-05', to: '2018-05' };
    for (const liveUpTo of [USUAL, 0]) {
      tuning.liveUpTo = liveUpTo;
      expect((await reports.paymentTimes(mtm, wanted)).rows).toEqual(body.items);
      const own = (await reports.paymentTimes(brent, wanted)).rows;
      expect(own.map(({ authority, claimCount }) => [authority, claimCount])).toEqual([['BRENT', 1]]);
      expect((await reports.paymentTimes(mtm, { from: '2018-01', to: '2018-04' })).rows).toEqual([]);
    }
    await expect(reports.paymentTimes(mtm, { from: '2018-13' })).rejects.toMatchObject({ kind: 'malformed' });
  });

  it('keep the accruals of a day that is over, which are as the books have them', async () => {
    const { body } = await service.get<{ lines: { totalPence: number }[]; totals: { totalPence: number } }>(
      MTM.finance,
      '/ledger/accruals?asOf=2018-04-10',
    );
    const first = await reports.accruals(mtm, { day: '2018-04-10' });
    expect(first).toMatchObject({ day: '2018-04-10', lines: body.lines });
    const kept = await service.admin.query(
      `SELECT 1 FROM daily_summary WHERE name = 'accruals' AND day = '2018-04-10'`,
    );
    expect(kept.rowCount).toBeGreaterThan(0);
    expect(await reports.accruals(mtm, { day: '2018-04-10' })).toEqual(first);
    expect(sumPence(first.lines.map(({ totalPence }) => totalPence))).toBe(body.totals.totalPence);
    // Of today: as of now while there is little, of yesterday when there is much.
    expect((await reports.accruals(mtm, {})).day).toBeNull();
    tuning.liveUpTo = 0;
    expect((await reports.accruals(mtm, {})).day).toBe('2018-05-19');
  });
});
