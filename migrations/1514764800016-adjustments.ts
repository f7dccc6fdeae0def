import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

/** Adjustments of what was approved, how they are recovered, payments with set-offs taken off, and remittance advice. */
export class Adjustments1514764800016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [ADJUSTMENT, LINE, RECOVERY, SUMS, CLAIM, NETTED, REMITTANCE, CREDIT]) await runner.query(sql);
    const tables = [
      'adjustment',
      'adjustment_line',
      'adjustment_set_off',
      'adjustment_repayment',
      'payment_remittance',
    ];
    for (const table of tables) await enableRls(runner, table);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

const ADJUSTMENT = `
  CREATE TABLE adjustment (
    id uuid PRIMARY KEY,
    programme_code text NOT NULL,
    authority_code text NOT NULL,
    claim_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('proposed', 'approved', 'cancelled', 'set_off', 'repaid')),
    reason text NOT NULL,
    amount_pence bigint NOT NULL CHECK (amount_pence > 0),
    taken_pence bigint NOT NULL DEFAULT 0,
    recovered_pence bigint NOT NULL DEFAULT 0,
    amounts jsonb NOT NULL,
    credit_note_id uuid UNIQUE REFERENCES document,
    credit_note_number text UNIQUE,
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL,
    approved_by uuid,
    approved_at timestamptz,
    cancelled_by uuid,
    cancelled_at timestamptz,
    cancel_reason text,
    version int NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL,
    UNIQUE (id, authority_code),
    FOREIGN KEY (claim_id, authority_code) REFERENCES claim (id, authority_code),
    FOREIGN KEY (programme_code, authority_code) REFERENCES programme_authority,
    CONSTRAINT adjustment_approved_by_other CHECK (approved_by <> proposed_by),
    CONSTRAINT adjustment_approval_whole CHECK (num_nonnulls(approved_by, approved_at, credit_note_id, credit_note_number) =
      CASE WHEN state IN ('approved', 'set_off', 'repaid') THEN 4 ELSE 0 END),
    CONSTRAINT adjustment_cancel_whole CHECK (num_nonnulls(cancelled_by, cancelled_at, cancel_reason) =
      CASE WHEN state = 'cancelled' THEN 3 ELSE 0 END),
    CONSTRAINT adjustment_not_beyond CHECK (0 <= recovered_pence AND recovered_pence <= taken_pence AND taken_pence <= amount_pence),
    CONSTRAINT adjustment_only_approved_recover CHECK (state IN ('approved', 'set_off', 'repaid') OR taken_pence = 0),
    CONSTRAINT adjustment_state_agrees CHECK ((state IN ('set_off', 'repaid')) = (recovered_pence = amount_pence))
  );
  COMMENT ON TABLE adjustment IS 'What should not have been reimbursed of an approved claim, and how much of it is back.';
  COMMENT ON COLUMN adjustment.amounts IS 'What is taken back, by category: net, eligible and reimbursement in pence, funded days in thousandths.';
  COMMENT ON COLUMN adjustment.taken_pence IS 'The sum of its live set-offs and repayments: what no further one may take.';
  COMMENT ON COLUMN adjustment.recovered_pence IS 'The settled ones of them: what is back.';
  -- One proposal of a claim after another: what an approval takes back is what its proposal said.
  CREATE UNIQUE INDEX adjustment_proposed_once ON adjustment (claim_id) WHERE state = 'proposed';
  CREATE INDEX adjustment_of_claim ON adjustment (claim_id, id);
  CREATE INDEX adjustment_of_authority ON adjustment (authority_code, id DESC);
  CREATE INDEX adjustment_by_state ON adjustment (state, id DESC) INCLUDE (authority_code);
  CREATE INDEX adjustment_to_set_off ON adjustment (programme_code, authority_code, approved_at, id)
    WHERE state = 'approved' AND taken_pence < amount_pence;
  CREATE INDEX adjustment_recovered ON adjustment (programme_code) INCLUDE (recovered_pence) WHERE recovered_pence > 0;
  GRANT SELECT, INSERT ON adjustment TO claims_app;
  GRANT UPDATE (state, taken_pence, recovered_pence, credit_note_id, credit_note_number, approved_by, approved_at, cancelled_by,
    cancelled_at, cancel_reason, version, updated_at) ON adjustment TO claims_app;

  CREATE TRIGGER adjustment_kept BEFORE DELETE ON adjustment FOR EACH ROW EXECUTE FUNCTION refuse_change();
  -- What was proposed stays what it was; what was approved or cancelled stays so.
  CREATE TRIGGER adjustment_fixed BEFORE UPDATE ON adjustment FOR EACH ROW
    WHEN ((OLD.id, OLD.programme_code, OLD.authority_code, OLD.claim_id, OLD.reason, OLD.amount_pence, OLD.amounts, OLD.proposed_by, OLD.proposed_at)
          IS DISTINCT FROM
          (NEW.id, NEW.programme_code, NEW.authority_code, NEW.claim_id, NEW.reason, NEW.amount_pence, NEW.amounts, NEW.proposed_by, NEW.proposed_at)
       OR (OLD.state <> 'proposed' AND
           (OLD.credit_note_id, OLD.approved_by, OLD.approved_at, OLD.cancelled_by, OLD.cancelled_at, OLD.cancel_reason)
           IS DISTINCT FROM
           (NEW.credit_note_id, NEW.approved_by, NEW.approved_at, NEW.cancelled_by, NEW.cancelled_at, NEW.cancel_reason)))
    EXECUTE FUNCTION refuse_change();`;

