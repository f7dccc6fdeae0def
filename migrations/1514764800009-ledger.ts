import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

/** Postings and snapshots take turns by it (docs/ledger.md, "Snapshots"). Any number no other lock of ours has. */
const LEDGER_LOCK = 1514764809;

const TABLES = `
  CREATE TABLE ledger_account (
    id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE
      CHECK (length(name) <= 200 AND name ~ '^(assets|liabilities|equity|income|expenses)(:[A-Za-z0-9_/.&-]+( [A-Za-z0-9_/.&-]+)*)+$'),
    type text NOT NULL GENERATED ALWAYS AS (CASE split_part(name, ':', 1)
      WHEN 'assets' THEN 'asset' WHEN 'liabilities' THEN 'liability' WHEN 'equity' THEN 'equity'
      WHEN 'income' THEN 'income' WHEN 'expenses' THEN 'expense' END) STORED
  );
  COMMENT ON TABLE ledger_account IS 'Accounts of the books, made when they are first posted to. Names are as in the hledger export.';

  CREATE TABLE journal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event text NOT NULL UNIQUE CHECK (length(event) BETWEEN 1 AND 200),
    kind text NOT NULL CHECK (kind ~ '^[a-z][a-z_]{1,49}$'),
    programme_code text NOT NULL REFERENCES programme,
    authority_code text REFERENCES authority,
    booked_on date NOT NULL,
    at timestamptz(3) NOT NULL,
    description text NOT NULL CHECK (length(description) BETWEEN 1 AND 300 AND description !~ '[[:cntrl:];|]'),
    claim_id uuid,
    reverses bigint UNIQUE REFERENCES journal,
    reason text CHECK (length(reason) <= 500),
    posting_count smallint NOT NULL CHECK (posting_count >= 2),
    actor_id uuid NOT NULL,
    CONSTRAINT journal_booked_in_london CHECK (booked_on = (at AT TIME ZONE 'Europe/London')::date),
    CONSTRAINT journal_reversal_says_why CHECK ((reverses IS NULL) = (reason IS NULL))
  );
  COMMENT ON COLUMN journal.event IS 'What happened, once: a replay finds it and posts nothing.';
  COMMENT ON COLUMN journal.authority_code IS 'The one authority its postings name; null for the payer''s own.';
  CREATE INDEX journal_in_order ON journal (at, id);
  CREATE INDEX journal_of_claim ON journal (claim_id) WHERE claim_id IS NOT NULL;

  CREATE TABLE posting (
    journal_id bigint NOT NULL REFERENCES journal,
    position smallint NOT NULL CHECK (position >= 1),
    account_id smallint NOT NULL REFERENCES ledger_account,
    authority_code text REFERENCES authority,
    amount_pence bigint NOT NULL CHECK (amount_pence <> 0),
    at timestamptz(3) NOT NULL,
    PRIMARY KEY (journal_id, position)
  );
  COMMENT ON COLUMN posting.amount_pence IS 'Debit positive, credit negative.';
  COMMENT ON COLUMN posting.at IS 'Its journal''s: balances are found by the two indexes alone.';
  CREATE INDEX posting_of_account ON posting (account_id, authority_code, at, journal_id, position) INCLUDE (amount_pence);
  CREATE INDEX posting_at ON posting (at) INCLUDE (account_id, authority_code, amount_pence);

  CREATE TABLE ledger_snapshot (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz(3) NOT NULL UNIQUE
  );
  CREATE TABLE ledger_snapshot_balance (
    snapshot_id int NOT NULL REFERENCES ledger_snapshot,
    account_id smallint NOT NULL REFERENCES ledger_account,
    authority_code text NOT NULL,
    debit_pence bigint NOT NULL CHECK (debit_pence >= 0),
    credit_pence bigint NOT NULL CHECK (credit_pence >= 0),
    PRIMARY KEY (snapshot_id, account_id, authority_code)
  );
  COMMENT ON TABLE ledger_snapshot IS 'Up to this instant the books are closed: nothing can be posted at it or before.';
  COMMENT ON TABLE ledger_snapshot_balance IS 'All that was ever debited and credited by then. No authority is an empty text.';
  GRANT SELECT ON ledger_account, journal, posting, ledger_snapshot, ledger_snapshot_balance TO claims_app;`;

