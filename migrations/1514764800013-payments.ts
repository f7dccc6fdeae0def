import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

/** Payment runs: which funded claims are paid together, to which account, and the file the bank got. */
export class Payments1514764800013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [RUN, PAYMENT, PAID, SUMS]) await runner.query(sql);
    await enableRls(runner, 'payment_series', 'programme_code');
    await enableRls(runner, 'payment_run', 'programme_code');
    await enableRls(runner, 'payment');
    await enableRls(runner, 'payment_claim');
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

const RUN = `
  CREATE TABLE payment_series (
    programme_code text PRIMARY KEY REFERENCES programme,
    last_run int NOT NULL DEFAULT 0 CHECK (last_run >= 0)
  );
  COMMENT ON TABLE payment_series IS 'Row-locked while a run is prepared: one after the other, and numbers without gaps.';
  CREATE SEQUENCE payment_serial;
  GRANT SELECT, INSERT, UPDATE ON payment_series TO claims_app;
  GRANT USAGE ON SEQUENCE payment_serial TO claims_app;

  CREATE TABLE demo_debtor_account (
    programme_code text PRIMARY KEY REFERENCES programme,
    account jsonb NOT NULL
  );
  COMMENT ON TABLE demo_debtor_account IS 'What the demonstration pays from while the terms name no account. Empty wherever real money is paid.';
  GRANT SELECT, INSERT ON demo_debtor_account TO claims_app;

  CREATE TABLE payment_run (
    id uuid PRIMARY KEY,
    programme_code text NOT NULL REFERENCES programme,
    number text NOT NULL UNIQUE,
    seq int NOT NULL CHECK (seq > 0),
    state text NOT NULL CHECK (state IN ('prepared', 'approved', 'cancelled')),
    total_pence bigint NOT NULL CHECK (total_pence > 0),
    payment_count int NOT NULL CHECK (payment_count > 0),
    claim_count int NOT NULL CHECK (claim_count > 0),
    debtor jsonb NOT NULL,
    currency text NOT NULL,
    prepared_by uuid NOT NULL,
    prepared_at timestamptz NOT NULL,
    approved_by uuid,
    approved_at timestamptz,
    cancelled_by uuid,
    cancelled_at timestamptz,
    cancel_reason text,
    file_key text,
    file_sha256 text CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
    file_size int CHECK (file_size > 0),
    version int NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL,
    UNIQUE (programme_code, seq),
    CONSTRAINT payment_run_approved_by_other CHECK (approved_by <> prepared_by),
    CONSTRAINT payment_run_approval_whole CHECK (num_nonnulls(approved_by, approved_at, file_key, file_sha256, file_size) =
      CASE WHEN state = 'approved' THEN 5 ELSE 0 END),
    CONSTRAINT payment_run_cancel_whole CHECK (num_nonnulls(cancelled_by, cancelled_at, cancel_reason) =
      CASE WHEN state = 'cancelled' THEN 3 ELSE 0 END)
  );
  COMMENT ON COLUMN payment_run.debtor IS 'The account that is paid from, as the terms gave it when the run was prepared.';
  CREATE INDEX payment_run_newest ON payment_run (id DESC);
  CREATE INDEX payment_run_by_state ON payment_run (state, id DESC);
  GRANT SELECT, INSERT ON payment_run TO claims_app;
  GRANT UPDATE (state, approved_by, approved_at, cancelled_by, cancelled_at, cancel_reason, file_key, file_sha256, file_size,
    version, updated_at) ON payment_run TO claims_app;`;

const PAYMENT = `
  CREATE TABLE payment (
    id uuid PRIMARY KEY,
    run_id uuid NOT NULL REFERENCES payment_run,
    authority_code text NOT NULL,
    amount_pence bigint NOT NULL CHECK (amount_pence > 0),
    reference text NOT NULL UNIQUE CHECK (reference ~ '^[A-Z0-9]{1,18}$'),
    end_to_end_id text NOT NULL UNIQUE CHECK (length(end_to_end_id) BETWEEN 1 AND 35),
    account_version int NOT NULL,
    UNIQUE (run_id, authority_code),
    UNIQUE (id, authority_code),
    FOREIGN KEY (authority_code, account_version) REFERENCES bank_details
  );
  COMMENT ON TABLE payment IS 'One transfer to one authority. Nothing of it ever changes: paid again, it is another payment.';
  COMMENT ON COLUMN payment.account_version IS 'The account it goes to, whatever the authority enters afterwards.';
  CREATE TRIGGER payment_fixed BEFORE UPDATE OR DELETE ON payment FOR EACH ROW EXECUTE FUNCTION refuse_change();
  CREATE INDEX payment_of_authority ON payment (authority_code, id DESC);
  GRANT SELECT, INSERT ON payment TO claims_app;`;

const PAID = `
  CREATE TABLE payment_claim (
    payment_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    authority_code text NOT NULL,
    pence bigint NOT NULL CHECK (pence > 0),
    live boolean NOT NULL DEFAULT true,
    PRIMARY KEY (payment_id, claim_id),
    FOREIGN KEY (payment_id, authority_code) REFERENCES payment (id, authority_code),
    FOREIGN KEY (claim_id, authority_code) REFERENCES claim (id, authority_code)
  );
  COMMENT ON COLUMN payment_claim.live IS 'Until the run is cancelled: a claim is in at most one live run.';
  CREATE UNIQUE INDEX payment_claim_once ON payment_claim (claim_id) WHERE live;
  GRANT SELECT, INSERT ON payment_claim TO claims_app;
  GRANT UPDATE (live) ON payment_claim TO claims_app;`;

/** Checked at commit, whoever wrote the rows: the parts make the whole, and nothing is paid that the funder has not. */
const SUMS = `
  CREATE FUNCTION payment_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.amount_pence IS DISTINCT FROM (SELECT sum(pence) FROM payment_claim WHERE payment_id = NEW.id) THEN
      RAISE EXCEPTION 'payment % is not the sum of its claims', NEW.id USING ERRCODE = '23514', CONSTRAINT = 'payment_adds_up';
    END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER payment_adds_up AFTER INSERT ON payment DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payment_adds_up();

  CREATE FUNCTION payment_run_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF (NEW.total_pence, NEW.payment_count) IS DISTINCT FROM
       (SELECT ROW(sum(amount_pence)::bigint, count(*)::int) FROM payment WHERE run_id = NEW.id) THEN
      RAISE EXCEPTION 'payment run % is not the sum of its payments', NEW.id USING ERRCODE = '23514', CONSTRAINT = 'payment_run_adds_up';
    END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER payment_run_adds_up AFTER INSERT ON payment_run DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payment_run_adds_up();

  CREATE FUNCTION payment_claim_is_funded() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.pence IS DISTINCT FROM
       (SELECT sum(pence) FROM funding_slice WHERE claim_id = NEW.claim_id AND ended_at IS NULL) THEN
      RAISE EXCEPTION 'claim % is not funded in full', NEW.claim_id USING ERRCODE = '23514', CONSTRAINT = 'payment_claim_is_funded';
    END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER payment_claim_is_funded AFTER INSERT ON payment_claim DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payment_claim_is_funded();`;
