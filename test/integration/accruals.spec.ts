import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changeState } from '#claims';
import type { ClaimEvent } from '#claims/domain';
import { systemActor, UnitOfWork } from '#platform/database';
import { claimBody, training, trainerInvoice, travel } from '../builders/claim-body.js';
import { Service } from '../support/service.js';
import { finance, MTM, nextNumber, refusal } from './claims-support.js';
import { random } from '../support/random.js';
import { bodyWorth, Funding } from './funding-support.js';

interface Stages {
  deliveredPence: number;
  submittedPence: number;
  approvedPence: number;
  fundedPence: number;
  totalPence: number;
}
type Line = Stages & { authority: string; category: string; label: string };
interface Accruals {
  asOf: string;
  programme: string;
  lines: Line[];
  totals: Stages;
}

let service: Service;
let funding: Funding;
beforeAll(async () => {
  service = await Service.start();
  funding = new Funding(service);
});
afterAll(() => service?.stop());

async function accruals(asOf?: string): Promise<Accruals> {
  const path = `/ledger/accruals${asOf === undefined ? '' : `?asOf=${encodeURIComponent(asOf)}`}`;
  const answer = await service.get<Accruals>(MTM.auditor, path);
  expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
  return answer.body;
}

/** Only what there is of, by stage. */
const stages = ({ totalPence: _, ...of }: Stages) =>
  Object.fromEntries(Object.entries(of).filter(([, pence]) => pence));

/** Steps that come from bank files and statements, behind everybody's back. */
const step = (id: string, ...events: ClaimEvent[]) =>
  service.app.get(UnitOfWork).run(systemActor, async (tx) => {
    for (const event of events) await changeState(tx, [id], event);
  });

describe('the accruals', () => {
  it('follow a claim through its life, as of before and after each step', async () => {
    const seen: [at: string, expected: object][] = [];
    const at = (hours: number) => service.clock.set(new Date(Date.UTC(2018, 3, 3, 9 + hours)).toISOString());
    /** From now on the claim accrues so. */
    const accrues = (expected: object) => seen.push([service.clock.now().toISOString(), expected]);
    seen.push(['2018-04-03T09:00:00.000Z', {}]);

    const body = (netPence: number) =>
      claimBody(
        [trainerInvoice([training({ trainerDays: '0.5', netPence: 40_000 }), travel(netPence)], { number: nextNumber() })],
        { authority: 'BRENT' },
      ); // prettier-ignore
    at(1);
    const { id } = await funding.claims.draft(body(2000));
    accrues({ deliveredPence: 21_000 });
    at(2);
    const edited = await service.call(finance('BRENT'), 'PUT', `/claims/${id}`, {
      body: body(4000),
      headers: { 'if-match': '"v1"' },
    });
    expect(edited.status).toBe(200);
    accrues({ deliveredPence: 22_000 });
    at(3);
    await funding.claims.step(finance('BRENT'), id, 'submit');
    accrues({ submittedPence: 22_000 });
    at(4);
    await funding.claims.step(MTM.finance, id, 'return', { reason: 'Not legible' });
    accrues({ deliveredPence: 22_000 });
    at(5);
    const { version } = await funding.claims.read(MTM.finance, id);
    const again = await service.call(finance('BRENT'), 'PUT', `/claims/${id}`, {
      body: body(6000),
      headers: { 'if-match': `"v${version}"` },
    });
    expect(again.status).toBe(200);
    accrues({ deliveredPence: 23_000 });
    at(6);
    await funding.claims.step(finance('BRENT'), id, 'submit');
    accrues({ submittedPence: 23_000 });
    at(7);
    const lines = (await funding.claims.read(MTM.finance, id)).trainerInvoices[0]!.lines;
    const travelled = lines.find(({ kind }) => kind === 'travel')!;
    await funding.claims.step(MTM.finance, id, 'review', {
      lines: [{ lineId: travelled.id, decision: 'disallow', reason: 'First class' }],
    });
    accrues({ submittedPence: 23_000 });
    at(8);
    await funding.claims.step(MTM.approver, id, 'approve');
    accrues({ approvedPence: 20_000 });
    at(9);
    await funding.received(20_000);
    accrues({ fundedPence: 20_000 });
    at(10);
    await step(id, 'schedule');
    accrues({ fundedPence: 20_000 });
    at(11);
    await step(id, 'settle');
    accrues({});
    at(12);
    await step(id, 'bounce');
    accrues({ fundedPence: 20_000 });
    at(13);
    await service.post(MTM.finance, `/claims/${id}/unfund`, { reason: 'A question' });
    accrues({ approvedPence: 20_000 });
    at(14);
    await service.post(MTM.approver2, `/claims/${id}/reject`, { reason: 'No' });
    accrues({});
    at(15);

    for (const [from, [instant, expected]] of seen.entries()) {
      const until = seen[from + 1]?.[0];
      const just = until && new Date(Date.parse(until) - 1).toISOString();
      for (const asOf of [instant, ...(just ? [just] : [])]) {
        const { totals, lines: found } = await accruals(asOf);
        expect([asOf, stages(totals)]).toEqual([asOf, expected]);
        expect(found.reduce((sum, line) => sum + line.totalPence, 0)).toBe(totals.totalPence);
      }
    }
    // By category, as of what was disallowed afterwards too; and in CSV.
    const instant = seen[7]![0];
    expect((await accruals(instant)).lines.map(({ authority, category, submittedPence }) => [authority, category, submittedPence])).toEqual([
      ['BRENT', 'targeted', 20_000],
      ['BRENT', 'travel', 3_000],
    ]); // prettier-ignore
    const csv = await service.get(MTM.auditor, `/ledger/accruals?asOf=${instant}`, { accept: 'text/csv' });
    expect(csv.text.split('\r\n').slice(0, 2)).toEqual([
      'authority,category,label,deliveredPence,submittedPence,approvedPence,fundedPence,totalPence',
      'BRENT,targeted,Targeted training,0,20000,0,0,20000',
    ]);
  });

  it('count a delivery from its last day on, and a date to its end in London', async () => {
    service.clock.set('2018-04-10T09:00:00.000Z');
    const days = training({ deliveredOn: ['2018-04-11', '2018-04-12'], trainerDays: '1', netPence: 90_000 });
    await funding.claims.draft(
      claimBody([trainerInvoice([days, travel(100)], { number: nextNumber() })], { authority: 'LINCS' }),
    );
    const lincs = async (asOf: string) => (await accruals(asOf)).lines.filter(({ authority }) => authority === 'LINCS');
    // The last millisecond of the 11th in London is 23:00 in UTC.
    for (const early of ['2018-04-09', '2018-04-11', '2018-04-11T22:59:59.999Z'])
      expect(await lincs(early)).toEqual([]);
    for (const late of ['2018-04-12', '2018-04-11T23:00:00.000Z', '2019-01-01']) {
      expect((await lincs(late)).map(({ category, deliveredPence }) => [category, deliveredPence])).toEqual([
        ['targeted', 45_000],
        ['travel', 50],
      ]);
    }
  });

  it('are MTM’s and the auditor’s to read, as of something that is an instant', async () => {
    expect(refusal(await service.get(finance('BRENT'), '/ledger/accruals'))).toEqual([403, 'role_not_allowed']);
    expect(refusal(await service.get(MTM.finance, '/ledger/accruals?asOf=yesterday'))[0]).toBe(400);
    expect((await service.get(MTM.finance, '/ledger/accruals?programme=NONE')).status).toBe(404);
    expect((await accruals('2000-01-01')).lines).toEqual([]);
  });
});

