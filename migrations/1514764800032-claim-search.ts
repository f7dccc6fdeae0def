import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Claims are searched within each authority, by the beginning of a trainer's name or invoice number and by amounts. The
 * operator class makes a beginning a range of the index whatever the database's collation.
 */
export class ClaimSearch1514764800032 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX trainer_invoice_search_name ON trainer_invoice (authority_code, trainer_key text_pattern_ops, claim_id);
      CREATE INDEX trainer_invoice_search_number ON trainer_invoice (authority_code, number_key text_pattern_ops, claim_id);
      CREATE INDEX claim_search_total ON claim (authority_code, total_pence, id);`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}
