import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SEARCH } from '../../libs/claims/search/search-sql.js';
import { Service } from '../support/service.js';
import { Claims, MTM, simpleBody, type Claim } from './claims-support.js';

let service: Service;
let part: Claim;
beforeAll(async () => {
  service = await Service.start();
  const claims = new Claims(service);
  const body = simpleBody('BRENT');
  body.trainerInvoices[0]!.lines.push({ ...body.trainerInvoices[0]!.lines[0]!, netPence: 20_000, vatPence: 4_000 });
  const reviewed = await claims.submitted(body);
  const lines = [{ lineId: reviewed.trainerInvoices[0]!.lines[1]!.id, decision: 'disallow', reason: 'No receipt' }];
  await claims.step(MTM.finance, reviewed.id, 'review', { lines });
  part = await claims.step(MTM.approver, reviewed.id, 'approve');
  await claims.approved(simpleBody('LINCS'));
  // Nine in ten are copies of the claim approved in full: as many as make reading them all the dearer way.
  await service.admin.query(`SET session_replication_role = replica;
    INSERT INTO claim SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'total_pence', 1000000 + n,
        'approved_pence', CASE WHEN c.authority_code = 'LINCS' OR n % 10 > 0 THEN 1000000 + n ELSE n END,
        'invoice_id', gen_random_uuid(), 'invoice_number', c.invoice_number || '-' || n))).* FROM claim c, generate_series(1, 5000) AS n;
    RESET session_replication_role`);
  await service.admin.query('VACUUM ANALYZE claim');
});
afterAll(() => service?.stop());

/** As the processes' role with this scope. */
async function inScope<T>(scope: string, work: () => Promise<T>): Promise<T> {
  await service.admin.query(`BEGIN; SET LOCAL ROLE claims_app; SELECT set_config('app.authority', '${scope}', true)`);
  try {
    return await work();
  } finally {
    await service.admin.query('ROLLBACK');
  }
}

const given = (pence: number, scope: string) => ['none', null, null, pence, 51, scope === '*' ? null : scope];

describe('an amount that is searched', () => {
  it('is what was claimed, or what was approved of it', async () => {
    const { approvedPence, calculation } = part as Claim & { approvedPence: number };
    expect([approvedPence, calculation.totalPence]).toEqual([25_000, 35_000]);
    for (const pence of [approvedPence, calculation.totalPence]) {
      for (const scope of ['*', 'BRENT']) {
        const { rows } = await inScope(scope, () => service.admin.query(SEARCH, given(pence, scope)));
        expect([pence, scope, rows]).toEqual([pence, scope, expect.arrayContaining([{ id: part.id }])]);
      }
      const { rows } = await inScope('LINCS', () => service.admin.query(SEARCH, given(pence, 'LINCS')));
      expect(rows).not.toContainEqual({ id: part.id });
    }
  });

  it('is found in indexes alone, however many claims there are', async () => {
    for (const scope of ['*', 'BRENT']) {
      const { rows } = await inScope(scope, () =>
        service.admin.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${SEARCH}`, given(25_000, scope)),
      );
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect([scope, plan.match(/Seq Scan on (claim|trainer_invoice)/g)]).toEqual([scope, null]);
      for (const [index, column] of [
        ['claim_search_total', 'total_pence'],
        ['claim_search_approved', 'approved_pence'],
      ]) {
        const scan = new RegExp(`using ${index} on claim.*\\n\\s*Index Cond: .*authority_code.*${column} = '25000'`);
        expect(plan).toMatch(scan);
      }
    }
  });
});
