import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

/**
 * Funding requests, the funder's receipts, which receipt paid for which claim, and the queue that waits for them. Requests
 * and receipts are the payer's: no authority's code is a programme's, so an authority sees none of them.
 */
export class Funding1514764800010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [PROGRAMME, REQUEST, RECEIPT, SLICE, KEPT, QUEUE, FACTS]) await runner.query(sql);
    for (const table of ['programme_funding', 'funding_request', 'funding_receipt']) {
      await enableRls(runner, table, 'programme_code');
    }
    await enableRls(runner, 'funding_request_claim');
    await enableRls(runner, 'funding_slice');
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

const PROGRAMME = `
  CREATE TABLE programme_funding (
    programme_code text PRIMARY KEY REFERENCES programme,
    last_request int NOT NULL DEFAULT 0 CHECK (last_request >= 0)
  );
  COMMENT ON TABLE programme_funding IS
    'Row-locked by whatever funds, so that one such act of a programme follows another; numbers of requests are taken under it.';
  GRANT SELECT, INSERT, UPDATE ON programme_funding TO claims_app;`;

const REQUEST = `
  CREATE TABLE funding_request (
    id uuid PRIMARY KEY,
    programme_code text NOT NULL REFERENCES programme,
    state text NOT NULL CHECK (state IN ('draft', 'submitted', 'part_paid', 'paid', 'cancelled')),
    number text UNIQUE,
    seq int CHECK (seq > 0),
    total_pence bigint NOT NULL CHECK (total_pence >= 0),
    claim_count int NOT NULL CHECK (claim_count > 0),
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    submitted_by uuid,
    submitted_at timestamptz,
    cancel_reason text,
    updated_at timestamptz NOT NULL,
    version int NOT NULL DEFAULT 1,
    UNIQUE (programme_code, seq),
    CONSTRAINT funding_request_numbered CHECK ((state IN ('draft', 'cancelled')) = (number IS NULL)
      AND (number IS NULL) = (seq IS NULL) AND (number IS NULL) = (submitted_at IS NULL)),
    CONSTRAINT funding_request_cancelled CHECK ((state = 'cancelled') = (cancel_reason IS NOT NULL))
  );
  GRANT SELECT, INSERT, UPDATE ON funding_request TO claims_app;

  CREATE TABLE funding_request_claim (
    request_id uuid NOT NULL REFERENCES funding_request,
    claim_id uuid NOT NULL,
    authority_code text NOT NULL,
    pence bigint NOT NULL CHECK (pence >= 0),
    amounts jsonb NOT NULL,
    live boolean NOT NULL DEFAULT true,
    PRIMARY KEY (request_id, claim_id),
    FOREIGN KEY (claim_id, authority_code) REFERENCES claim (id, authority_code)
  );
  COMMENT ON COLUMN funding_request_claim.amounts IS 'What was approved, by category: the schedule stays as it was sent.';
  COMMENT ON COLUMN funding_request_claim.live IS 'Until the request is cancelled: a claim is in at most one live request.';
  CREATE UNIQUE INDEX funding_request_claim_once ON funding_request_claim (claim_id) WHERE live;
  GRANT SELECT, INSERT ON funding_request_claim TO claims_app;
  GRANT UPDATE (live) ON funding_request_claim TO claims_app;`;

