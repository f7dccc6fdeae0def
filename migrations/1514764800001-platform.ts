import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The role processes work as, and the answers kept for repeated requests. */
export class Platform1514764800001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'claims_app') THEN
          CREATE ROLE claims_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
        END IF;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of the cluster was faster
      END $$;
      -- So that one login can be owner and, by SET ROLE, the runtime role. From PostgreSQL 16 on, whoever made a role may
      -- administer it but not yet become it.
      DO $$ BEGIN
        EXECUTE format('GRANT claims_app TO %I', current_user);
      EXCEPTION WHEN insufficient_privilege THEN
        IF NOT pg_has_role(current_user, 'claims_app', 'MEMBER') THEN RAISE; END IF;
      END $$;
      REVOKE ALL ON SCHEMA public FROM PUBLIC;
      GRANT USAGE ON SCHEMA public TO claims_app;

      CREATE TABLE idempotency_key (
        caller_id uuid NOT NULL,
        key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
        input_hash text NOT NULL CHECK (input_hash ~ '^[0-9a-f]{64}$'),
        route text NOT NULL,
        answer json, -- json, not jsonb: the same bytes are answered again
        at timestamptz NOT NULL,
        PRIMARY KEY (caller_id, key)
      );
      COMMENT ON TABLE idempotency_key IS 'First answers of commands, kept for good and given again to the same caller, key and input.';
      ALTER TABLE idempotency_key ENABLE ROW LEVEL SECURITY;
      ALTER TABLE idempotency_key FORCE ROW LEVEL SECURITY;
      CREATE POLICY idempotency_key_own ON idempotency_key
        USING (caller_id = nullif(current_setting('app.user', true), '')::uuid);
      GRANT SELECT, INSERT ON idempotency_key TO claims_app;`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}
