import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaimDesk } from '#claims';
import { findActor } from '#identity';
import { systemActor, UnitOfWork } from '#platform/database';
import { waitingSql } from '../../libs/claims/desk/waiting-sql.js';
import { Service } from '../support/service.js';
import { Claims, MTM, simpleBody } from './claims-support.js';

let service: Service;
beforeAll(async () => {
  service = await Service.start();
  const claims = new Claims(service);
  for (const step of [null, 'review', 'hold', 'return']) {
    const claim = await claims.submitted(simpleBody('BRENT'));
    if (step === 'review') await claims.step(MTM.finance, claim.id, step);
    else if (step !== null) await claims.step(MTM.finance, claim.id, step, { reason: 'Asking' });
  }
  await claims.submitted(simpleBody('LINCS'));
});
afterAll(() => service?.stop());

describe('what waits', () => {
  it('is counted by what is to be done, for all and for one authority', async () => {
    const actor = await service.app.get(UnitOfWork).read(systemActor, (tx) => findActor(tx, MTM.finance));
    const desk = service.app.get(ClaimDesk);
    const of = { reviewed: 1, held: 1, returned: 1, adjustments: 0 };
    expect(await desk.waiting(actor, {})).toEqual({ submitted: 2, ...of });
    expect(await desk.waiting(actor, { authority: 'BRENT' })).toEqual({ submitted: 1, ...of });
    expect(await desk.waiting(actor, { assigned: true })).toMatchObject({ submitted: 0, held: 0 });
    expect(await desk.waiting(actor, { assigned: false })).toMatchObject({ submitted: 2, held: 1 });
    expect(await desk.waiting(actor, { assignedTo: actor.userId })).toMatchObject({ reviewed: 0, returned: 0 });
  });

  it('is counted out of indexes, however many claims there are', async () => {
    await service.admin.query(`SET session_replication_role = replica;
      INSERT INTO claim SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(),
          'invoice_id', gen_random_uuid(), 'invoice_number', c.invoice_number || '-' || n))).* FROM claim c, generate_series(1, 1000) AS n;
      RESET session_replication_role`);
    // What was committed is known to be so once it is on disk: only then are pages marked as visible to all.
    await service.admin.query('CHECKPOINT');
    await service.admin.query('VACUUM ANALYZE claim');
    for (const desk of [{}, { assigned: false }]) {
      for (const authority of [null, 'BRENT']) {
        const scans =
          (await planOf(desk, authority)).match(/(Index Only|Bitmap Heap|Index|Seq) Scan .*?on claim/g) ?? [];
        expect(scans.map((scan) => scan.split(' Scan')[0])).toEqual(Array(4).fill('Index Only'));
      }
    }
  });

  /** As the processes' role with the payer's scope. */
  async function planOf(desk: { assigned?: boolean }, authority: string | null): Promise<string> {
    await service.admin.query(`BEGIN; SET LOCAL ROLE claims_app; SELECT set_config('app.authority', '*', true)`);
    try {
      const { rows } = await service.admin.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${waitingSql(desk)}`, [
        authority,
        null,
      ]);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    } finally {
      await service.admin.query('ROLLBACK');
    }
  }
});
