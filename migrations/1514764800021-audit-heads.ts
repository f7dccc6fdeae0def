import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * What a function that sees across authorities asks of its caller: a scope of everything, or of that authority alone. Answers
 * the scope, for the function to give back at its end.
 */
const SCOPE = `
  CREATE FUNCTION require_scope(p_authority text, p_scope text DEFAULT current_setting('app.authority', true)) RETURNS text
  LANGUAGE plpgsql STABLE AS $$
  BEGIN
    IF p_scope = '*' OR nullif(p_scope, '') = p_authority THEN RETURN p_scope; END IF;
    RAISE EXCEPTION 'This needs the scope %; the scope is "%".',
      CASE p_authority WHEN '*' THEN 'of every authority' ELSE 'of ' || p_authority END, coalesce(p_scope, '')
      USING ERRCODE = 'insufficient_privilege';
  END $$;
  REVOKE ALL ON FUNCTION require_scope(text, text) FROM PUBLIC;`;

/** Several heads before the first entry, by acts that cannot tell of all in one order. A chain that has none yet gets one at 0. */
const LOCK_HEADS = `
  CREATE FUNCTION audit_lock_heads(p_chains text[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_chain text;
  BEGIN
    PERFORM public.require_scope('*');
    FOR v_chain IN SELECT c.chain FROM (SELECT DISTINCT unnest(p_chains) AS chain) c ORDER BY public.audit_place(c.chain) COLLATE "C" LOOP
      PERFORM public.audit_lock_head(v_chain);
    END LOOP;
  END $$;
  REVOKE ALL ON FUNCTION audit_lock_heads(text[]) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION audit_lock_heads(text[]) TO claims_app;`;

/** As before, of chains that have an entry: a head that was only locked vouches for nothing. And for the payer alone. */
const SEAL = `
  CREATE OR REPLACE FUNCTION audit_seal(p_at timestamptz) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_at timestamptz(3) := p_at;
    v_number bigint;
    v_previous bytea;
    v_heads public.audit_head[];
    v_head public.audit_head;
    v_fields text[];
  BEGIN
    PERFORM public.require_scope('*');
    LOCK TABLE public.audit_checkpoint IN SHARE ROW EXCLUSIVE MODE;
    SELECT number, hash INTO v_number, v_previous FROM public.audit_checkpoint ORDER BY number DESC LIMIT 1;
    v_number := coalesce(v_number, 0) + 1;
    v_previous := coalesce(v_previous, decode(repeat('00', 32), 'hex'));
    SELECT coalesce(array_agg(h ORDER BY h.chain COLLATE "C"), '{}') INTO v_heads FROM public.audit_head h WHERE h.seq > 0;
    v_fields := ARRAY['audit-checkpoint-v1', v_number::text,
      to_char(v_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')];
    FOREACH v_head IN ARRAY v_heads LOOP
      v_fields := v_fields || ARRAY[v_head.chain, v_head.seq::text, encode(v_head.hash, 'hex')];
    END LOOP;
    INSERT INTO public.audit_checkpoint (number, at, prev_hash, hash)
      VALUES (v_number, v_at, v_previous, sha256(v_previous || public.audit_fields(v_fields)));
    INSERT INTO public.audit_checkpoint_head (number, chain, seq, hash)
      SELECT v_number, h.chain, h.seq, h.hash FROM unnest(v_heads) AS h;
    RETURN v_number;
  END $$;`;

/** Heads of the trail that are locked together, in their order (docs/adr/0010-audit-chain.md). */
export class AuditHeads1514764800021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [SCOPE, LOCK_HEADS, SEAL]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}
