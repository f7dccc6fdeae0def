import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** A prepared run whose claims a refused payment paid after all: found by the loading that shows it, which holds the programme's funding. */
export class RunsHeldUp1514764800024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE payment_run ADD COLUMN shown_reference text;
      COMMENT ON COLUMN payment_run.shown_reference IS
        'Of a refused payment for claims of this run that a bank statement showed while the run was prepared: it is not approved any more.';
      GRANT UPDATE (shown_reference) ON payment_run TO claims_app;
      SELECT set_config('app.authority', '*', true);
      UPDATE payment_run r SET shown_reference = s.reference
        FROM (SELECT n.run_id, min(p.reference) AS reference
                FROM payment n JOIN payment_claim i ON i.payment_id = n.id AND i.live
                JOIN payment_claim e ON e.claim_id = i.claim_id AND NOT e.live JOIN payment p ON p.id = e.payment_id AND p.state = 'refused'
                JOIN payment_run o ON o.id = n.run_id AND o.state = 'prepared'
                JOIN bank_statement b ON b.programme_code = o.programme_code AND b.state <> 'quarantined' AND b.loaded_at > o.prepared_at
                JOIN bank_line l ON l.statement_id = b.id AND l.amount_pence < 0 AND (l.end_to_end_id = p.end_to_end_id
                  OR position(p.reference IN upper(concat_ws(' ', l.reference, l.remittance, l.narrative, l.end_to_end_id, l.instruction_id))) > 0)
               GROUP BY n.run_id) s
       WHERE r.id = s.run_id AND r.state = 'prepared';
      SELECT set_config('app.authority', '', true);`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}
