import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Postings and snapshots take turns by it (docs/ledger.md, "Snapshots"). */
const LEDGER_LOCK = 1514764809;

/** The payer's acts and the system's alone post: an authority's come before there is anything to book. */
const BOOKS = `
  CREATE OR REPLACE FUNCTION ledger_post(p_at timestamptz, p_actor_id uuid, p_journals jsonb) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_at timestamptz(3) := p_at;
    v_count int;
  BEGIN
    PERFORM public.require_scope('*');
    INSERT INTO public.ledger_account (name)
      SELECT DISTINCT p.account FROM jsonb_array_elements(p_journals) AS j,
             jsonb_to_recordset(j -> 'postings') AS p(account text)
       WHERE NOT EXISTS (SELECT FROM public.ledger_account a WHERE a.name = p.account)
       ORDER BY p.account
      ON CONFLICT (name) DO NOTHING;
    WITH input AS (
      SELECT i.* FROM ROWS FROM (jsonb_to_recordset(p_journals) AS ("event" text, "kind" text, "programme" text,
               "authority" text, "description" text, "claimId" uuid, "postings" jsonb)) WITH ORDINALITY
             AS i(event, kind, programme, authority, description, claim_id, postings, position)
    ), posted AS (
      INSERT INTO public.journal (event, kind, programme_code, authority_code, booked_on, at, description, claim_id,
                                  posting_count, actor_id)
        SELECT i.event, i.kind, i.programme, i.authority, (v_at AT TIME ZONE 'Europe/London')::date, v_at, i.description,
               i.claim_id, jsonb_array_length(i.postings), p_actor_id
          FROM input i ORDER BY i.position
        ON CONFLICT (event) DO NOTHING
        RETURNING id, event
    ), lines AS (
      INSERT INTO public.posting (journal_id, position, account_id, authority_code, amount_pence, at)
        SELECT j.id, p.position, a.id, p.authority, p.amount, v_at
          FROM posted j JOIN input i ON i.event = j.event,
               ROWS FROM (jsonb_to_recordset(i.postings) AS ("account" text, "amountPence" bigint, "authority" text))
                 WITH ORDINALITY AS p(account, amount, authority, position)
               JOIN public.ledger_account a ON a.name = p.account
         ORDER BY j.id, p.position
    )
    SELECT count(*) INTO v_count FROM posted;
    RETURN v_count;
  END $$;

  CREATE OR REPLACE FUNCTION ledger_reverse(p_at timestamptz, p_actor_id uuid, p_events text[], p_reason text) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_at timestamptz(3) := p_at;
    v_wrong text;
    v_count int;
  BEGIN
    PERFORM public.require_scope('*');
    SELECT e.event INTO v_wrong FROM unnest(p_events) AS e(event) LEFT JOIN public.journal j ON j.event = e.event
     WHERE j.id IS NULL OR j.reverses IS NOT NULL ORDER BY e.event LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'There is no journal "%" to reverse.', v_wrong USING ERRCODE = '23503', CONSTRAINT = 'journal_to_reverse';
    END IF;
    WITH reversed AS (
      INSERT INTO public.journal (event, kind, programme_code, authority_code, booked_on, at, description, claim_id,
                                  reverses, reason, posting_count, actor_id)
        SELECT 'reversal:' || j.event, j.kind || '_reversed', j.programme_code, j.authority_code,
               (v_at AT TIME ZONE 'Europe/London')::date, v_at, left('Reversal: ' || j.description, 300), j.claim_id,
               j.id, p_reason, j.posting_count, p_actor_id
          FROM public.journal j WHERE j.event = ANY (p_events) ORDER BY j.id
        ON CONFLICT DO NOTHING
        RETURNING id, reverses
    ), lines AS (
      INSERT INTO public.posting (journal_id, position, account_id, authority_code, amount_pence, at)
        SELECT r.id, p.position, p.account_id, p.authority_code, -p.amount_pence, v_at
          FROM reversed r JOIN public.posting p ON p.journal_id = r.reverses ORDER BY r.id, p.position
    )
    SELECT count(*) INTO v_count FROM reversed;
    RETURN v_count;
  END $$;

  CREATE OR REPLACE FUNCTION ledger_take_snapshot(p_at timestamptz) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_at timestamptz(3) := p_at;
    v_last public.ledger_snapshot;
    v_id int;
  BEGIN
    PERFORM public.require_scope('*');
    PERFORM pg_advisory_xact_lock(${LEDGER_LOCK});
    SELECT * INTO v_last FROM public.ledger_snapshot ORDER BY at DESC LIMIT 1;
    IF v_last.at IS NULL OR v_last.at < v_at THEN
      INSERT INTO public.ledger_snapshot (at) VALUES (v_at) RETURNING id INTO v_id;
      INSERT INTO public.ledger_snapshot_balance
        SELECT v_id, b.account_id, b.authority_code, sum(b.debit)::bigint, sum(b.credit)::bigint FROM (
          SELECT account_id, authority_code, debit_pence AS debit, credit_pence AS credit
            FROM public.ledger_snapshot_balance WHERE snapshot_id = v_last.id
          UNION ALL
          SELECT account_id, coalesce(authority_code, ''), greatest(amount_pence, 0), greatest(-amount_pence, 0)
            FROM public.posting WHERE at > coalesce(v_last.at, '-infinity') AND at <= v_at) b
         GROUP BY b.account_id, b.authority_code;
    END IF;
    RETURN v_id;
  END $$;`;

