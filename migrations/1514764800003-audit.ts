import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

const TABLES = `
  DO $$ BEGIN
    IF current_setting('server_encoding') <> 'UTF8' THEN
      RAISE EXCEPTION 'The database must use the encoding UTF8: the audit trail is hashed over UTF-8 bytes.';
    END IF;
  END $$;

  CREATE TABLE audit_entry (
    chain text NOT NULL CHECK (length(chain) BETWEEN 1 AND 30),
    seq bigint NOT NULL CHECK (seq >= 1),
    at timestamptz(3) NOT NULL,
    actor_id uuid NOT NULL,
    actor_roles text[] NOT NULL,
    organisation text NOT NULL,
    action text NOT NULL CHECK (length(action) BETWEEN 1 AND 100),
    subject_type text NOT NULL,
    subject_id text NOT NULL,
    claim_id uuid,
    before jsonb,
    after jsonb,
    reason text,
    request_id text,
    prev_hash bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (chain, seq)
  );
  CREATE INDEX audit_entry_at ON audit_entry (at, chain, seq);
  CREATE INDEX audit_entry_claim ON audit_entry (claim_id, at) WHERE claim_id IS NOT NULL;
  CREATE INDEX audit_entry_actor ON audit_entry (actor_id, at);
  COMMENT ON TABLE audit_entry IS 'Every change: who, when, what, before, after, why. Chained per authority by SHA-256; see docs/adr.';

  CREATE TABLE audit_head (
    chain text PRIMARY KEY,
    seq bigint NOT NULL CHECK (seq >= 0),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
  ) WITH (fillfactor = 50);
  COMMENT ON TABLE audit_head IS 'The last entry of each chain: without it a cut tail could not be seen.';

  CREATE TABLE audit_checkpoint (
    number bigint PRIMARY KEY CHECK (number >= 1),
    at timestamptz(3) NOT NULL,
    prev_hash bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
  );
  CREATE TABLE audit_checkpoint_head (
    number bigint NOT NULL REFERENCES audit_checkpoint (number),
    chain text NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (number, chain)
  );
  COMMENT ON TABLE audit_checkpoint IS 'All heads at an instant, chained; each is also a file outside the database.';`;

/**
 * Statement triggers fire for the owner and a superuser too, and even when no row matches.
 * A head may only move forward.
 */
const APPEND_ONLY = `
  CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'The audit trail is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = '42501';
  END $$;
  CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
  CREATE TRIGGER audit_checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
  CREATE TRIGGER audit_checkpoint_head_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoint_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
  CREATE TRIGGER audit_head_kept BEFORE DELETE OR TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
  CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head FOR EACH ROW
    WHEN (NEW.chain <> OLD.chain OR NEW.seq <= OLD.seq) EXECUTE FUNCTION audit_refuse();`;

/**
 * The bytes an entry is hashed over: every field as length ":" value ",", or "-," when null, so that no two entries
 * give the same bytes. libs/audit/domain/canonical.ts computes the same ones independently.
 */
const HASHING = `
  CREATE FUNCTION audit_fields(p_fields text[]) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
  DECLARE
    v_field text;
    v_text text := '';
  BEGIN
    FOREACH v_field IN ARRAY p_fields LOOP
      v_text := v_text || coalesce(octet_length(v_field) || ':' || v_field || ',', '-,');
    END LOOP;
    RETURN convert_to(v_text, 'UTF8');
  END $$;

  CREATE FUNCTION audit_entry_hash(e audit_entry) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN sha256(e.prev_hash || public.audit_fields(ARRAY['audit-entry-v1', e.chain, e.seq::text,
      to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), e.actor_id::text,
      array_to_json(e.actor_roles)::text, e.organisation, e.action, e.subject_type, e.subject_id, e.claim_id::text,
      e.before::text, e.after::text, e.reason, e.request_id]));
  END $$;`;

/**
 * The functions see every chain for as long as they run and give the caller's own sight back. Not by a SET clause: that
 * would need a superuser to create them (PostgreSQL 15 and later).
 */