const RECEIPT = `
  CREATE TABLE funding_receipt (
    id uuid PRIMARY KEY,
    programme_code text NOT NULL REFERENCES programme,
    state text NOT NULL CHECK (state IN ('recorded', 'confirmed', 'reversed')),
    amount_pence bigint NOT NULL CHECK (amount_pence > 0),
    allocated_pence bigint NOT NULL DEFAULT 0,
    received_on date NOT NULL,
    bank_reference text NOT NULL,
    reference_key text NOT NULL,
    request_id uuid REFERENCES funding_request,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    evidence text,
    confirmed_by uuid,
    confirmed_at timestamptz,
    matched_line_id uuid,
    reversed_by uuid,
    reversed_at timestamptz,
    reverse_reason text,
    updated_at timestamptz NOT NULL,
    version int NOT NULL DEFAULT 1,
    CONSTRAINT funding_receipt_not_overdrawn CHECK (allocated_pence BETWEEN 0 AND amount_pence),
    CONSTRAINT funding_receipt_only_confirmed_funds CHECK (state = 'confirmed' OR allocated_pence = 0),
    CONSTRAINT funding_receipt_confirmed_by_other CHECK (confirmed_by <> recorded_by OR matched_line_id IS NOT NULL),
    CONSTRAINT funding_receipt_match_confirms CHECK (matched_line_id IS NULL OR confirmed_by IS NOT NULL),
    CONSTRAINT funding_receipt_confirmation_whole CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)
      AND (confirmed_by IS NULL) = (evidence IS NULL) AND (state <> 'confirmed' OR confirmed_by IS NOT NULL)
      AND (state <> 'recorded' OR confirmed_by IS NULL)),
    CONSTRAINT funding_receipt_reversal_whole CHECK ((state = 'reversed') = (reversed_by IS NOT NULL)
      AND (reversed_by IS NULL) = (reversed_at IS NULL) AND (reversed_by IS NULL) = (reverse_reason IS NULL))
  );
  COMMENT ON COLUMN funding_receipt.allocated_pence IS 'The sum of its live slices, kept by their trigger; nobody else may write it.';
  COMMENT ON COLUMN funding_receipt.matched_line_id IS 'The line of a bank statement that shows the money; then no second person is needed.';
  COMMENT ON COLUMN funding_receipt.reference_key IS 'The bank reference in capitals, letters and digits only: banks change the rest on the way.';
  CREATE UNIQUE INDEX funding_receipt_once ON funding_receipt (programme_code, reference_key, amount_pence) WHERE state <> 'reversed';
  CREATE INDEX funding_receipt_with_money ON funding_receipt (programme_code, received_on, id)
    WHERE state = 'confirmed' AND allocated_pence < amount_pence;
  CREATE INDEX funding_receipt_of_request ON funding_receipt (request_id) WHERE request_id IS NOT NULL;
  GRANT SELECT, INSERT ON funding_receipt TO claims_app;
  GRANT UPDATE (state, evidence, confirmed_by, confirmed_at, matched_line_id, reversed_by, reversed_at, reverse_reason, updated_at, version)
    ON funding_receipt TO claims_app;`;

const SLICE = `
  CREATE TABLE funding_slice (
    funded_by uuid NOT NULL REFERENCES funding_receipt,
    place int NOT NULL CHECK (place > 0),
    seq int NOT NULL CHECK (seq > 0),
    claim_id uuid NOT NULL,
    authority_code text NOT NULL,
    receipt_id uuid NOT NULL REFERENCES funding_receipt,
    pence bigint NOT NULL CHECK (pence >= 0),
    at timestamptz NOT NULL,
    ended_by uuid,
    ended_at timestamptz,
    PRIMARY KEY (funded_by, place, seq),
    FOREIGN KEY (claim_id, authority_code) REFERENCES claim (id, authority_code),
    CHECK ((ended_by IS NULL) = (ended_at IS NULL))
  );
  COMMENT ON TABLE funding_slice IS 'So much of a receipt for a claim. Live until the claim is unfunded; nothing is deleted.';
  COMMENT ON COLUMN funding_slice.funded_by IS 'The receipt whose confirmation funded the claim; the money may be an older one''s.';
  COMMENT ON COLUMN funding_slice.place IS 'Where in that funding the claim came; seq counts the receipts it took.';
  COMMENT ON COLUMN funding_slice.ended_by IS 'The reversal of a receipt (its id) or the taking back of one claim''s funding.';
  -- The first slice of a claim is numbered 1: so a claim is funded once at a time.
  CREATE UNIQUE INDEX funding_slice_live ON funding_slice (claim_id, seq) WHERE ended_by IS NULL;
  CREATE INDEX funding_slice_of_receipt ON funding_slice (receipt_id) WHERE ended_by IS NULL;
  CREATE INDEX funding_slice_ended ON funding_slice (ended_by) WHERE ended_by IS NOT NULL;
  GRANT SELECT, INSERT ON funding_slice TO claims_app;
  GRANT UPDATE (ended_by, ended_at) ON funding_slice TO claims_app;`;