const RLS_TABLES = ['journal', 'posting', 'ledger_snapshot_balance'];
const ALL_TABLES = ['ledger_account', 'journal', 'posting', 'ledger_snapshot', 'ledger_snapshot_balance'];

/** Statement triggers fire for the owner and a superuser too, and even when no row matches. */
const APPEND_ONLY = `
  CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'The ledger is append-only: % on % is refused. Post a reversal.', TG_OP, TG_TABLE_NAME USING ERRCODE = '42501';
  END $$;
  ${ALL_TABLES.map(
    (table) => `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();`,
  ).join('\n')}`;

/**
 * At commit every journal written to has as many postings as it says, which come to nothing, are of its own instant and
 * of no other authority than its own. The functions see all for as long as they run and give the caller's own sight back,
 * as those of the audit trail do.
 */
const BALANCED = `
  CREATE FUNCTION ledger_require_balanced(p_journal bigint) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_all text := set_config('app.authority', '*', true);
    v_found record;
  BEGIN
    SELECT j.event, j.posting_count, count(p.*) AS count, max(p.position) AS last, coalesce(sum(p.amount_pence), 0) AS sum,
           coalesce(bool_and(p.at = j.at AND (p.authority_code IS NULL OR p.authority_code = j.authority_code)), true) AS own
      INTO v_found
      FROM public.journal j LEFT JOIN public.posting p ON p.journal_id = j.id
     WHERE j.id = p_journal GROUP BY j.id;
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
    IF v_found.sum <> 0 THEN
      RAISE EXCEPTION 'Journal "%" does not balance: it is out by % pence.', v_found.event, v_found.sum
        USING ERRCODE = '23514', CONSTRAINT = 'journal_balanced';
    END IF;
    IF v_found.count <> v_found.posting_count OR v_found.last <> v_found.posting_count OR v_found.own IS NOT TRUE THEN
      RAISE EXCEPTION 'Journal "%" is not whole: its postings are not those it was made of.', v_found.event
        USING ERRCODE = '23514', CONSTRAINT = 'journal_whole';
    END IF;
  END $$;
  CREATE FUNCTION ledger_check_journal() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  BEGIN PERFORM public.ledger_require_balanced(NEW.id); RETURN NULL; END $$;
  CREATE FUNCTION ledger_check_posting() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  BEGIN PERFORM public.ledger_require_balanced(NEW.journal_id); RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER journal_balanced AFTER INSERT ON journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_journal();
  -- Positions are 1 to posting_count, so that whoever adds a posting later adds one beyond the first.
  CREATE CONSTRAINT TRIGGER posting_balanced AFTER INSERT ON posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.position > 1) EXECUTE FUNCTION ledger_check_posting();`;

/**
 * Whoever posts shares the lock until commit; a snapshot takes it alone. So when a snapshot is made, every posting is either
 * committed and counted, or still to come, and then refused if it would lie before. As a serialization failure: the
 * transaction did nothing, and may run again at a later instant.
 */
const CLOSED = `
  CREATE FUNCTION ledger_share_lock() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_advisory_xact_lock_shared(${LEDGER_LOCK}); RETURN NULL; END $$;
  CREATE FUNCTION ledger_require_open() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF EXISTS (SELECT FROM new_rows n WHERE n.at <= (SELECT max(s.at) FROM public.ledger_snapshot s)) THEN
      RAISE EXCEPTION 'ledger_closed: the books are closed up to a later instant than this is of.' USING ERRCODE = '40001';
    END IF;
    RETURN NULL;
  END $$;
  ${['journal', 'posting']
    .map(
      (table) => `CREATE TRIGGER ${table}_locks BEFORE INSERT ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_share_lock();
      CREATE TRIGGER ${table}_open AFTER INSERT ON ${table} REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_require_open();`,
    )
    .join('\n')}`;