const APPEND = `
  CREATE FUNCTION audit_lock_head(p_chain text) RETURNS audit_head LANGUAGE plpgsql AS $$
  DECLARE
    v_head public.audit_head;
  BEGIN
    SELECT * INTO v_head FROM public.audit_head WHERE chain = p_chain FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO public.audit_head (chain, seq, hash) VALUES (p_chain, 0, decode(repeat('00', 32), 'hex'))
        ON CONFLICT (chain) DO NOTHING;
      SELECT * INTO v_head FROM public.audit_head WHERE chain = p_chain FOR UPDATE;
    END IF;
    RETURN v_head;
  END $$;

  CREATE FUNCTION audit_append(p_chain text, p_at timestamptz, p_actor_id uuid, p_actor_roles text[],
    p_organisation text, p_request_id text, p_action text, p_subject_type text, p_subject_id text, p_claim_id uuid,
    p_before jsonb, p_after jsonb, p_reason text) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_all text := set_config('app.authority', '*', true);
    v_head public.audit_head := public.audit_lock_head(p_chain);
    v_entry public.audit_entry := ROW(p_chain, v_head.seq + 1, p_at::timestamptz(3), p_actor_id, p_actor_roles, p_organisation, p_action,
      p_subject_type, p_subject_id, p_claim_id, p_before, p_after, p_reason, p_request_id, v_head.hash, NULL);
  BEGIN
    v_entry.hash := public.audit_entry_hash(v_entry);
    INSERT INTO public.audit_entry VALUES (v_entry.*);
    UPDATE public.audit_head SET seq = v_entry.seq, hash = v_entry.hash WHERE chain = p_chain;
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
    RETURN v_entry.seq;
  END $$;

  CREATE FUNCTION audit_append_many(p_at timestamptz, p_actor_id uuid, p_actor_roles text[], p_organisation text,
    p_request_id text, p_entries jsonb) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_all text := set_config('app.authority', '*', true);
    v_input record;
    v_head public.audit_head;
    v_entry public.audit_entry;
    v_count bigint := 0;
  BEGIN
    -- Chains in one fixed order, so that two callers never wait for each other's.
    FOR v_input IN
      SELECT i.* FROM ROWS FROM (jsonb_to_recordset(p_entries) AS ("chain" text, "action" text, "subjectType" text,
        "subjectId" text, "claimId" uuid, "before" jsonb, "after" jsonb, "reason" text)) WITH ORDINALITY
        AS i(chain, action, subject_type, subject_id, claim_id, before, after, reason, position)
       ORDER BY i.chain COLLATE "C", i.position
    LOOP
      IF v_head.chain IS DISTINCT FROM v_input.chain THEN
        IF v_count > 0 THEN
          UPDATE public.audit_head SET seq = v_entry.seq, hash = v_entry.hash WHERE chain = v_entry.chain;
        END IF;
        v_head := public.audit_lock_head(v_input.chain);
        v_entry.seq := v_head.seq;
        v_entry.hash := v_head.hash;
      END IF;
      v_entry := ROW(v_input.chain, v_entry.seq + 1, p_at::timestamptz(3), p_actor_id, p_actor_roles, p_organisation, v_input.action,
        v_input.subject_type, v_input.subject_id, v_input.claim_id, v_input.before, v_input.after, v_input.reason,
        p_request_id, v_entry.hash, NULL);
      v_entry.hash := public.audit_entry_hash(v_entry);
      INSERT INTO public.audit_entry VALUES (v_entry.*);
      v_count := v_count + 1;
    END LOOP;
    IF v_count > 0 THEN
      UPDATE public.audit_head SET seq = v_entry.seq, hash = v_entry.hash WHERE chain = v_entry.chain;
    END IF;
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
    RETURN v_count;
  END $$;`;

/** Heads are read once, in one snapshot: each is what some transaction committed. */
const SEAL = `
  CREATE FUNCTION audit_seal(p_at timestamptz) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_all text := set_config('app.authority', '*', true);
    v_at timestamptz(3) := p_at;
    v_number bigint;
    v_previous bytea;
    v_heads public.audit_head[];
    v_head public.audit_head;
    v_fields text[];
  BEGIN
    LOCK TABLE public.audit_checkpoint IN SHARE ROW EXCLUSIVE MODE;
    SELECT number, hash INTO v_number, v_previous FROM public.audit_checkpoint ORDER BY number DESC LIMIT 1;
    v_number := coalesce(v_number, 0) + 1;
    v_previous := coalesce(v_previous, decode(repeat('00', 32), 'hex'));
    SELECT coalesce(array_agg(h ORDER BY h.chain COLLATE "C"), '{}') INTO v_heads FROM public.audit_head h;
    v_fields := ARRAY['audit-checkpoint-v1', v_number::text,
      to_char(v_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')];
    FOREACH v_head IN ARRAY v_heads LOOP
      v_fields := v_fields || ARRAY[v_head.chain, v_head.seq::text, encode(v_head.hash, 'hex')];
    END LOOP;
    INSERT INTO public.audit_checkpoint (number, at, prev_hash, hash)
      VALUES (v_number, v_at, v_previous, sha256(v_previous || public.audit_fields(v_fields)));
    INSERT INTO public.audit_checkpoint_head (number, chain, seq, hash)
      SELECT v_number, h.chain, h.seq, h.hash FROM unnest(v_heads) AS h;
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
    RETURN v_number;
  END $$;`;

/** No INSERT for the runtime role either: what it cannot do through these functions it cannot do at all. */
const GRANTS = `
  REVOKE ALL ON FUNCTION audit_refuse(), audit_fields(text[]), audit_entry_hash(audit_entry), audit_lock_head(text),
    audit_append(text, timestamptz, uuid, text[], text, text, text, text, text, uuid, jsonb, jsonb, text),
    audit_append_many(timestamptz, uuid, text[], text, text, jsonb), audit_seal(timestamptz) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION
    audit_append(text, timestamptz, uuid, text[], text, text, text, text, text, uuid, jsonb, jsonb, text),
    audit_append_many(timestamptz, uuid, text[], text, text, jsonb), audit_seal(timestamptz) TO claims_app;
  GRANT SELECT ON audit_entry, audit_head, audit_checkpoint, audit_checkpoint_head TO claims_app;`;

/** The audit trail: append-only, chained, sealed by checkpoints (docs/adr, audit chain). */
export class Audit1514764800003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of ['audit_entry', 'audit_head', 'audit_checkpoint_head']) await enableRls(runner, table, 'chain');
    for (const sql of [APPEND_ONLY, HASHING, APPEND, SEAL, GRANTS]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}
