import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Jobs to run, written in the transaction that causes them. Payloads hold ids only, so the table carries no
 * authority's data and needs no row-level security; the relay of any worker reads all of it.
 */
export class Outbox1514764800006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL,
        job text NOT NULL CHECK (length(job) BETWEEN 1 AND 100),
        payload jsonb NOT NULL CHECK (length(payload::text) <= 2000),
        dedupe text CHECK (length(dedupe) <= 200),
        dispatched_at timestamptz
      ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
      COMMENT ON TABLE outbox IS 'Jobs to run, in the transaction that causes them; a relay hands them to the queue.';
      COMMENT ON COLUMN outbox.dedupe IS 'While a row with the same text waits, another is not added.';
      CREATE INDEX outbox_waiting ON outbox (id) WHERE dispatched_at IS NULL;
      CREATE UNIQUE INDEX outbox_dedupe ON outbox (dedupe) WHERE dispatched_at IS NULL AND dedupe IS NOT NULL;
      GRANT SELECT, INSERT, UPDATE (dispatched_at), DELETE ON outbox TO claims_app;`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}