const LINE = `
  CREATE TABLE adjustment_line (
    adjustment_id uuid NOT NULL,
    line_id uuid NOT NULL REFERENCES trainer_invoice_line,
    authority_code text NOT NULL,
    was_net_pence bigint NOT NULL,
    net_pence bigint NOT NULL,
    was_eligible_pence bigint NOT NULL,
    eligible_pence bigint NOT NULL,
    was_trainer_days numeric(9,3),
    trainer_days numeric(9,3),
    was_funded_days numeric(9,3) NOT NULL,
    funded_days numeric(9,3) NOT NULL,
    consequential boolean NOT NULL,
    PRIMARY KEY (adjustment_id, line_id),
    FOREIGN KEY (adjustment_id, authority_code) REFERENCES adjustment (id, authority_code),
    CONSTRAINT adjustment_line_never_raises CHECK (net_pence BETWEEN 0 AND was_net_pence AND eligible_pence BETWEEN 0 AND was_eligible_pence
      AND funded_days BETWEEN 0 AND was_funded_days AND (trainer_days IS NULL) = (was_trainer_days IS NULL)
      AND coalesce(trainer_days BETWEEN 0 AND was_trainer_days, true) AND eligible_pence <= net_pence)
  );
  COMMENT ON TABLE adjustment_line IS 'A line as an adjustment finds it and as it leaves it: what the next one of the claim starts from.';
  COMMENT ON COLUMN adjustment_line.consequential IS 'Travel that nobody named: its trainer has no training left in the claim.';
  CREATE INDEX adjustment_line_of ON adjustment_line (line_id);
  CREATE TRIGGER adjustment_line_fixed BEFORE UPDATE OR DELETE ON adjustment_line FOR EACH ROW EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON adjustment_line TO claims_app;`;

const RECOVERY = `
  CREATE TABLE adjustment_set_off (
    adjustment_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    authority_code text NOT NULL,
    payment_reference text NOT NULL,
    pence bigint NOT NULL CHECK (pence > 0),
    live boolean NOT NULL DEFAULT true,
    settled boolean NOT NULL DEFAULT false,
    PRIMARY KEY (adjustment_id, payment_id),
    FOREIGN KEY (adjustment_id, authority_code) REFERENCES adjustment (id, authority_code),
    FOREIGN KEY (payment_id, authority_code) REFERENCES payment (id, authority_code),
    CONSTRAINT adjustment_set_off_live_settles CHECK (live OR NOT settled)
  );
  COMMENT ON COLUMN adjustment_set_off.live IS 'Until its payment is cancelled, refused or bounced: from then on the adjustment has its balance again. Live again if the bounce is undone.';
  COMMENT ON COLUMN adjustment_set_off.settled IS 'Its payment is: only then is the money back.';
  CREATE INDEX adjustment_set_off_of_payment ON adjustment_set_off (payment_id);
  CREATE TRIGGER adjustment_set_off_kept BEFORE DELETE ON adjustment_set_off FOR EACH ROW EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER adjustment_set_off_fixed BEFORE UPDATE ON adjustment_set_off FOR EACH ROW
    WHEN ((OLD.adjustment_id, OLD.payment_id, OLD.authority_code, OLD.payment_reference, OLD.pence)
          IS DISTINCT FROM (NEW.adjustment_id, NEW.payment_id, NEW.authority_code, NEW.payment_reference, NEW.pence))
    EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON adjustment_set_off TO claims_app;
  GRANT UPDATE (live, settled) ON adjustment_set_off TO claims_app;

  CREATE TABLE adjustment_repayment (
    id uuid PRIMARY KEY,
    adjustment_id uuid NOT NULL,
    authority_code text NOT NULL,
    line_id uuid NOT NULL REFERENCES bank_line,
    pence bigint NOT NULL CHECK (pence > 0),
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_by uuid,
    ended_at timestamptz,
    FOREIGN KEY (adjustment_id, authority_code) REFERENCES adjustment (id, authority_code),
    CONSTRAINT adjustment_repayment_ended_whole CHECK ((ended_by IS NULL) = (ended_at IS NULL))
  );
  COMMENT ON TABLE adjustment_repayment IS 'Money an authority paid back, seen as a credit line of a bank statement; ended when the match is undone.';
  CREATE UNIQUE INDEX adjustment_repayment_once ON adjustment_repayment (adjustment_id, line_id) WHERE ended_at IS NULL;
  CREATE INDEX adjustment_repayment_of ON adjustment_repayment (adjustment_id);
  CREATE INDEX adjustment_repayment_of_line ON adjustment_repayment (line_id);
  CREATE TRIGGER adjustment_repayment_kept BEFORE DELETE ON adjustment_repayment FOR EACH ROW EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER adjustment_repayment_fixed BEFORE UPDATE ON adjustment_repayment FOR EACH ROW
    WHEN (OLD.ended_at IS NOT NULL OR (OLD.id, OLD.adjustment_id, OLD.authority_code, OLD.line_id, OLD.pence, OLD.recorded_by, OLD.recorded_at)
          IS DISTINCT FROM (NEW.id, NEW.adjustment_id, NEW.authority_code, NEW.line_id, NEW.pence, NEW.recorded_by, NEW.recorded_at))
    EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON adjustment_repayment TO claims_app;
  GRANT UPDATE (ended_by, ended_at) ON adjustment_repayment TO claims_app;`;

