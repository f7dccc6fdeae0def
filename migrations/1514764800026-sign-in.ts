import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

const SESSION = `
  CREATE TABLE user_session (
    id uuid PRIMARY KEY,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    user_id uuid,
    organisation text,
    how text CHECK (how IN ('password', 'oidc', 'demo')),
    pending_user_id uuid,
    data jsonb NOT NULL CHECK (jsonb_typeof(data) = 'object' AND octet_length(data::text) <= 65536),
    user_agent text CHECK (length(user_agent) <= 200),
    created_at timestamptz NOT NULL,
    signed_in_at timestamptz,
    seen_at timestamptz NOT NULL,
    idle_seconds int NOT NULL CHECK (idle_seconds > 0),
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    ended_at timestamptz,
    end_reason text CHECK (end_reason IN
      ('signed_out', 'ended', 'ended_by_administrator', 'password_changed', 'second_factor_changed', 'roles_changed', 'deactivated')),
    CONSTRAINT user_session_sha256_key UNIQUE (sha256),
    CONSTRAINT user_session_somebodys_or_nobodys CHECK (num_nonnulls(user_id, organisation, how, signed_in_at) IN (0, 4)),
    CONSTRAINT user_session_pending_or_signed_in CHECK (num_nonnulls(user_id, pending_user_id) <= 1),
    CONSTRAINT user_session_ended_why CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    FOREIGN KEY (user_id, organisation) REFERENCES user_account (id, organisation)
  );
  CREATE INDEX user_session_user ON user_session (user_id) WHERE user_id IS NOT NULL;
  CREATE INDEX user_session_pending ON user_session (pending_user_id) WHERE pending_user_id IS NOT NULL;
  CREATE INDEX user_session_expires ON user_session (expires_at);
  COMMENT ON TABLE user_session IS 'Sessions of the pages, by the SHA-256 of the cookie''s random id: who reads this table cannot take one over.';
  COMMENT ON COLUMN user_session.user_id IS 'Null until somebody signs in, which makes a new row: a session never becomes somebody''s.';
  COMMENT ON COLUMN user_session.pending_user_id IS 'Who has shown a password and no second factor yet: what ends the user''s sessions ends this one.';
  GRANT SELECT (id, user_id, organisation, how, pending_user_id, user_agent, created_at, signed_in_at, seen_at, idle_seconds, expires_at, ended_at, end_reason),
        INSERT, UPDATE (data, pending_user_id, ended_at, end_reason), DELETE ON user_session TO claims_app;`;

const CREDENTIALS = `
  CREATE TABLE user_credential (
    user_id uuid PRIMARY KEY,
    organisation text NOT NULL,
    password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    password_at timestamptz NOT NULL,
    totp_sealed bytea,
    totp_at timestamptz,
    totp_step bigint CHECK (totp_step > 0),
    CONSTRAINT user_credential_totp_whole CHECK (num_nonnulls(totp_sealed, totp_at, totp_step) IN (0, 3)),
    FOREIGN KEY (user_id, organisation) REFERENCES user_account (id, organisation)
  );
  COMMENT ON COLUMN user_credential.totp_sealed IS 'The secret of the second factor, AES-256-GCM under a key made from SECRET_KEY.';
  COMMENT ON COLUMN user_credential.totp_step IS 'The 30-second step of the last code that was accepted: no code works twice.';
  GRANT SELECT (user_id, organisation, password_at, totp_at, totp_step), INSERT,
        UPDATE (password_hash, password_at, totp_sealed, totp_at, totp_step) ON user_credential TO claims_app;

  CREATE TABLE sign_in_attempt (
    key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
    failures int NOT NULL DEFAULT 0 CHECK (failures >= 0),
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    locked_until timestamptz
  );
  CREATE INDEX sign_in_attempt_last ON sign_in_attempt (last_at);
  COMMENT ON TABLE sign_in_attempt IS 'Guesses at an address, by an HMAC of it, whether anybody has it or not: being locked tells nobody who is known.';
  ALTER TABLE sign_in_attempt ENABLE ROW LEVEL SECURITY;
  ALTER TABLE sign_in_attempt FORCE ROW LEVEL SECURITY;
  CREATE POLICY sign_in_attempt_everybody ON sign_in_attempt USING (current_setting('app.authority', true) = '*');
  GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_attempt TO claims_app;

  CREATE TABLE user_identity (
    issuer text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 500),
    subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    user_id uuid NOT NULL,
    organisation text NOT NULL,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject),
    CONSTRAINT user_identity_one_of_an_issuer UNIQUE (user_id, issuer),
    FOREIGN KEY (user_id, organisation) REFERENCES user_account (id, organisation)
  );
  COMMENT ON TABLE user_identity IS 'Who an OpenID provider knows a user as. One of each provider: an address it gives to another person later opens nothing.';
  GRANT SELECT, INSERT, DELETE ON user_identity TO claims_app;`;