/** Once for each statement and not for each row: a million slices are one sum. */
const KEPT = `
  CREATE FUNCTION funding_slice_added() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  BEGIN
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
  CREATE TRIGGER funding_slice_added AFTER INSERT ON funding_slice
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION funding_slice_added();

  CREATE FUNCTION funding_slice_ended() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  BEGIN
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
  CREATE TRIGGER funding_slice_ended AFTER UPDATE ON funding_slice
    REFERENCING OLD TABLE AS was NEW TABLE AS is_now FOR EACH STATEMENT EXECUTE FUNCTION funding_slice_ended();
  CREATE TRIGGER funding_slice_kept BEFORE DELETE ON funding_slice FOR EACH ROW EXECUTE FUNCTION refuse_change();
  REVOKE ALL ON FUNCTION funding_slice_added(), funding_slice_ended() FROM PUBLIC;`;

/** The queue by programme, which funding walks, and everything unpaid in the same order, which people read. */
const QUEUE = `
  DROP INDEX claim_queue;
  CREATE INDEX claim_queue ON claim (programme_code, due_on, submitted_at, id) INCLUDE (approved_pence, authority_code)
    WHERE state = 'approved' AND held_at IS NULL;
  CREATE INDEX claim_unpaid ON claim (programme_code, due_on, submitted_at, id) INCLUDE (authority_code)
    WHERE state IN ('approved', 'funded', 'scheduled');
  CREATE INDEX claim_unpaid_of_authority ON claim (authority_code, programme_code, due_on, submitted_at, id)
    WHERE state IN ('approved', 'funded', 'scheduled');`;

/**
 * What an authority may know of its own claims, though it follows from others' claims and the payer's requests: the place in
 * the queue, when the funder was asked, and how long the funder takes. They see every row while they run and give the
 * caller's own sight back, as the functions of the audit trail do.
 */
const FACTS = `
  CREATE FUNCTION funding_places(p_programme text, p_claims uuid[]) RETURNS TABLE (claim_id uuid, place bigint)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_own uuid[] := ARRAY(SELECT c.id FROM public.claim c WHERE c.id = ANY (p_claims));
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

  CREATE FUNCTION funding_asked(p_claims uuid[]) RETURNS TABLE (claim_id uuid, asked_at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_own uuid[] := ARRAY(SELECT c.id FROM public.claim c WHERE c.id = ANY (p_claims));
    v_all text := set_config('app.authority', '*', true);
  BEGIN
    RETURN QUERY
      SELECT q.claim_id, r.submitted_at FROM public.funding_request_claim q JOIN public.funding_request r ON r.id = q.request_id
       WHERE q.live AND q.claim_id = ANY (v_own) AND r.submitted_at IS NOT NULL;
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
  END $$;

  CREATE FUNCTION funding_intervals(p_programme text) RETURNS TABLE (days int)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v_scope text := current_setting('app.authority', true);
    v_all text := set_config('app.authority', '*', true);
  BEGIN
    RETURN QUERY
      SELECT greatest(0, t.received_on - (r.submitted_at AT TIME ZONE 'Europe/London')::date)
        FROM public.funding_receipt t JOIN public.funding_request r ON r.id = t.request_id
       WHERE t.programme_code = p_programme AND t.state = 'confirmed'
       ORDER BY t.received_on DESC, t.id DESC LIMIT 24;
    PERFORM set_config('app.authority', coalesce(v_scope, ''), true);
  END $$;

  REVOKE ALL ON FUNCTION funding_places(text, uuid[]), funding_asked(uuid[]), funding_intervals(text) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION funding_places(text, uuid[]), funding_asked(uuid[]), funding_intervals(text) TO claims_app;`;
