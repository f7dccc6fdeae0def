import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Claims in preparation that were put away are listed, the last put away first, so that each can be found and taken out again. */
export class PutAwayForms1514764800035 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX claim_form_put_away ON claim_form (authority_code, discarded_at DESC, id DESC) WHERE discarded_at IS NOT NULL;`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}
