import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * What a request left of the recovered money it used, once none of its claims waits, is released: the next request uses it, and
 * it funds nothing more as this receipt's.
 */
export class RecoveredReleased1514764800025 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE funding_receipt ADD COLUMN released_pence bigint NOT NULL DEFAULT 0 CHECK (released_pence >= 0),
        ADD CONSTRAINT funding_receipt_released_is_left CHECK (allocated_pence + released_pence <= amount_pence),
        ADD CONSTRAINT funding_receipt_only_recovered_released CHECK (released_pence = 0 OR source = 'recovered');
      COMMENT ON COLUMN funding_receipt.released_pence IS 'Of recovered money, what its request did not need: unused again, for a later request.';
      GRANT UPDATE (released_pence) ON funding_receipt TO claims_app;`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}