/** One field of the bytes an entry is hashed over, as audit_fields writes it. */
const field = (sql: string): string => `coalesce(octet_length(${sql}) || ':' || ${sql} || ',', '-,')`;

const NUMBERED = `
      SELECT i.*, h.hash AS head, h.seq + row_number() OVER (PARTITION BY i.chain ORDER BY i.position) AS seq
        FROM ROWS FROM (jsonb_to_recordset(p_entries) AS ("chain" text, "action" text, "subjectType" text,
               "subjectId" text, "claimId" uuid, "before" jsonb, "after" jsonb, "reason" text)) WITH ORDINALITY
               AS i(chain, action, subject_type, subject_id, claim_id, before, after, reason, position)
        JOIN public.audit_head h ON h.chain = i.chain`;

const OWN_FIELDS = [
  'n.action',
  'n.subject_type',
  'n.subject_id',
  'n.claim_id::text',
  'n.before::text',
  'n.after::text',
  'n.reason',
];

/** Whose trail it is tells it: an authority's people their own, the payer's any, the programme's included. */
const TRAIL = `
  CREATE OR REPLACE FUNCTION audit_append(p_chain text, p_at timestamptz, p_actor_id uuid, p_actor_roles text[],
    p_organisation text, p_request_id text, p_action text, p_subject_type text, p_subject_id text, p_claim_id uuid,
    p_before jsonb, p_after jsonb, p_reason text) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := public.require_scope(p_chain);
    v_all text := set_config('app.authority', '*', true);
    v_head public.audit_head := public.audit_lock_head(p_chain);
    v_entry public.audit_entry := ROW(p_chain, v_head.seq + 1, p_at::timestamptz(3), p_actor_id, p_actor_roles, p_organisation, p_action,
      p_subject_type, p_subject_id, p_claim_id, p_before, p_after, p_reason, p_request_id, v_head.hash, NULL);
  BEGIN
    v_entry.hash := public.audit_entry_hash(v_entry);
    INSERT INTO public.audit_entry VALUES (v_entry.*);
    UPDATE public.audit_head SET seq = v_entry.seq, hash = v_entry.hash WHERE chain = p_chain;
    PERFORM set_config('app.authority', v_scope, true);
    RETURN v_entry.seq;
  END $$;

  CREATE OR REPLACE FUNCTION audit_append_many(p_at timestamptz, p_actor_id uuid, p_actor_roles text[], p_organisation text,
    p_request_id text, p_entries jsonb) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_all text := set_config('app.authority', '*', true);
    v_at timestamptz(3) := p_at;
    v_version text := ${field(`'audit-entry-v1'::text`)};
    -- The same for every entry, as far as the fields stand together: when, who, and at the end the request.
    v_who text := ${['to_char(v_at AT TIME ZONE \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"\')', 'p_actor_id::text', 'array_to_json(p_actor_roles)::text', 'p_organisation'].map(field).join(' || ')};
    v_request text := ${field('p_request_id')};
    v_chain text;
    v_count bigint;
  BEGIN
    -- Chains in the order of all heads, so that two callers never wait for each other's.
    FOR v_chain IN SELECT c.chain FROM (SELECT DISTINCT i ->> 'chain' AS chain FROM jsonb_array_elements(p_entries) AS i) c
                    ORDER BY public.audit_place(c.chain) COLLATE "C" LOOP
      PERFORM public.require_scope(v_chain, v_scope);
      PERFORM public.audit_lock_head(v_chain);
    END LOOP;
    WITH numbered AS MATERIALIZED (${NUMBERED}
    ), chained AS (
      SELECT n.*, public.audit_chained(n.head, convert_to(v_version || ${['n.chain', 'n.seq::text'].map(field).join(' || ')} || v_who
               || ${OWN_FIELDS.map(field).join(' || ')} || v_request, 'UTF8'))
               OVER (PARTITION BY n.chain ORDER BY n.position ROWS UNBOUNDED PRECEDING) AS hash
        FROM numbered n
    ), stored AS (
      INSERT INTO public.audit_entry (chain, seq, at, actor_id, actor_roles, organisation, action, subject_type, subject_id, claim_id,
          before, after, reason, request_id, prev_hash, hash)
        SELECT c.chain, c.seq, v_at, p_actor_id, p_actor_roles, p_organisation, c.action, c.subject_type, c.subject_id, c.claim_id,
               c.before, c.after, c.reason, p_request_id,
               lag(c.hash, 1, c.head) OVER (PARTITION BY c.chain ORDER BY c.position), c.hash
          FROM chained c
        RETURNING chain, seq, hash
    ), heads AS (
      UPDATE public.audit_head h SET seq = last.seq, hash = last.hash
        FROM (SELECT DISTINCT ON (s.chain) s.* FROM stored s ORDER BY s.chain, s.seq DESC) last WHERE h.chain = last.chain
    )
    SELECT count(*) INTO v_count FROM stored;
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
    RETURN v_count;
  END $$;`;

