import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Recovered money as a source of funding, requests frozen once they are submitted, with their schedule, when a claim is paid by
 * a run, and the heads of the audit trail locked in one order.
 */
export class FundingRecovered1514764800017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [SOURCE, REQUEST, FROZEN, ADDS_UP, INTERVALS, OWN_FACTS, PAYABLE, HEADS]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

const SOURCE = `
  ALTER TABLE funding_receipt ADD COLUMN source text NOT NULL DEFAULT 'funder' CHECK (source IN ('funder', 'recovered'));
  COMMENT ON COLUMN funding_receipt.source IS
    'Recovered: money that authorities gave back, used by the request it names. Nobody records or reverses it, and no bank shows it.';
  ALTER TABLE funding_receipt DROP CONSTRAINT funding_receipt_confirmed_by_other,
    ADD CONSTRAINT funding_receipt_confirmed_by_other
      CHECK (confirmed_by <> recorded_by OR matched_line_id IS NOT NULL OR source = 'recovered'),
    ADD CONSTRAINT funding_receipt_recovered_stays
      CHECK (source = 'funder' OR state = 'confirmed' AND request_id IS NOT NULL AND matched_line_id IS NULL);
  -- Its reference is the request's number, which the funder may well give for its own money.
  DROP INDEX funding_receipt_once;
  CREATE UNIQUE INDEX funding_receipt_once ON funding_receipt (programme_code, reference_key, amount_pence)
    WHERE state <> 'reversed' AND source = 'funder';
  CREATE UNIQUE INDEX funding_receipt_recovered_once ON funding_receipt (request_id) WHERE source = 'recovered';
  CREATE INDEX funding_receipt_recovered ON funding_receipt (programme_code) INCLUDE (amount_pence) WHERE source = 'recovered';`;

const REQUEST = `
  ALTER TABLE funding_request DROP CONSTRAINT funding_request_state_check,
    ADD CONSTRAINT funding_request_state_check
      CHECK (state IN ('draft', 'submitted', 'part_paid', 'paid', 'withdrawn', 'cancelled')),
    ADD COLUMN recovered_pence bigint NOT NULL DEFAULT 0,
    ADD COLUMN schedule_key text,
    ADD COLUMN schedule_sha256 text CHECK (schedule_sha256 ~ '^[0-9a-f]{64}$'),
    ADD COLUMN schedule_size int CHECK (schedule_size > 0),
    ADD CONSTRAINT funding_request_recovered_within CHECK (recovered_pence BETWEEN 0 AND total_pence),
    ADD CONSTRAINT funding_request_recovered_when_submitted CHECK (recovered_pence = 0 OR number IS NOT NULL),
    ADD CONSTRAINT funding_request_schedule_whole CHECK (num_nonnulls(schedule_key, schedule_sha256, schedule_size) IN (0, 3)
      AND (schedule_key IS NULL OR number IS NOT NULL));
  COMMENT ON COLUMN funding_request.recovered_pence IS 'What of the total is asked from nobody: recovered money pays for it.';
  COMMENT ON COLUMN funding_request.schedule_key IS 'The PDF as the funder got it; none where it was asked before schedules were kept.';`;

/** What the funder was sent stays as it was sent; the owner is held too. */
const FROZEN = `
  CREATE FUNCTION funding_request_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'What the funder was asked for is never changed.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'funding_request_frozen';
  END $$;
  CREATE TRIGGER funding_request_frozen BEFORE UPDATE ON funding_request FOR EACH ROW
    WHEN (OLD.number IS NOT NULL AND
      (OLD.id, OLD.programme_code, OLD.number, OLD.seq, OLD.total_pence, OLD.claim_count, OLD.recovered_pence, OLD.submitted_by,
       OLD.submitted_at, OLD.schedule_key, OLD.schedule_sha256, OLD.schedule_size)
      IS DISTINCT FROM
      (NEW.id, NEW.programme_code, NEW.number, NEW.seq, NEW.total_pence, NEW.claim_count, NEW.recovered_pence, NEW.submitted_by,
       NEW.submitted_at, NEW.schedule_key, NEW.schedule_sha256, NEW.schedule_size))
    EXECUTE FUNCTION funding_request_refuse();

  CREATE FUNCTION funding_request_claim_kept() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  BEGIN
    IF EXISTS (SELECT 1 FROM changed n JOIN public.funding_request r ON r.id = n.request_id WHERE r.number IS NOT NULL) THEN
      RAISE EXCEPTION 'A request that was submitted keeps its claims.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'funding_request_frozen';
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER funding_request_claim_added AFTER INSERT ON funding_request_claim
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION funding_request_claim_kept();
  CREATE TRIGGER funding_request_claim_changed AFTER UPDATE ON funding_request_claim
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION funding_request_claim_kept();
  REVOKE ALL ON FUNCTION funding_request_refuse(), funding_request_claim_kept() FROM PUBLIC;`;

