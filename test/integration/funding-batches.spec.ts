import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { MTM } from './claims-support.js';
import { Funding } from './funding-support.js';

let service: Service;
let funding: Funding;
beforeAll(async () => {
  service = await Service.start();
  funding = new Funding(service);
});
afterAll(() => service?.stop());

/** Approved claims, copied behind everybody's back from one and submitted a microsecond after each other. */
async function copies(of: string, count: number): Promise<string[]> {
  const { rows } = await service.admin.query<{ id: string }>(
    `WITH copied AS (
       INSERT INTO claim (id, programme_code, authority_code, state, version, total_pence, above_rate_pence, terms_id, calculation, submitted_at,
         submitted_by, due_on, invoice_number, approved_by, approved_at, approved_pence, approved, makers, created_by, created_at, updated_at)
       SELECT gen_random_uuid(), programme_code, authority_code, state, version, total_pence, above_rate_pence, terms_id, calculation,
         submitted_at + n * interval '1 microsecond', submitted_by, due_on, 'COPY-' || n, approved_by, approved_at, approved_pence, approved, makers,
         created_by, created_at, updated_at FROM claim, generate_series(1, $2) AS n WHERE id = $1 RETURNING id, submitted_at
     ) SELECT id FROM copied ORDER BY submitted_at`,
    [of, count],
  );
  return rows.map(({ id }) => id);
}

describe('a receipt for more claims than one batch of the queue', () => {
  it('funds them in order, as its preview said, and its reversal lets all of them wait again', async () => {
    const model = await funding.approved(60);
    const queue = [model.id, ...(await copies(model.id, 900))];
    const foreseen = await funding.preview(60 * 901);
    expect(foreseen).toMatchObject({ fundedClaimIds: queue, unallocatedPence: 0 });
    const receipt = await funding.received(60 * 900 + 30);
    expect(receipt).toMatchObject({ fundedClaimIds: queue.slice(0, 900), unallocatedPence: 30 });
    expect((await service.get<{ ok: boolean }>(MTM.auditor, '/audit/verify')).body.ok).toBe(true);
    expect((await funding.reverse(receipt.id)).fundedClaimIds).toEqual([]);
    expect(new Set(await funding.states(queue))).toEqual(new Set(['approved']));
  });
});