/** About its own account an authority may ask whether another has it, not about the next one's. */
const ACCOUNTS = `
  CREATE OR REPLACE FUNCTION bank_account_of_another(p_authority text, p_sort_code text, p_account_number text, p_iban text)
  RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := public.require_scope(p_authority);
    v_all text := set_config('app.authority', '*', true);
    v_found boolean;
  BEGIN
    v_found := EXISTS (SELECT FROM public.bank_details b WHERE b.authority_code <> p_authority
      AND ((b.sort_code = p_sort_code AND b.account_number = p_account_number) OR b.iban = p_iban));
    PERFORM set_config('app.authority', v_scope, true);
    RETURN v_found;
  END $$;`;

/**
 * They bring receipts to what slices say, and see whether a request was submitted: with a narrower scope they would see neither
 * where their owner is bound by row-level security, and an authority would fund itself where it is not.
 */
const FUNDING = `
  CREATE OR REPLACE FUNCTION funding_slice_added() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  BEGIN
    PERFORM public.require_scope('*');
    IF EXISTS (SELECT 1 FROM added WHERE ended_by IS NOT NULL) THEN
      RAISE EXCEPTION 'A slice begins live.' USING ERRCODE = 'check_violation', CONSTRAINT = 'funding_slice_begins_live';
    END IF;
    IF EXISTS (
      SELECT 1 FROM (SELECT claim_id, sum(pence) AS pence FROM added GROUP BY claim_id) f
        LEFT JOIN public.claim c ON c.id = f.claim_id WHERE c.approved_pence IS DISTINCT FROM f.pence
    ) THEN
      RAISE EXCEPTION 'A claim is funded by what was approved of it, whole or not at all.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'funding_slice_whole_claims';
    END IF;
    UPDATE public.funding_receipt r SET allocated_pence = r.allocated_pence + s.pence, version = r.version + 1
      FROM (SELECT receipt_id, sum(pence)::bigint AS pence FROM added GROUP BY receipt_id) s WHERE r.id = s.receipt_id;
    RETURN NULL;
  END $$;

  CREATE OR REPLACE FUNCTION funding_slice_ended() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  BEGIN
    PERFORM public.require_scope('*');
    IF EXISTS (SELECT 1 FROM was WHERE ended_by IS NOT NULL) THEN
      RAISE EXCEPTION 'A slice that has ended stays as it was.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'funding_slice_ends_once';
    END IF;
    IF EXISTS (SELECT 1 FROM is_now n JOIN public.funding_slice s ON s.claim_id = n.claim_id AND s.ended_by IS NULL) THEN
      RAISE EXCEPTION 'The funding of a claim ends whole or not at all.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'funding_slice_ends_whole';
    END IF;
    UPDATE public.funding_receipt r SET allocated_pence = r.allocated_pence - s.pence, version = r.version + 1
      FROM (SELECT receipt_id, sum(pence)::bigint AS pence FROM is_now GROUP BY receipt_id) s WHERE r.id = s.receipt_id;
    RETURN NULL;
  END $$;

  CREATE OR REPLACE FUNCTION funding_request_claim_kept() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  BEGIN
    PERFORM public.require_scope('*');
    IF EXISTS (SELECT 1 FROM changed n JOIN public.funding_request r ON r.id = n.request_id WHERE r.number IS NOT NULL) THEN
      RAISE EXCEPTION 'A request that was submitted keeps its claims.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'funding_request_frozen';
    END IF;
    RETURN NULL;
  END $$;`;

/**
 * Functions that see across authorities are for whoever may: each asks its caller's scope first, so that not even SQL as the
 * role of the processes gets beyond it (docs/adr/0011-access.md). Nothing else of them is another; grants stay.
 */
export class NarrowScopes1514764800022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [BOOKS, TRAIL, ACCOUNTS, FUNDING]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}