/** Checked at commit, whoever wrote the rows: the columns are the sums of what they stand for. */
const SUMS = `
  CREATE FUNCTION adjustment_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    v_id uuid := CASE TG_TABLE_NAME WHEN 'adjustment' THEN (to_jsonb(NEW) ->> 'id')::uuid ELSE (to_jsonb(NEW) ->> 'adjustment_id')::uuid END;
    v adjustment; v_taken bigint; v_recovered bigint;
  BEGIN
    SELECT * INTO v FROM adjustment WHERE id = v_id;
    SELECT coalesce(sum(pence), 0), coalesce(sum(pence) FILTER (WHERE back), 0) INTO v_taken, v_recovered
      FROM (SELECT pence, settled AS back FROM adjustment_set_off WHERE adjustment_id = v_id AND live
            UNION ALL SELECT pence, true FROM adjustment_repayment WHERE adjustment_id = v_id AND ended_at IS NULL) r;
    IF (v.taken_pence, v.recovered_pence) IS DISTINCT FROM (v_taken, v_recovered) THEN
      RAISE EXCEPTION 'adjustment % is not recovered by what its columns say', v_id USING ERRCODE = '23514', CONSTRAINT = 'adjustment_adds_up';
    END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER adjustment_adds_up AFTER INSERT OR UPDATE ON adjustment DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION adjustment_adds_up();
  CREATE CONSTRAINT TRIGGER adjustment_set_off_adds_up AFTER INSERT OR UPDATE ON adjustment_set_off DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION adjustment_adds_up();
  CREATE CONSTRAINT TRIGGER adjustment_repayment_adds_up AFTER INSERT OR UPDATE ON adjustment_repayment DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION adjustment_adds_up();

  CREATE FUNCTION adjustment_is_of_its_claim() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE v_claim claim; v_all bigint;
  BEGIN
    SELECT * INTO v_claim FROM claim WHERE id = NEW.claim_id;
    SELECT sum(amount_pence) INTO v_all FROM adjustment WHERE claim_id = NEW.claim_id AND state <> 'cancelled';
    IF v_claim.programme_code <> NEW.programme_code OR v_all > v_claim.approved_pence
       OR v_claim.state NOT IN ('approved', 'funded', 'scheduled', 'paid', 'reconciled')
       OR NEW.amount_pence <> (SELECT sum((a.value ->> 'reimbursementPence')::bigint) FROM jsonb_each(NEW.amounts) a)
       OR NOT EXISTS (SELECT 1 FROM adjustment_line WHERE adjustment_id = NEW.id)
       OR EXISTS (SELECT 1 FROM adjustment_line a JOIN trainer_invoice_line l ON l.id = a.line_id
                   WHERE a.adjustment_id = NEW.id AND l.claim_id <> NEW.claim_id) THEN
      RAISE EXCEPTION 'adjustment % takes back what its claim does not have', NEW.id
        USING ERRCODE = '23514', CONSTRAINT = 'adjustment_is_of_its_claim';
    END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER adjustment_is_of_its_claim AFTER INSERT ON adjustment DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION adjustment_is_of_its_claim();`;

