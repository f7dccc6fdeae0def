import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

const TABLES = `
  CREATE TABLE user_account (
    id uuid PRIMARY KEY,
    email text NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    organisation text NOT NULL CHECK (length(organisation) BETWEEN 1 AND 30),
    roles text[] NOT NULL CHECK (cardinality(roles) BETWEEN 1 AND 10),
    active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    CONSTRAINT user_account_email_key UNIQUE (email),
    UNIQUE (id, organisation)
  );
  COMMENT ON TABLE user_account IS 'People who act. One user belongs to one organisation, for ever: an authority code, or the payer''s.';

  CREATE TABLE api_token (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL,
    organisation text NOT NULL,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    label text NOT NULL CHECK (length(label) BETWEEN 1 AND 100),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT api_token_sha256_key UNIQUE (sha256),
    CHECK (expires_at > created_at),
    FOREIGN KEY (user_id, organisation) REFERENCES user_account (id, organisation)
  );
  CREATE INDEX api_token_user ON api_token (user_id);
  COMMENT ON TABLE api_token IS 'Bearer tokens, by their SHA-256 only: who reads this table cannot sign in with it.';`;

/**
 * The runtime role does not know whose token it holds before it has asked, so this one question is asked as the owner.
 * Whoever holds a token may know why it no longer works; of a token nobody was given there is no row.
 */
const AUTHENTICATE = `
  CREATE FUNCTION authenticate_token(p_sha256 bytea, p_now timestamptz)
  RETURNS TABLE (user_id uuid, organisation text, roles text[], state text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    -- Not by a SET clause: that would need a superuser to create the function (PostgreSQL 15 and later).
    v_scope text := current_setting('app.authority', true);
    v_all text := set_config('app.authority', '*', true);
  BEGIN
    RETURN QUERY
      SELECT u.id, u.organisation, u.roles,
             CASE WHEN t.revoked_at IS NOT NULL OR NOT u.active THEN 'revoked'
                  WHEN t.expires_at <= p_now THEN 'expired'
                  ELSE 'good' END
        FROM public.api_token t JOIN public.user_account u ON u.id = t.user_id
       WHERE t.sha256 = p_sha256;
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
  END $$;
  REVOKE ALL ON FUNCTION authenticate_token(bytea, timestamptz) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION authenticate_token(bytea, timestamptz) TO claims_app;`;

/** Nothing is deleted, an organisation never changes, and a token's hash is never read back. */
const GRANTS = `
  GRANT SELECT, INSERT, UPDATE (email, name, roles, active, version) ON user_account TO claims_app;
  GRANT SELECT (id, user_id, organisation, label, created_at, expires_at, revoked_at), INSERT, UPDATE (revoked_at)
     ON api_token TO claims_app;`;

/** Users and their tokens. */
export class Identity1514764800002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await enableRls(runner, 'user_account', 'organisation');
    await enableRls(runner, 'api_token', 'organisation');
    await runner.query(AUTHENTICATE);
    await runner.query(GRANTS);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}
