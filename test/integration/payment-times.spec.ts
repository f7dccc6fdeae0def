import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changeState } from '#claims';
import type { ClaimEvent } from '#claims/domain';
import { addDays } from '#kernel';
import { systemActor, UnitOfWork } from '#platform/database';
import { Service, type Reply } from '../support/service.js';
import { finance, MTM, refusal } from './claims-support.js';
import { Funding } from './funding-support.js';

interface Item {
  month: string;
  authority: string | null;
  claimCount: number;
  amountPence: number;
  inTimeCount: number;
  inTimePercent: string;
  medianDays: number;
  p90Days: number;
}
type Report = { from: string; to: string; withinDays: number; items: Item[] };

describe('payment times', () => {
  let service: Service;
  let funding: Funding;

  beforeAll(async () => {
    service = await Service.start();
    funding = new Funding(service);
  });
  afterAll(() => service?.stop());

  const at = (date: string, time = '12:00'): void => {
    service.clock.set(`${date}T${time}:00.000Z`);
    service.signInAgain();
  };
  const step = (ids: string[], event: ClaimEvent) =>
    service.app.get(UnitOfWork).run(systemActor, (tx) => changeState(tx, ids, event));
  /** Behind everybody's back up to the payment run; paid as the bank's statement has it. */
  async function paid(id: string, on: string, time?: string): Promise<void> {
    await service.admin.query(`UPDATE claim SET state = 'scheduled' WHERE id = $1`, [id]);
    at(on, time);
    await step([id], 'settle');
  }
  const read = async (by: string, query = ''): Promise<Report> => {
    const answer = await service.get<Report>(by, `/reports/payment-times${query}`);
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    return answer.body;
  };
  const paidAt = async (id: string) =>
    (await service.admin.query<{ at: Date | null }>('SELECT paid_at AS at FROM claim WHERE id = $1', [id])).rows[0]!.at;

  it('are the share paid in time, the median and the ninetieth percentile, by month and authority', async () => {
    const days = [10, 20, 30, 40, 50, 55, 58, 60, 61, 90];
    for (const [at_, after] of days.entries()) {
      at('2018-04-03');
      const { id } = await funding.approved(1000 + at_, at_ % 2 === 0 ? 'BRENT' : 'BRISTOL');
      await paid(id, addDays('2018-04-03', after));
    }
    at('2018-07-31');
    const all = await read(MTM.auditor);
    expect(all).toMatchObject({ from: '2017-07-31', to: '2018-07-31', withinDays: 60 });
    expect(all.items.map(({ month, authority, claimCount }) => [month, authority, claimCount])).toEqual([
      ['2018-04', null, 2],
      ['2018-04', 'BRENT', 1],
      ['2018-04', 'BRISTOL', 1],
      ['2018-05', null, 5],
      ['2018-05', 'BRENT', 3],
      ['2018-05', 'BRISTOL', 2],
      ['2018-06', null, 2],
      ['2018-06', 'BRENT', 1],
      ['2018-06', 'BRISTOL', 1],
      ['2018-07', null, 1],
      ['2018-07', 'BRISTOL', 1],
    ]);
    expect(all.items[3]).toEqual({
      month: '2018-05',
      authority: null,
      claimCount: 5,
      amountPence: 1002 + 1003 + 1004 + 1005 + 1006,
      inTimeCount: 5,
      inTimePercent: '100.0',
      medianDays: 50,
      p90Days: 58,
    });
    expect(all.items[6]).toMatchObject({ inTimeCount: 1, inTimePercent: '50.0', medianDays: 60, p90Days: 61 });
    expect(all.items[9]).toMatchObject({ inTimeCount: 0, inTimePercent: '0.0', medianDays: 90, p90Days: 90 });
  });

  it('of an authority are its own, whatever it asks for', async () => {
    const all = (await read(MTM.auditor)).items;
    const brent = all.filter(({ authority }) => authority === 'BRENT');
    for (const query of ['', '?authority=BRENT']) expect((await read(finance('BRENT'), query)).items).toEqual(brent);
    expect((await read(MTM.auditor, '?authority=BRENT')).items).toEqual(brent);
    expect((await read(finance('BRENT'), '?authority=BRISTOL')).items).toEqual([]);
  });

  it('are of the London days asked for, as JSON and as CSV', async () => {
    at('2018-04-03');
    const { id } = await funding.approved(7_000, 'NORFOLK');
    // Half past midnight on 1 June in London.
    await paid(id, '2018-05-31', '23:30');
    const of = (query: string) => read(MTM.auditor, `?authority=NORFOLK&${query}`);
    expect((await of('from=2018-05-01&to=2018-05-31')).items).toEqual([]);
    expect((await of('from=2018-06-01&to=2018-06-01')).items).toMatchObject([{ month: '2018-06', medianDays: 59 }]);
    const csv = await service.get(MTM.auditor, '/reports/payment-times?authority=NORFOLK', { accept: 'text/csv' });
    expect(csv.text.split('\r\n').slice(0, 2)).toEqual([
      'month,authority,claimCount,amountPence,inTimeCount,inTimePercent,medianDays,p90Days',
      '2018-06,NORFOLK,1,7000,1,100.0,59,59',
    ]);
    const wrong: Reply<unknown>[] = [
      await service.get(MTM.auditor, '/reports/payment-times?from=2018-05-02&to=2018-05-01'),
      await service.get(MTM.auditor, '/reports/payment-times?from=2000-01-01&to=2018-05-01'),
    ];
    for (const answer of wrong) expect(refusal(answer)).toEqual([400, 'malformed', 'out_of_range']);
  });

  it('count a claim while it is paid: not before, not once its money bounced back, again when paid again', async () => {
    at('2018-04-03');
    const { id } = await funding.approved(9_000, 'LEICS');
    expect(await paidAt(id)).toBeNull();
    await paid(id, '2018-05-03');
    await step([id], 'reconcile');
    expect(await paidAt(id)).toEqual(new Date('2018-05-03T12:00:00Z'));
    await step([id], 'bounce');
    expect(await paidAt(id)).toBeNull();
    await paid(id, '2018-06-12');
    expect((await read(MTM.auditor, '?authority=LEICS')).items).toMatchObject([
      { month: '2018-06', claimCount: 1, inTimeCount: 0, medianDays: 70 },
    ]);
    await expect(service.admin.query(`UPDATE claim SET state = 'funded' WHERE id = $1`, [id])).rejects.toThrow(
      'claim_paid_at_while_paid',
    );
  });

  it('and the ageing are answered out of indexes, whoever asks', async () => {
    // What was committed is known to be so once it is on disk: only then are pages marked as visible to all.
    await service.admin.query('CHECKPOINT');
    await service.admin.query('VACUUM ANALYZE claim');
    const plan = async (sql: string) => {
      await service.admin.query('SET enable_seqscan = off');
      const { rows } = await service.admin.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`);
      await service.admin.query('RESET enable_seqscan');
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    const paidOnes = `SELECT authority_code, submitted_at, due_on, approved_pence FROM claim WHERE programme_code = 'EIP2' AND paid_at IS NOT NULL AND paid_at >= '2018-01-01'`;
    const open = `SELECT authority_code, due_on, total_pence, approved_pence, held_at FROM claim WHERE programme_code = 'EIP2' AND state IN ('submitted', 'reviewed', 'approved', 'funded', 'scheduled')`;
    for (const own of ['', ` AND authority_code = 'BRENT'`]) {
      expect(await plan(paidOnes + own)).toContain('Index Only Scan using claim_paid');
      expect(await plan(open + own)).toContain('Index Only Scan using claim_open');
    }
  });
});
