import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { runMigrations } from '#platform/database';
import { MIGRATIONS } from '#migrations';
import { brokenInvariants } from '../support/invariants.js';
import { Service } from '../support/service.js';
import { Bank } from './reconciliation-support.js';

let service: Service;
let bank: Bank;
beforeAll(async () => {
  service = await Service.start();
  bank = new Bank(service);
});
afterAll(() => service?.stop());

describe('the database', () => {
  it('takes lines that come matched with what they name, whole, and with nothing else', async () => {
    const [payment] = await bank.scheduled(['BRENT', 60]);
    const { id: statementId } = await bank.statement({ amountPence: -1 });
    const client = service.admin;
    const come = async (amountPence: number, matchedPence: number, named: string | null, statement = 'whole') => {
      await client.query('SAVEPOINT line');
      try {
        await client.query(
          `INSERT INTO bank_line (id, statement_id, seq, booked_on, amount_pence, currency, matched_pence, state, named_payment_id)
           VALUES (gen_random_uuid(), $1, 7, '2018-05-01', $2, 'GBP', $3, CASE WHEN $2::bigint = $3::bigint THEN 'matched' ELSE 'unmatched' END, $4)`,
          [statement === 'whole' ? statementId : statement, amountPence, matchedPence, named],
        );
        return 'done';
      } catch (error) {
        await client.query('ROLLBACK TO SAVEPOINT line');
        return (error as { constraint?: string }).constraint;
      }
    };
    try {
      await client.query(`BEGIN; SELECT set_config('app.authority', '*', true)`);
      expect(await come(-60, -60, payment!.id)).toBe('bank_line_of_statement');
      const begun = uuid();
      await client.query(
        `INSERT INTO bank_statement (id, programme_code, state, format, file_sha256, file_key, file_size, account_key, currency, loaded_by, loaded_at, updated_at)
         SELECT $1, programme_code, 'read', format, repeat('0', 64), file_key, 1, account_key, currency, loaded_by, loaded_at, loaded_at
           FROM bank_statement WHERE id = $2`,
        [begun, statementId],
      );
      expect(await come(-60, -60, null, begun)).toBe('bank_line_comes_matched');
      expect(await come(-60, -30, null, begun)).toBe('bank_line_comes_matched');
      expect(await come(-60, 0, payment!.id, begun)).toBe('bank_line_comes_matched');
      expect(await come(60, 60, payment!.id, begun)).toBe('bank_line_comes_matched');
      expect(await come(-60, -60, uuid(), begun)).toBe('bank_match_of_approved_run');
      expect(await come(-61, -61, payment!.id, begun)).toBe('payment_not_overmatched');
      expect(await come(-40, -40, payment!.id, begun)).toBe('done');
      const { rows } = await client.query(
        `SELECT l.id = m.line_id AS own, m.pence::int, m.how, p.matched_pence::int, p.booked_on::text FROM bank_line l
           JOIN bank_match m ON m.id = l.id JOIN payment p ON p.id = m.payment_id WHERE l.statement_id = $1`,
        [begun],
      );
      expect(rows).toEqual([{ own: true, pence: -40, how: 'exact', matched_pence: 40, booked_on: '2018-05-01' }]);
      // Only a statement that was read to its end and comes to its closing balance stays.
      await expect(client.query('COMMIT')).rejects.toMatchObject({ constraint: 'bank_statement_adds_up' });
    } finally {
      await client.query('ROLLBACK');
    }
  });
});

/** As the database was before lines came matched, as far as the migration changes it. */
const before = `
  ALTER TABLE payment DROP COLUMN booked_on;
  DROP TRIGGER bank_line_fixed ON bank_line;
  ALTER TABLE bank_line DROP COLUMN named_payment_id;
  CREATE TRIGGER bank_line_fixed BEFORE DELETE ON bank_line FOR EACH ROW EXECUTE FUNCTION refuse_change();
  DROP FUNCTION bank_statement_whole() CASCADE;
  CREATE INDEX bank_match_of_line ON bank_match (line_id);
  DELETE FROM migrations WHERE name = 'LinesComeMatched1514764800023'`;

describe('the migration that lets lines come matched', () => {
  it('brings the day of what was settled before, and goes on', async () => {
    const [settled, waiting] = await bank.scheduled(['BRENT', 60], ['NORFOLK', 70]);
    const { matchedCount } = await bank.statement(
      { amountPence: -60, endToEndId: settled!.endToEndId },
      { amountPence: -30, remittance: `Part of ${waiting!.reference}` },
    );
    expect(matchedCount).toBe(2);
    await service.admin.query(before);
    expect(await runMigrations(service.database.adminUrl, MIGRATIONS)).toEqual(['LinesComeMatched1514764800023']);
    expect(await brokenInvariants(service.admin)).toEqual({});
    await bank.statement({ amountPence: -40, endToEndId: waiting!.endToEndId });
    expect(await bank.stateOf(waiting!)).toEqual(['settled', 'paid']);
    expect(await brokenInvariants(service.admin)).toEqual({});
  });
});