describe('whatever happens to claims', () => {
  const dice = random(17);

  async function some(...states: string[]): Promise<{ id: string; authority: string } | null> {
    const { rows } = await service.admin.query<{ id: string; authority: string }>(
      'SELECT id, authority_code AS authority FROM claim WHERE state = ANY ($1) AND held_at IS NULL ORDER BY id DESC LIMIT 6',
      [states],
    );
    return rows.length === 0 ? null : dice.pick(rows);
  }
  const post = async (who: string, id: string, name: string, body: object = {}) =>
    (await service.post(who, `/claims/${id}/${name}`, body)).status;
  const reason = { reason: 'A reason' };

  const steps: Record<string, () => Promise<unknown>> = {
    draft: () => funding.claims.draft(bodyWorth(dice.pick(['BRENT', 'BRISTOL']), 50 + dice.upTo(500))),
    submit: async () => {
      const claim = await some('draft', 'returned');
      return claim && post(finance(claim.authority), claim.id, 'submit');
    },
    withdraw: async () => {
      const claim = await some('draft', 'submitted', 'returned');
      return claim && post(finance(claim.authority), claim.id, 'withdraw');
    },
    return: async () => {
      const claim = await some('submitted', 'reviewed');
      return claim && post(MTM.finance, claim.id, 'return', reason);
    },
    review: async () => {
      const claim = await some('submitted');
      return claim && post(MTM.finance, claim.id, 'review');
    },
    approve: async () => {
      const claim = await some('reviewed');
      return claim && post(MTM.approver, claim.id, 'approve');
    },
    reject: async () => {
      const claim = await some('reviewed', 'approved');
      return claim && post(MTM.approver2, claim.id, 'reject', reason);
    },
    receive: () => funding.received(1 + dice.upTo(900)),
    unfund: async () => {
      const claim = await some('funded');
      return claim && post(MTM.finance, claim.id, 'unfund', reason);
    },
  };
  const ONWARD = ['draft', 'submit', 'review', 'approve'];
  const OFTEN = [...ONWARD, ...ONWARD, ...ONWARD, ...ONWARD, 'draft', 'draft'];

  /** What the books owe an authority: before anything is paid or adjusted, what was approved. */
  async function owed(authority: string): Promise<number> {
    const { rows } = await service.admin.query<{ pence: string | null }>(
      'SELECT -sum(p.amount_pence) AS pence FROM posting p JOIN ledger_account a ON a.id = p.account_id WHERE a.name = $1',
      [`liabilities:payable:${authority}`],
    );
    return Number(rows[0]!.pence ?? 0);
  }

  it('are the same as of an instant as they were seen then, and what was approved is what the books owe', async () => {
    const seen: Accruals[] = [];
    service.clock.set('2018-04-20T08:00:00.000Z');
    service.signInAgain();
    for (let round = 0; round < 100; round++) {
      service.clock.set(new Date(Date.UTC(2018, 3, 20, 9, 4 * round)).toISOString());
      const name = dice.pick([...OFTEN, ...Object.keys(steps)]);
      await steps[name]!();
      const now = await accruals();
      for (const authority of ['BRENT', 'BRISTOL']) {
        const own = now.lines.filter((line) => line.authority === authority);
        const approved = own.reduce((sum, line) => sum + line.approvedPence + line.fundedPence, 0);
        expect([round, name, authority, approved]).toEqual([round, name, authority, await owed(authority)]);
      }
      seen.push(now);
    }
    expect(new Set(seen.flatMap(({ totals }) => Object.keys(stages(totals)))).size).toBe(4);
    for (const then of seen) expect(await accruals(then.asOf)).toEqual(then);
  });
});
