import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

/** Claims, the trainer invoices they gather, and the number series of what they issue. */
export class Claims1514764800005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CLAIM);
    await runner.query(TRAINER_INVOICE);
    await runner.query(LINE);
    await runner.query(SERIES);
    for (const table of ['claim', 'trainer_invoice', 'trainer_invoice_line', 'number_series', 'claim_revision']) {
      await enableRls(runner, table);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

const CLAIM = `
  CREATE TABLE claim (
    id uuid PRIMARY KEY,
    programme_code text NOT NULL,
    authority_code text NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'submitted', 'reviewed', 'returned', 'withdrawn', 'rejected',
                                         'approved', 'funded', 'scheduled', 'paid', 'reconciled')),
    version int NOT NULL DEFAULT 1,
    authority_reference text,
    purchase_order text,
    held_at timestamptz,
    held_by uuid,
    hold_reason text,
    total_pence bigint NOT NULL CHECK (total_pence >= 0),
    above_rate_pence bigint NOT NULL CHECK (above_rate_pence >= 0),
    terms_id uuid REFERENCES programme_terms,
    calculation jsonb,
    submitted_at timestamptz,
    submitted_by uuid,
    due_on date,
    invoice_id uuid,
    invoice_number text,
    reviewed_by uuid,
    reviewed_at timestamptz,
    approved_by uuid,
    approved_at timestamptz,
    approved_pence bigint CHECK (approved_pence >= 0),
    approved jsonb,
    makers uuid[] NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    FOREIGN KEY (programme_code, authority_code) REFERENCES programme_authority,
    CONSTRAINT claim_frozen_at_submission CHECK (state IN ('draft', 'returned', 'withdrawn')
      OR (terms_id IS NOT NULL AND calculation IS NOT NULL AND submitted_at IS NOT NULL AND invoice_number IS NOT NULL)),
    CONSTRAINT claim_due_while_live CHECK ((due_on IS NULL) = (state IN ('draft', 'returned', 'withdrawn', 'rejected'))),
    CONSTRAINT claim_approved_within_claimed CHECK (approved_pence <= total_pence),
    CONSTRAINT claim_approved_by_other CHECK (approved_by IS NULL OR NOT approved_by = ANY (makers)),
    CONSTRAINT claim_approval_whole CHECK (state NOT IN ('approved', 'funded', 'scheduled', 'paid', 'reconciled')
      OR (approved_by IS NOT NULL AND approved_pence IS NOT NULL)),
    CONSTRAINT claim_hold_whole CHECK ((held_at IS NULL) = (hold_reason IS NULL) AND (held_at IS NULL) = (held_by IS NULL))
  );
  COMMENT ON COLUMN claim.due_on IS 'While the claim is live: nothing is due on one that is not.';
  COMMENT ON COLUMN claim.makers IS 'Everyone who edited, submitted, reviewed or recorded a finding; none of them may approve.';
  -- Lists are newest first, for one authority or for all, with or without a state; for all without one by the primary key.
  -- Each has the authority in it, which row-level security asks of every row: a page is found in the index alone.
  -- Unique, so that what a claim gathers can be tied to its claim's authority, which row-level security asks it for.
  CREATE UNIQUE INDEX claim_of_authority ON claim (authority_code, id DESC);
  CREATE INDEX claim_by_state ON claim (state, id DESC) INCLUDE (authority_code);
  CREATE INDEX claim_of_authority_by_state ON claim (authority_code, state, id DESC);
  CREATE INDEX claim_held ON claim (id DESC) WHERE held_at IS NOT NULL;
  CREATE INDEX claim_due ON claim (due_on, id) INCLUDE (authority_code) WHERE due_on IS NOT NULL;
  CREATE INDEX claim_due_by_state ON claim (state, due_on, id) INCLUDE (authority_code) WHERE due_on IS NOT NULL;
  CREATE INDEX claim_by_authority_reference ON claim (authority_reference, id DESC) INCLUDE (authority_code)
    WHERE authority_reference IS NOT NULL;
  CREATE INDEX claim_by_purchase_order ON claim (purchase_order, id DESC) INCLUDE (authority_code)
    WHERE purchase_order IS NOT NULL;
  CREATE UNIQUE INDEX claim_invoice_number ON claim (invoice_number);
  -- Claims in paying order: those waiting for money.
  CREATE INDEX claim_queue ON claim (due_on, submitted_at, id) INCLUDE (approved_pence) WHERE state = 'approved' AND held_at IS NULL;
  GRANT SELECT, INSERT, UPDATE ON claim TO claims_app;

  CREATE TABLE claim_revision (
    claim_id uuid NOT NULL,
    version int NOT NULL,
    authority_code text NOT NULL,
    body jsonb NOT NULL,
    findings jsonb,
    replaced_by uuid NOT NULL,
    replaced_at timestamptz NOT NULL,
    PRIMARY KEY (claim_id, version),
    FOREIGN KEY (claim_id, authority_code) REFERENCES claim (id, authority_code)
  );
  COMMENT ON TABLE claim_revision IS 'What a draft said before each edit; the audit trail holds only its hash.';
  COMMENT ON COLUMN claim_revision.findings IS 'What the payer had recorded of its lines, payments and distinct invoices, which the edit took away; null without any.';
  GRANT SELECT, INSERT ON claim_revision TO claims_app;`;

const TRAINER_INVOICE = `
  CREATE TABLE trainer_invoice (
    id uuid PRIMARY KEY,
    claim_id uuid NOT NULL,
    authority_code text NOT NULL,
    position smallint NOT NULL,
    trainer_name text NOT NULL,
    trainer_key text NOT NULL,
    vat_number text,
    vat_key text,
    country text NOT NULL,
    number text NOT NULL,
    number_key text NOT NULL,
    issued_on date NOT NULL,
    paid_on date,
    proof_paid_on date,
    proof_note text,
    proof_by uuid,
    proof_at timestamptz,
    distinct_note text,
    distinct_by uuid,
    distinct_at timestamptz,
    delivered_from date,
    delivered_to date,
    live boolean NOT NULL DEFAULT false,
    FOREIGN KEY (claim_id, authority_code) REFERENCES claim (id, authority_code),
    -- Checked at the end of a statement, so that one can reorder a draft's invoices.
    UNIQUE (claim_id, position) DEFERRABLE INITIALLY IMMEDIATE
  );
  COMMENT ON COLUMN trainer_invoice.live IS 'In a claim that is submitted to reconciled.';
  COMMENT ON COLUMN trainer_invoice.trainer_key IS 'The name without case, spaces and punctuation.';
  -- A trainer invoice is in at most one live claim of an authority: same number, and same name or same VAT number.
  CREATE UNIQUE INDEX trainer_invoice_once_by_name ON trainer_invoice (authority_code, number_key, trainer_key) WHERE live;
  CREATE UNIQUE INDEX trainer_invoice_once_by_vat ON trainer_invoice (authority_code, number_key, vat_key) WHERE live AND vat_key IS NOT NULL;
  -- The flags ask for a trainer's invoices by number. The trainer first: everyone has an INV-0001.
  CREATE INDEX trainer_invoice_of_name ON trainer_invoice (trainer_key, number_key);
  CREATE INDEX trainer_invoice_of_vat ON trainer_invoice (vat_key, number_key) WHERE vat_key IS NOT NULL;
  -- And by day, answered by the index alone. The first day is no key: PostgreSQL 18 would think it has to try every last day.
  CREATE INDEX trainer_invoice_days_of_name ON trainer_invoice (trainer_key, delivered_to)
    INCLUDE (delivered_from, id, authority_code) WHERE live;
  CREATE INDEX trainer_invoice_days_of_vat ON trainer_invoice (vat_key, delivered_to)
    INCLUDE (delivered_from, id, authority_code) WHERE live AND vat_key IS NOT NULL;
  GRANT SELECT, INSERT, UPDATE, DELETE ON trainer_invoice TO claims_app;`;

const LINE = `
  CREATE TABLE trainer_invoice_line (
    id uuid PRIMARY KEY,
    trainer_invoice_id uuid NOT NULL REFERENCES trainer_invoice ON DELETE CASCADE,
    claim_id uuid NOT NULL,
    authority_code text NOT NULL,
    position smallint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('training', 'travel')),
    category text,
    rate text,
    description text NOT NULL,
    booked_on date,
    delivered_on date[],
    trainer_days numeric(9,3),
    net_pence bigint NOT NULL CHECK (net_pence > 0),
    vat_rate text NOT NULL,
    vat_pence bigint NOT NULL CHECK (vat_pence >= 0),
    rate_pence bigint,
    eligible_pence bigint,
    above_rate_pence bigint,
    funded_days numeric(9,3),
    decision text CHECK (decision IN ('allow', 'disallow')),
    decision_reason text,
    decided_by uuid,
    decided_at timestamptz,
    UNIQUE (trainer_invoice_id, position),
    FOREIGN KEY (claim_id, authority_code) REFERENCES claim (id, authority_code),
    CHECK (kind = 'travel' OR (category IS NOT NULL AND rate IS NOT NULL AND booked_on IS NOT NULL AND delivered_on IS NOT NULL AND trainer_days IS NOT NULL)),
    CONSTRAINT line_eligible_within_net CHECK (eligible_pence <= net_pence)
  );
  COMMENT ON COLUMN trainer_invoice_line.eligible_pence IS 'Frozen at submission, like rate_pence, above_rate_pence and funded_days.';
  CREATE INDEX trainer_invoice_line_of_claim ON trainer_invoice_line (claim_id);
  GRANT SELECT, INSERT, UPDATE, DELETE ON trainer_invoice_line TO claims_app;`;

const SERIES = `
  CREATE TABLE number_series (
    programme_code text NOT NULL REFERENCES programme,
    authority_code text NOT NULL REFERENCES authority,
    kind text NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
    last int NOT NULL CHECK (last >= 0),
    PRIMARY KEY (programme_code, authority_code, kind)
  );
  COMMENT ON TABLE number_series IS 'Row-locked while a number is taken, so a rolled-back transaction leaves no gap.';
  GRANT SELECT, INSERT, UPDATE ON number_series TO claims_app;`;