const LINK = `
  CREATE TABLE user_link (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL,
    organisation text NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('invitation', 'reset')),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    sealed bytea,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    used_at timestamptz,
    cancelled_at timestamptz,
    sent_at timestamptz,
    failed text CHECK (length(failed) <= 500),
    CONSTRAINT user_link_sha256_key UNIQUE (sha256),
    CONSTRAINT user_link_used_or_cancelled CHECK (num_nonnulls(used_at, cancelled_at) <= 1),
    CONSTRAINT user_link_sealed_until_settled CHECK (sealed IS NULL OR num_nonnulls(used_at, cancelled_at, sent_at) = 0),
    FOREIGN KEY (user_id, organisation) REFERENCES user_account (id, organisation)
  );
  CREATE INDEX user_link_user ON user_link (user_id, id DESC);
  CREATE INDEX user_link_expires ON user_link (expires_at);
  COMMENT ON TABLE user_link IS 'Links that let somebody choose a password, by the SHA-256 of their token.';
  COMMENT ON COLUMN user_link.sealed IS 'The token until the e-mail with it has gone, AES-256-GCM under a key made from SECRET_KEY.';
  GRANT SELECT (id, user_id, organisation, purpose, sealed, created_by, created_at, expires_at, used_at, cancelled_at, sent_at, failed),
        INSERT, UPDATE (sealed, used_at, cancelled_at, sent_at, failed), DELETE ON user_link TO claims_app;`;

/**
 * Asked in one statement before anybody knows whose authority to set, so as the owner, as `authenticate_token` is. Each
 * sets and puts back what row-level security looks at.
 */
const owned = (signature: string, returns: string, body: string): string => `
  CREATE FUNCTION ${signature} RETURNS ${returns}
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  #variable_conflict use_column
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_all text := set_config('app.authority', '*', true);
    v_found public.user_session;
  BEGIN
    ${body}
  END $$;`;
const PUT_BACK = `PERFORM set_config('app.authority', coalesce(v_scope, ''), true);`;
/** Dead for whatever reason, and whoever asks. */
const ALIVE = `s.ended_at IS NULL AND s.expires_at > p_now AND s.seen_at + make_interval(secs => s.idle_seconds) > p_now`;

const FIND_SESSION = owned(
  'find_session(p_sha256 bytea, p_now timestamptz)',
  'TABLE (session_id uuid, user_id uuid, organisation text, how text, data jsonb, name text, email text, roles text[])',
  `
    SELECT s.* INTO v_found FROM public.user_session s
      LEFT JOIN public.user_account u ON u.id = s.user_id
     WHERE s.sha256 = p_sha256 AND ${ALIVE} AND (s.user_id IS NULL OR u.active);
    IF v_found.seen_at <= p_now - interval '1 minute' THEN
      UPDATE public.user_session SET seen_at = p_now WHERE id = v_found.id AND seen_at < p_now;
    END IF;
    RETURN QUERY
      SELECT v_found.id, v_found.user_id, v_found.organisation, v_found.how, v_found.data, u.name, u.email, u.roles
        FROM (SELECT 1) AS one LEFT JOIN public.user_account u ON u.id = v_found.user_id
       WHERE v_found.id IS NOT NULL;
    ${PUT_BACK}`,
);

