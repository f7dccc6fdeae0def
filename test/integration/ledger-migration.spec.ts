import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runMigrations } from '#platform/database';
import { MIGRATIONS } from '#migrations';
import { training, travel } from '../builders/claim-body.js';
import { Service } from '../support/service.js';
import { Claims, MTM, simpleBody } from './claims-support.js';

let service: Service;
beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service?.stop());

const books = async (): Promise<unknown[]> =>
  (
    await service.admin.query(
      `SELECT j.event, j.kind, j.programme_code, j.authority_code, j.booked_on, j.at, j.description, j.claim_id, j.actor_id,
              j.posting_count, p.position, a.name, p.authority_code AS whose, p.amount_pence
         FROM journal j JOIN posting p ON p.journal_id = j.id JOIN ledger_account a ON a.id = p.account_id
        WHERE NOT EXISTS (SELECT FROM journal r WHERE r.reverses = j.id) AND j.reverses IS NULL
        ORDER BY j.at, j.event, p.position`,
    )
  ).rows;

/** As the database was before there were books. */
async function withoutBooks(): Promise<void> {
  await service.admin.query(`
    DROP TABLE ledger_snapshot_balance, ledger_snapshot, posting, journal, ledger_account CASCADE;
    DROP FUNCTION ledger_refuse(), ledger_check_journal(), ledger_check_posting(), ledger_require_balanced(bigint),
      ledger_share_lock(), ledger_require_open(), ledger_post(timestamptz, uuid, jsonb),
      ledger_reverse(timestamptz, uuid, text[], text), ledger_take_snapshot(timestamptz);
    DELETE FROM migrations WHERE name = 'Ledger1514764800009'`);
}

describe('the migration that brings the books', () => {
  it('posts what was approved before it, as approving posts it', async () => {
    const claims = new Claims(service);
    const several = simpleBody('BRENT');
    several.trainerInvoices[0]!.lines.push(travel(3_333), training({ category: 'coaching_qa', trainerDays: '0.5', netPence: 50_000 })); // prettier-ignore
    await claims.approved(several);
    service.clock.set('2018-04-04T23:30:00.000Z');
    const held = await claims.approved(simpleBody('BRISTOL'));
    await claims.step(MTM.finance, held.id, 'hold', { reason: 'Something to ask' });
    const rejected = await claims.approved(simpleBody('LINCS'));
    await claims.step(MTM.approver2, rejected.id, 'reject', { reason: 'Not eligible' });
    await claims.reviewed(simpleBody('NORFOLK'));
    const posted = await books();
    expect(posted).toHaveLength(6 + 4);

    await withoutBooks();
    expect(await runMigrations(service.database.adminUrl, MIGRATIONS)).toEqual(['Ledger1514764800009']);
    expect(await books()).toEqual(posted);

    // And what it posted is what rejecting finds to reverse.
    await claims.step(MTM.finance, held.id, 'release');
    await claims.step(MTM.approver2, held.id, 'reject', { reason: 'Not eligible' });
    expect(await books()).toEqual(posted.slice(0, 6));
  });
});
