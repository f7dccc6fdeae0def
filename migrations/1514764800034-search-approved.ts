import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * A claim is searched by the amount that lists show: what was approved of it. Of one approved in full that is the total, which has an
 * index already; so this one holds the few that were approved in part.
 */
export class SearchApproved1514764800034 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX claim_search_approved ON claim (authority_code, approved_pence, id) WHERE approved_pence < total_pence;`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}