/** Checked at commit, whichever of the two was written: what a request says it used is what it used. */
const ADDS_UP = `
  CREATE FUNCTION funding_recovered_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    v_request uuid := CASE TG_TABLE_NAME WHEN 'funding_request' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'request_id' END;
  BEGIN
    IF (SELECT recovered_pence FROM public.funding_request WHERE id = v_request) IS DISTINCT FROM
       (SELECT coalesce(sum(amount_pence), 0) FROM public.funding_receipt WHERE request_id = v_request AND source = 'recovered') THEN
      RAISE EXCEPTION 'request % does not use the recovered money it says', v_request
        USING ERRCODE = '23514', CONSTRAINT = 'funding_recovered_adds_up';
    END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER funding_request_recovered AFTER INSERT OR UPDATE OF recovered_pence ON funding_request
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funding_recovered_adds_up();
  CREATE CONSTRAINT TRIGGER funding_receipt_recovered AFTER INSERT OR UPDATE OF source, amount_pence, request_id ON funding_receipt
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.source = 'recovered') EXECUTE FUNCTION funding_recovered_adds_up();`;

/** As it was, of the funder's money alone: recovered money is there on the day it is asked for. */
const INTERVALS = `
  CREATE OR REPLACE FUNCTION funding_intervals(p_programme text) RETURNS TABLE (days int)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_all text := set_config('app.authority', '*', true);
  BEGIN
    RETURN QUERY
      SELECT greatest(0, t.received_on - (r.submitted_at AT TIME ZONE 'Europe/London')::date)
        FROM public.funding_receipt t JOIN public.funding_request r ON r.id = t.request_id
       WHERE t.programme_code = p_programme AND t.state = 'confirmed' AND t.source = 'funder'
       ORDER BY t.received_on DESC, t.id DESC LIMIT 24;
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
  END $$;`;

/** Said, and not left to row-level security alone: where the owner of a function is a superuser, it does not hold in there. */
const OWN = `v_scope IN ('*', c.authority_code)`;

/** As they were, but for that. */
const OWN_FACTS = `
  CREATE OR REPLACE FUNCTION funding_places(p_programme text, p_claims uuid[]) RETURNS TABLE (claim_id uuid, place bigint)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_own uuid[] := ARRAY(SELECT c.id FROM public.claim c WHERE c.id = ANY (p_claims) AND ${OWN});
    v_all text := set_config('app.authority', '*', true);
  BEGIN
    RETURN QUERY
      WITH last AS (
        SELECT c.due_on, c.submitted_at, c.id FROM public.claim c
         WHERE c.id = ANY (v_own) AND c.programme_code = p_programme AND c.state = 'approved' AND c.held_at IS NULL
         ORDER BY c.due_on DESC, c.submitted_at DESC, c.id DESC LIMIT 1
      ), ahead AS (
        SELECT c.id, row_number() OVER (ORDER BY c.due_on, c.submitted_at, c.id) AS at FROM public.claim c, last
         WHERE c.programme_code = p_programme AND c.state = 'approved' AND c.held_at IS NULL
           AND (c.due_on, c.submitted_at, c.id) <= (last.due_on, last.submitted_at, last.id)
      )
      SELECT a.id, a.at FROM ahead a WHERE a.id = ANY (v_own);
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
  END $$;

  CREATE OR REPLACE FUNCTION funding_asked(p_claims uuid[]) RETURNS TABLE (claim_id uuid, asked_at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_own uuid[] := ARRAY(SELECT c.id FROM public.claim c WHERE c.id = ANY (p_claims) AND ${OWN});
    v_all text := set_config('app.authority', '*', true);
  BEGIN
    RETURN QUERY
      SELECT q.claim_id, r.submitted_at FROM public.funding_request_claim q JOIN public.funding_request r ON r.id = q.request_id
       WHERE q.live AND q.claim_id = ANY (v_own) AND r.submitted_at IS NOT NULL;
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
  END $$;`;