/** The ways in: the runtime role may not insert, so what it cannot do through these it cannot do at all. */
const POST = `
  CREATE FUNCTION ledger_post(p_at timestamptz, p_actor_id uuid, p_journals jsonb) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_all text := set_config('app.authority', '*', true);
    v_at timestamptz(3) := p_at;
    v_count int;
  BEGIN
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
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
    RETURN v_count;
  END $$;

  CREATE FUNCTION ledger_reverse(p_at timestamptz, p_actor_id uuid, p_events text[], p_reason text) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_all text := set_config('app.authority', '*', true);
    v_at timestamptz(3) := p_at;
    v_wrong text;
    v_count int;
  BEGIN
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
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
    RETURN v_count;
  END $$;`;

const SNAPSHOT = `
  CREATE FUNCTION ledger_take_snapshot(p_at timestamptz) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_all text := set_config('app.authority', '*', true);
    v_at timestamptz(3) := p_at;
    v_last public.ledger_snapshot;
    v_id int;
  BEGIN
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
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
    RETURN v_id;
  END $$;

  REVOKE ALL ON FUNCTION ledger_refuse(), ledger_require_balanced(bigint), ledger_check_journal(), ledger_check_posting(),
    ledger_share_lock(), ledger_require_open(), ledger_post(timestamptz, uuid, jsonb),
    ledger_reverse(timestamptz, uuid, text[], text), ledger_take_snapshot(timestamptz) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION ledger_post(timestamptz, uuid, jsonb), ledger_reverse(timestamptz, uuid, text[], text),
    ledger_take_snapshot(timestamptz) TO claims_app;`;

/**
 * What was approved before there were books, as ApproveClaim posts it now: by category, at the instant and by the person of
 * the approval. A claim rejected after its approval had nothing left to post.
 */
const APPROVED_BEFORE = `
  SELECT set_config('app.authority', '*', true);
  DO $$
  DECLARE
    v_claim record;
  BEGIN
    FOR v_claim IN
      SELECT c.*, regexp_replace(t.terms #>> '{funder,shortName}', '[^A-Za-z0-9_/.&-]+', '-', 'g') AS funder FROM claim c JOIN programme_terms t ON t.id = c.terms_id
       WHERE c.approved_pence > 0 AND c.state IN ('approved', 'funded', 'scheduled', 'paid', 'reconciled')
       ORDER BY c.approved_at, c.id
    LOOP
      PERFORM ledger_post(v_claim.approved_at, v_claim.approved_by, jsonb_build_array(jsonb_build_object(
        'event', 'claim.approved:' || v_claim.id || ':' || v_claim.invoice_number, 'kind', 'claim_approved',
        'programme', v_claim.programme_code, 'authority', v_claim.authority_code, 'claimId', v_claim.id,
        'description', 'Claim approved, invoice ' || v_claim.invoice_number,
        'postings', (
          SELECT jsonb_agg(jsonb_build_object('account', p.account, 'authority', p.authority, 'amountPence', p.amount) ORDER BY p.rank, p.account)
            FROM (SELECT 1 AS rank, 'expenses:reimbursement:' || a.key AS account, v_claim.authority_code AS authority,
                         (a.value ->> 'reimbursementPence')::bigint AS amount
                    FROM jsonb_each(v_claim.approved) a
                   UNION ALL SELECT 2, 'liabilities:payable:' || v_claim.authority_code, v_claim.authority_code, -v_claim.approved_pence
                   UNION ALL SELECT 3, 'assets:receivable:' || v_claim.funder, NULL, v_claim.approved_pence
                   UNION ALL SELECT 4, 'income:grant:' || v_claim.funder, NULL, -v_claim.approved_pence) p
           WHERE p.amount <> 0))));
    END LOOP;
  END $$;
  SELECT set_config('app.authority', '', true);`;

/** The payer's books: double entry, append-only, balanced at commit (docs/ledger.md). */
export class Ledger1514764800009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of RLS_TABLES) await enableRls(runner, table);
    for (const sql of [APPEND_ONLY, BALANCED, CLOSED, POST, SNAPSHOT, APPROVED_BEFORE]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}