/** An adjusted claim stays approved, or further: what was taken back of it is in the books. */
const CLAIM = `
  CREATE FUNCTION claim_adjusted() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF EXISTS (SELECT 1 FROM adjustment WHERE claim_id = NEW.id AND state <> 'cancelled') THEN
      RAISE EXCEPTION 'claim % has an adjustment', NEW.id USING ERRCODE = '23514', CONSTRAINT = 'claim_adjusted';
    END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER claim_adjusted AFTER UPDATE OF state ON claim DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.state IN ('approved', 'funded', 'scheduled', 'paid', 'reconciled')
      AND NEW.state NOT IN ('approved', 'funded', 'scheduled', 'paid', 'reconciled'))
    EXECUTE FUNCTION claim_adjusted();`;

/** A payment is its claims less what is set off: nothing at least. Then the bank is not asked, and may have no file. */
const NETTED = `
  ALTER TABLE payment DROP CONSTRAINT payment_amount_pence_check, ADD CONSTRAINT payment_amount_pence_check CHECK (amount_pence >= 0);
  ALTER TABLE payment_run DROP CONSTRAINT payment_run_total_pence_check, ADD CONSTRAINT payment_run_total_pence_check CHECK (total_pence >= 0),
    DROP CONSTRAINT payment_run_approval_whole,
    ADD CONSTRAINT payment_run_approval_whole CHECK (num_nonnulls(approved_by, approved_at) = CASE WHEN state = 'approved' THEN 2 ELSE 0 END
      AND num_nonnulls(file_key, file_sha256, file_size) = CASE WHEN state = 'approved' AND total_pence > 0 THEN 3 ELSE 0 END);

  CREATE OR REPLACE FUNCTION payment_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE v_id uuid := CASE TG_TABLE_NAME WHEN 'payment' THEN (to_jsonb(NEW) ->> 'id')::uuid ELSE (to_jsonb(NEW) ->> 'payment_id')::uuid END;
  BEGIN
    IF (SELECT amount_pence FROM payment WHERE id = v_id) IS DISTINCT FROM
       (SELECT sum(pence) FROM payment_claim WHERE payment_id = v_id)
       - (SELECT coalesce(sum(pence), 0) FROM adjustment_set_off WHERE payment_id = v_id) THEN
      RAISE EXCEPTION 'payment % is not the sum of its claims less what is set off', v_id USING ERRCODE = '23514', CONSTRAINT = 'payment_adds_up';
    END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER payment_adds_up_with_set_off AFTER INSERT ON adjustment_set_off DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payment_adds_up();`;

const REMITTANCE = `
  ALTER TABLE document DROP CONSTRAINT document_kind_check,
    ADD CONSTRAINT document_kind_check CHECK (kind IN ('invoice', 'credit_note', 'remittance_advice'));
  ALTER TABLE number_series DROP CONSTRAINT number_series_kind_check,
    ADD CONSTRAINT number_series_kind_check CHECK (kind IN ('invoice', 'credit_note', 'remittance_advice'));

  CREATE TABLE payment_remittance (
    payment_id uuid PRIMARY KEY,
    authority_code text NOT NULL,
    document_id uuid NOT NULL UNIQUE,
    FOREIGN KEY (payment_id, authority_code) REFERENCES payment (id, authority_code),
    FOREIGN KEY (document_id, authority_code) REFERENCES document (id, authority_code)
  );
  COMMENT ON TABLE payment_remittance IS 'A payment''s remittance advice: issued when it is settled, once for ever.';
  CREATE TRIGGER payment_remittance_fixed BEFORE UPDATE OR DELETE ON payment_remittance FOR EACH ROW EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON payment_remittance TO claims_app;`;

/** The invoice's row is held, so that of two credit notes at once the second one counts the first. */
const CREDIT = `
  CREATE FUNCTION document_credit_within() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE v_invoiced bigint;
  BEGIN
    SELECT total_pence INTO v_invoiced FROM document WHERE id = NEW.refers_to FOR NO KEY UPDATE;
    IF (SELECT sum(total_pence) FROM document WHERE refers_to = NEW.refers_to AND kind = 'credit_note') > v_invoiced THEN
      RAISE EXCEPTION 'credit note % goes beyond its invoice', NEW.number USING ERRCODE = '23514', CONSTRAINT = 'document_credit_within';
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER document_credit_within AFTER INSERT ON document FOR EACH ROW WHEN (NEW.kind = 'credit_note')
    EXECUTE FUNCTION document_credit_within();`;
