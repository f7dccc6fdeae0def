import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allocateReceipts, type Remainder, type WaitingClaim } from '#funding/domain';
import { Service } from '../support/service.js';
import { MTM } from './claims-support.js';
import { brokenInvariants } from '../support/invariants.js';
import { random } from '../support/random.js';
import { Funding, type Receipt } from './funding-support.js';

const SEED = 11;
const ROUNDS = 45;

let service: Service;
let funding: Funding;
beforeAll(async () => {
  service = await Service.start();
  funding = new Funding(service);
});
afterAll(() => service?.stop());

async function rows<T>(sql: string): Promise<T[]> {
  return (await service.admin.query(sql)).rows as T[];
}

/** Pence as numbers, whichever way the driver reads a bigint. */
const numbers = <T extends { pence: unknown }>(found: T[]): (Omit<T, 'pence'> & { pence: number })[] =>
  found.map((row) => ({ ...row, pence: Number(row.pence) }));

/** What the rule says of a receipt for nothing in particular: claim by claim, in this process. */
async function foretold(): Promise<ReturnType<typeof allocateReceipts>> {
  const remainders = numbers(
    await rows<Remainder>(
      `SELECT id AS "receiptId", amount_pence - allocated_pence AS pence FROM funding_receipt
        WHERE state = 'confirmed' AND allocated_pence < amount_pence ORDER BY received_on, id`,
    ),
  );
  const queue = numbers(
    await rows<WaitingClaim>(
      `SELECT id AS "claimId", approved_pence AS pence FROM claim WHERE state = 'approved' AND held_at IS NULL
        ORDER BY due_on, submitted_at, id`,
    ),
  );
  return allocateReceipts(remainders, queue);
}

describe('whatever happens to receipts and claims', () => {
  const dice = random(SEED);
  const some = async (
    table: 'claim' | 'funding_receipt' | 'funding_request',
    state: string,
  ): Promise<string | null> => {
    const found = await rows<{ id: string }>(
      `SELECT id FROM ${table} WHERE state = '${state}' ORDER BY id DESC LIMIT 8`,
    );
    return found.length > 0 ? dice.pick(found).id : null;
  };
  const post = async (path: string, body: unknown = {}): Promise<number> =>
    (await service.post(MTM.finance, path, body)).status;

  const steps: Record<string, () => Promise<unknown>> = {
    approve: () => funding.approved(50 + dice.upTo(950), dice.pick(['BRENT', 'BRISTOL', 'LINCS'])),
    record: () => funding.recorded(1 + dice.upTo(2500)),
    confirm: async () => {
      const id = await some('funding_receipt', 'recorded');
      return id === null ? null : (await funding.tryConfirm(id)).status;
    },
    reverse: async () => {
      const id = await some('funding_receipt', dice.chance(0.7) ? 'confirmed' : 'recorded');
      return id === null ? null : (await funding.tryReverse(id)).status;
    },
    unfund: async () => {
      const id = await some('claim', 'funded');
      return id === null ? null : post(`/claims/${id}/unfund`, { reason: 'Taken back' });
    },
    hold: async () => {
      const id = await some('claim', dice.pick(['approved', 'funded']));
      return id === null
        ? null
        : post(`/claims/${id}/${dice.chance(0.4) ? 'hold' : 'release'}`, { reason: 'A question' });
    },
    reject: async () => {
      const id = await some('claim', 'approved');
      if (id === null) return null;
      return (await service.post(MTM.approver2, `/claims/${id}/reject`, { reason: 'No' })).status;
    },
    request: () => post('/funding-requests'),
    submit: async () => {
      const id = await some('funding_request', 'draft');
      return id === null
        ? null
        : post(
            `/funding-requests/${id}/${dice.chance(0.8) ? 'submit' : 'cancel'}`,
            dice.chance(0.8) ? {} : { reason: 'x' },
          );
    },
    pay: async () => {
      const id = await some('funding_request', dice.pick(['submitted', 'part_paid']));
      return id === null ? null : funding.received(1 + dice.upTo(1500), id);
    },
  };
  const OFTEN = ['approve', 'approve', 'approve', 'record', 'record', 'confirm', 'confirm', 'confirm'];

  it('conserves every penny, one step after another and several at once', async () => {
    const told = { seed: SEED, round: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const atOnce = round % 3 === 0 ? 3 : 1;
      const names = Array.from({ length: atOnce }, () => dice.pick([...OFTEN, ...Object.keys(steps)]));
      await Promise.all(names.map((name) => steps[name]!()));
      const broken = await brokenInvariants(service.admin);
      expect({ ...told, round, names, broken }).toEqual({ ...told, round, names, broken: {} });
    }
    expect((await service.get<{ ok: boolean }>(MTM.auditor, '/audit/verify')).body.ok).toBe(true);
    expect(Number((await rows<{ n: number }>('SELECT count(*) AS n FROM funding_slice'))[0]!.n)).toBeGreaterThan(5);
  });

  it('funds what the rule says, claim by claim, from the receipts it says', async () => {
    // Money that named a request is kept for it; the rule is asked of the queue alone.
    await service.admin.query('UPDATE funding_receipt SET request_id = NULL');
    for (let round = 0; round < 8; round++) {
      for (let more = dice.upTo(3); more >= 0; more--) await funding.approved(50 + dice.upTo(400));
      const receipt: Receipt = await funding.recorded(1 + dice.upTo(900));
      // As it will be: the newest of all, and confirmed.
      await service.admin.query('UPDATE funding_receipt SET received_on = $2 WHERE id = $1', [
        receipt.id,
        '2018-04-03',
      ]);
      const before = await foretoldWith(receipt);
      const confirmed = await funding.confirm(receipt.id);
      expect(confirmed.fundedClaimIds).toEqual(before.funded);
      const slices = numbers(
        await rows<{ receiptId: string; claimId: string; pence: number }>(
          `SELECT receipt_id AS "receiptId", claim_id AS "claimId", pence FROM funding_slice WHERE funded_by = '${receipt.id}' ORDER BY place, seq`,
        ),
      );
      expect(slices).toEqual(before.slices);
    }
  });

  /** With this receipt behind those that are confirmed. */
  async function foretoldWith(receipt: Receipt): Promise<ReturnType<typeof allocateReceipts>> {
    await service.admin.query('BEGIN');
    try {
      await service.admin.query(
        `UPDATE funding_receipt SET state = 'confirmed', evidence = 'x', confirmed_at = now(), confirmed_by = gen_random_uuid() WHERE id = $1`,
        [receipt.id],
      );
      return await foretold();
    } finally {
      await service.admin.query('ROLLBACK');
    }
  }
});