/** `unknown`: there is no such session; `other`: it is not this user's; `kept`: as it is to be, or over. */
const SAVE_SESSION = owned(
  'save_session(p_sha256 bytea, p_now timestamptz, p_user uuid, p_pending uuid, p_data jsonb)',
  'text',
  `
    SELECT s.* INTO v_found FROM public.user_session s WHERE s.sha256 = p_sha256;
    IF v_found.id IS NOT NULL AND (p_user IS NULL OR p_user IS NOT DISTINCT FROM v_found.user_id) THEN
      UPDATE public.user_session s SET data = p_data, pending_user_id = p_pending, seen_at = p_now
       WHERE s.id = v_found.id AND ${ALIVE} AND (s.data <> p_data OR s.seen_at <= p_now - interval '1 minute');
    END IF;
    ${PUT_BACK}
    RETURN CASE WHEN v_found.id IS NULL THEN 'unknown'
                WHEN p_user IS NULL OR p_user IS NOT DISTINCT FROM v_found.user_id THEN 'kept' ELSE 'other' END;`,
);

/** The owner's only so that no other statement reads a hash or a secret: an authority's own scope is not enough for it. */
const secret = (signature: string, returns: string, query: string): string => `
  CREATE FUNCTION ${signature} RETURNS TABLE (${returns})
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$ ${query} AND current_setting('app.authority', true) = '*' $$;`;

const SIGN_IN_ACCOUNT = secret(
  'sign_in_account(p_email text, p_user uuid)',
  `user_id uuid, organisation text, roles text[], name text, email text, active boolean,
   password_hash text, totp_sealed bytea, totp_step bigint`,
  `SELECT u.id, u.organisation, u.roles, u.name, u.email, u.active, c.password_hash, c.totp_sealed, c.totp_step
     FROM public.user_account u LEFT JOIN public.user_credential c ON c.user_id = u.id
    WHERE (u.email = p_email OR u.id = p_user)`,
);

const FIND_LINK = secret(
  'find_link(p_purpose text, p_sha256 bytea, p_now timestamptz)',
  'link_id uuid, user_id uuid, organisation text, name text, email text',
  `SELECT l.id, l.user_id, l.organisation, u.name, u.email
     FROM public.user_link l JOIN public.user_account u ON u.id = l.user_id
    WHERE l.sha256 = p_sha256 AND l.purpose = p_purpose AND l.used_at IS NULL AND l.cancelled_at IS NULL
      AND l.expires_at > p_now AND u.active`,
);

const FUNCTIONS = [
  'find_session(bytea, timestamptz)',
  'save_session(bytea, timestamptz, uuid, uuid, jsonb)',
  'sign_in_account(text, uuid)',
  'find_link(text, bytea, timestamptz)',
];

/** Sessions, passwords, second factors, links and the identities of other providers (docs/adr/0040-sign-in.md). */
export class SignIn1514764800026 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [SESSION, CREDENTIALS, LINK]) await runner.query(sql);
    for (const table of ['user_session', 'user_credential', 'user_identity', 'user_link']) {
      await enableRls(runner, table, 'organisation');
    }
    for (const sql of [FIND_SESSION, SAVE_SESSION, SIGN_IN_ACCOUNT, FIND_LINK]) await runner.query(sql);
    for (const name of FUNCTIONS) {
      await runner.query(
        `REVOKE ALL ON FUNCTION ${name} FROM PUBLIC; GRANT EXECUTE ON FUNCTION ${name} TO claims_app;`,
      );
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}