/** The run that pays a claim, which an authority may know of its own claims though runs are the payer's; as funding_asked. */
const PAYABLE = `
  CREATE FUNCTION payment_days(p_claims uuid[]) RETURNS TABLE (claim_id uuid, run text, pay_on date)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_own uuid[] := ARRAY(SELECT c.id FROM public.claim c WHERE c.id = ANY (p_claims) AND ${OWN});
    v_all text := set_config('app.authority', '*', true);
  BEGIN
    RETURN QUERY
      SELECT i.claim_id, r.number, (r.approved_at AT TIME ZONE 'Europe/London')::date
        FROM public.payment_claim i JOIN public.payment p ON p.id = i.payment_id JOIN public.payment_run r ON r.id = p.run_id
       WHERE i.live AND i.claim_id = ANY (v_own);
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
  END $$;
  REVOKE ALL ON FUNCTION payment_days(uuid[]) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION payment_days(uuid[]) TO claims_app;`;

/**
 * Heads are locked in one order: the authorities' by their codes, then every other chain by its name. Whoever asks for one out of
 * order never waits for it, so no two acts can wait for each other: it gets the head or is to run again (40001). That is
 * the net; the order itself is the use cases', and with audit.strict on, as in tests, leaving it is an error.
 */
const HEADS = `
  CREATE FUNCTION audit_place(p_chain text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN EXISTS (SELECT FROM public.authority a WHERE a.code = p_chain) THEN '0' ELSE '1' END || p_chain
  $$;

  CREATE OR REPLACE FUNCTION audit_lock_head(p_chain text) RETURNS audit_head LANGUAGE plpgsql AS $$
  DECLARE
    v_held jsonb := coalesce(nullif(current_setting('audit.held', true), ''), '[]')::jsonb;
    v_after text;
    v_head public.audit_head;
  BEGIN
    IF NOT v_held ? p_chain THEN
      IF v_held <> '[]' THEN
        SELECT h INTO v_after FROM jsonb_array_elements_text(v_held) AS h
         WHERE public.audit_place(h) COLLATE "C" > public.audit_place(p_chain) COLLATE "C" LIMIT 1;
      END IF;
      IF v_after IS NOT NULL AND coalesce(current_setting('audit.strict', true), '') = 'on' THEN
        RAISE EXCEPTION 'The head of % is asked for after that of %: heads are locked in one order.', p_chain, v_after
          USING ERRCODE = 'internal_error';
      END IF;
      PERFORM set_config('audit.held', (v_held || to_jsonb(p_chain))::text, true);
    END IF;
    IF v_after IS NULL THEN
      SELECT * INTO v_head FROM public.audit_head WHERE chain = p_chain FOR UPDATE;
    ELSE
      SELECT * INTO v_head FROM public.audit_head WHERE chain = p_chain FOR UPDATE SKIP LOCKED;
      IF NOT FOUND AND EXISTS (SELECT FROM public.audit_head WHERE chain = p_chain) THEN
        RAISE EXCEPTION 'The head of % is busy and out of order: run again.', p_chain USING ERRCODE = '40001';
      END IF;
    END IF;
    IF v_head.chain IS NULL THEN
      INSERT INTO public.audit_head (chain, seq, hash) VALUES (p_chain, 0, decode(repeat('00', 32), 'hex'))
        ON CONFLICT (chain) DO NOTHING;
      SELECT * INTO v_head FROM public.audit_head WHERE chain = p_chain FOR UPDATE;
    END IF;
    RETURN v_head;
  END $$;
  REVOKE ALL ON FUNCTION audit_place(text) FROM PUBLIC;`;
