import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bodyWorth } from '../integration/funding-support.js';
import { brokenInvariants } from '../support/invariants.js';
import { MTM } from '../support/people.js';
import { random } from '../support/random.js';
import { type Act } from './act.js';
import { Simulation } from './simulation.js';
import { APPROVER3 } from './world.js';

/** Two authorities' claims, each funded by a receipt of its own; the second needs both receipts. */
const AMOUNTS = [
  ['BRENT', 500],
  ['BRISTOL', 900],
] as const;
const RECEIPTS = [800, 600] as const;

describe('no pound leaves before the funder’s came', () => {
  let simulation: Simulation;
  beforeAll(async () => {
    simulation = await Simulation.start({ seed: 1, steps: 0 });
  });
  afterAll(() => simulation?.service.stop());

  const post = async <T>(by: string, path: string, body: object = {}): Promise<T> => {
    const answer = await simulation.service.post<T>(by, path, body);
    expect([path, answer.status, answer.status < 300 ? '' : answer.text]).toEqual([path, answer.status, '']);
    return answer.body;
  };
  const rows = async <T>(sql: string): Promise<T[]> => (await simulation.service.admin.query(sql)).rows as T[];
  const numberOf = async (sql: string): Promise<number> => Number((await rows<{ n: unknown }>(sql))[0]!.n);

  /** Funded claims and the receipts behind them. */
  async function funded(): Promise<string[]> {
    for (const [authority, pence] of AMOUNTS) {
      const by = `finance@${authority.toLowerCase()}.example`;
      const { id } = await post<{ id: string }>(by, '/claims', bodyWorth(authority, pence));
      await post(by, `/claims/${id}/submit`);
      await post(MTM.finance, `/claims/${id}/review`);
      await post(MTM.approver, `/claims/${id}/approve`);
    }
    const receipts: string[] = [];
    for (const amountPence of RECEIPTS) {
      const body = {
        amountPence,
        receivedOn: '2018-04-01',
        bankReference: `DFE ${await numberOf('SELECT count(*) AS n FROM funding_receipt')}`,
      };
      const { id } = await post<{ id: string }>(MTM.finance, '/funding-receipts', body);
      await post(MTM.finance2, `/funding-receipts/${id}/confirm`, { evidence: 'Advice' });
      receipts.push(id);
    }
    return receipts;
  }

  /** Everything is out of the way again: what the last interleaving left is paid for and put aside. */
  async function clear(): Promise<void> {
    for (const { id } of await rows<{ id: string }>(`SELECT id FROM payment_run WHERE state = 'prepared'`)) {
      await post(MTM.finance, `/payment-runs/${id}/cancel`, { reason: 'The next one' });
    }
    for (const { id } of await rows<{ id: string }>(`SELECT id FROM claim WHERE state = 'funded'`)) {
      await post(MTM.finance, `/claims/${id}/unfund`, { reason: 'The next one' });
    }
    for (const { id } of await rows<{ id: string }>(`SELECT id FROM claim WHERE state = 'approved'`)) {
      await post(MTM.approver2, `/claims/${id}/reject`, { reason: 'The next one' });
    }
    for (const { id } of await rows<{ id: string }>(
      `SELECT id FROM funding_receipt WHERE state = 'confirmed' AND allocated_pence = 0`,
    )) {
      await post(MTM.finance, `/funding-receipts/${id}/reverse`, { reason: 'The next one' });
    }
  }

  const prepare = (by: string): Act => ({ name: 'prepare', by, path: '/payment-runs', body: {} });
  const reverse = (id: string): Act => {
    return {
      name: 'reverse',
      by: MTM.finance2,
      path: `/funding-receipts/${id}/reverse`,
      body: { reason: 'It never came' },
    };
  };

  const outcomes = new Set<string>();
  const statuses = (line: string): string => [...line.matchAll(/→ (\d+)/g)].map(([, status]) => status).join(' ');

  it.each(Array.from({ length: 20 }, (_, at) => at + 1))(
    'whichever comes first when two prepare a run and another reverses a receipt (%d)',
    async (seed) => {
      await clear();
      const dice = random(seed);
      const receipts = await funded();
      const acts = [prepare(MTM.finance), prepare(MTM.finance2), reverse(dice.pick(receipts))];
      const played = await simulation.player.atOnce(acts, dice);
      outcomes.add(statuses(played.line));
      expect([played.line, played.wrong]).toEqual([played.line, []]);
      expect([played.line, await brokenInvariants(simulation.service.admin)]).toEqual([played.line, {}]);
      // Then the run is approved, or cancelled, while somebody tries again to reverse.
      const [run] = await rows<{ id: string }>(`SELECT id FROM payment_run WHERE state = 'prepared' ORDER BY seq`);
      if (!run) return;
      const path = `/payment-runs/${run.id}`;
      const next: Act[] = [
        { name: 'approve run', by: APPROVER3, path: `${path}/approve`, body: {} },
        { name: 'cancel run', by: MTM.finance, path: `${path}/cancel`, body: { reason: 'Wrong day' } },
        reverse(receipts[0]!),
      ];
      const ended = await simulation.player.atOnce(next, dice);
      outcomes.add(`then ${statuses(ended.line)}`);
      expect([ended.line, ended.wrong]).toEqual([ended.line, []]);
      expect([ended.line, await brokenInvariants(simulation.service.admin)]).toEqual([ended.line, {}]);
    },
    60_000,
  );

  it('and each of them did come first', () => {
    const seen = [...outcomes];
    // One of the two runs, or the reversal; never two runs. Nothing of a reversed receipt is in a run.
    expect(seen).toEqual(
      expect.arrayContaining([expect.stringMatching(/^201 422 /), expect.stringMatching(/^422 201 /)]),
    );
    expect(seen).toEqual(
      expect.arrayContaining([expect.stringMatching(/ 409$/), expect.stringMatching(/^\d+ \d+ 200$/)]),
    );
    expect(seen).toEqual(
      expect.arrayContaining([expect.stringMatching(/^then 200 409/), expect.stringMatching(/^then 409 200/)]),
    );
    expect(seen.filter((one) => one.startsWith('201 201'))).toEqual([]);
  });
});
