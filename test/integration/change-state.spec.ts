import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changeState } from '#claims';
import { systemActor, UnitOfWork } from '#platform/database';
import { Service } from '../support/service.js';
import { Claims, MTM, simpleBody } from './claims-support.js';
import { brokenInvariants } from '../support/invariants.js';

let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service?.stop());

const AUTHORITIES = ['BRENT', 'BRISTOL', 'LINCS'];

/** The step of a receipt: many claims of many authorities at once, by the system. */
const fund = (ids: readonly string[]) =>
  service.app
    .get(UnitOfWork)
    .run(systemActor, (tx) => changeState(tx, ids, 'fund', { details: { receipt: 'R-1' }, reason: 'Paid by DfE' }));

const states = async (ids: readonly string[]) =>
  (await service.admin.query('SELECT state, version FROM claim WHERE id = ANY ($1::uuid[]) ORDER BY id', [ids])).rows;

const trail = async (ids: readonly string[]) =>
  (
    await service.admin.query(
      `SELECT chain, before, after, reason FROM audit_entry
        WHERE claim_id = ANY ($1::uuid[]) AND action = 'claim.funded' ORDER BY claim_id`,
      [ids],
    )
  ).rows;

describe('a step of many claims', () => {
  it('moves all of them and tells each one’s trail, whoever calls; or, when one is held, none', async () => {
    const ids: string[] = [];
    for (const authority of AUTHORITIES) ids.push((await claims.approved(simpleBody(authority))).id);
    await claims.step(MTM.finance, ids[1]!, 'hold', { reason: 'Something to ask' });

    await expect(fund(ids)).rejects.toMatchObject({ kind: 'conflict', code: 'state_conflict' });
    expect(await states(ids)).toEqual([4, 5, 4].map((version) => ({ state: 'approved', version })));
    expect(await trail(ids)).toEqual([]);

    await claims.step(MTM.finance, ids[1]!, 'release');
    await fund(ids);
    expect(await states(ids)).toEqual([5, 7, 5].map((version) => ({ state: 'funded', version })));
    expect(await trail(ids)).toEqual(
      AUTHORITIES.map((chain, at) => {
        const version = [5, 7, 5][at]!;
        return {
          chain,
          before: { state: 'approved', version: version - 1 },
          after: { state: 'funded', version, receipt: 'R-1' },
          reason: 'Paid by DfE',
        };
      }),
    );
    const audit = await service.get<{ ok: boolean }>(MTM.auditor, '/audit/verify');
    expect([audit.status, audit.body.ok]).toEqual([200, true]);
    // A second time none is where the step may start from; nor is one that is not there.
    await expect(fund(ids)).rejects.toMatchObject({ code: 'state_conflict' });
    await expect(fund(['00000000-0000-7000-8000-000000000000'])).rejects.toMatchObject({ code: 'state_conflict' });
  });

  it('lets a held claim do what a hold does not keep it from', async () => {
    const { id } = await claims.reviewed(simpleBody('NORFOLK'));
    await claims.step(MTM.finance, id, 'hold', { reason: 'Something to ask' });
    const approve = service.app.get(UnitOfWork).run(systemActor, (tx) => changeState(tx, [id], 'approve'));
    await expect(approve).rejects.toMatchObject({ code: 'state_conflict' });
    await claims.step(MTM.finance, id, 'return', { reason: 'Half of it' });
    expect(await states([id])).toEqual([{ state: 'returned', version: 5 }]);
    expect((await brokenInvariants(service.admin)).untoldChanges).toBeUndefined();
  });
});
