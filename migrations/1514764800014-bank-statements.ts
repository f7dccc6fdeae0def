import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

/** What the bank says: statements of the payer's accounts with their lines, what was refused, and what became of payments. */
export class BankStatements1514764800014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [ACCOUNT, STATEMENT, LINE, STATEMENT_ADDS_UP, MAPPING, STATUS]) await runner.query(sql);
    for (const table of ['bank_account', 'bank_statement', 'bank_statement_mapping', 'payment_status_file']) {
      await enableRls(runner, table, 'programme_code');
    }
    for (const table of ['bank_line', 'payment_status']) await forThePayer(runner, table);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

/** Rows that name no programme themselves: the payer's people see them, no authority does. */
async function forThePayer(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY ${table}_payer ON ${table} USING (current_setting('app.authority', true) = '*');`);
}

const ACCOUNT = `
  CREATE TABLE bank_account (
    id uuid PRIMARY KEY,
    programme_code text NOT NULL REFERENCES programme,
    account_key text NOT NULL,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    opened_pence bigint NOT NULL DEFAULT 0,
    first_seen_at timestamptz NOT NULL,
    UNIQUE (programme_code, account_key)
  );
  COMMENT ON TABLE bank_account IS
    'An account of the payer that statements have come of. Row-locked, before anything else, while one is loaded: one after the other.';
  COMMENT ON COLUMN bank_account.opened_pence IS 'The opening balance as the books have it: that of the oldest statement.';
  GRANT SELECT, INSERT ON bank_account TO claims_app;
  GRANT UPDATE (opened_pence) ON bank_account TO claims_app;`;

const STATEMENT = `
  CREATE TABLE bank_statement (
    id uuid PRIMARY KEY,
    programme_code text NOT NULL REFERENCES programme,
    state text NOT NULL CHECK (state IN ('read', 'closed', 'quarantined')),
    format text NOT NULL CHECK (format IN ('camt053', 'mt940', 'csv')),
    file_sha256 text NOT NULL CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
    file_key text NOT NULL,
    file_size bigint NOT NULL CHECK (file_size >= 0),
    place int NOT NULL DEFAULT 1 CHECK (place > 0),
    account_key text,
    currency text,
    statement_id text,
    message_id text,
    sequence bigint,
    opening_pence bigint,
    closing_pence bigint,
    opening_on date,
    closing_on date,
    from_on date,
    to_on date,
    ends_on date,
    line_count int NOT NULL DEFAULT 0 CHECK (line_count >= 0),
    matched_count int NOT NULL DEFAULT 0 CHECK (matched_count BETWEEN 0 AND line_count),
    contents_sha256 text CHECK (contents_sha256 ~ '^[0-9a-f]{64}$'),
    reason_code text,
    reason_where text,
    reason text,
    replaced_by uuid REFERENCES bank_statement,
    loaded_by uuid NOT NULL,
    loaded_at timestamptz NOT NULL,
    closed_by uuid,
    closed_at timestamptz,
    version int NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL,
    FOREIGN KEY (programme_code, account_key) REFERENCES bank_account (programme_code, account_key),
    CONSTRAINT bank_statement_reason CHECK ((state = 'quarantined') = (reason IS NOT NULL) AND (reason IS NULL) = (reason_code IS NULL)),
    CONSTRAINT bank_statement_quarantined CHECK (state <> 'quarantined' OR (line_count = 0 AND contents_sha256 IS NULL AND account_key IS NULL)),
    CONSTRAINT bank_statement_replaced CHECK (replaced_by IS NULL OR state = 'quarantined'),
    CONSTRAINT bank_statement_closed CHECK (num_nonnulls(closed_by, closed_at) = CASE WHEN state = 'closed' THEN 2 ELSE 0 END)
  );
  COMMENT ON COLUMN bank_statement.place IS 'Which statement of its file it is.';
  COMMENT ON COLUMN bank_statement.ends_on IS 'The last day it tells of: statements of an account follow each other by it, then by sequence.';
  COMMENT ON COLUMN bank_statement.contents_sha256 IS 'Of account, number, balances and booked lines: the same statement in another file has the same.';
  COMMENT ON COLUMN bank_statement.replaced_by IS 'The statement that the same file gave when it was read again.';
  CREATE TRIGGER bank_statement_kept BEFORE DELETE ON bank_statement FOR EACH ROW EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER bank_statement_fixed BEFORE UPDATE OF id, programme_code, format, file_sha256, file_key, file_size, place, account_key, currency, statement_id,
    message_id, sequence, opening_pence, closing_pence, opening_on, closing_on, from_on, to_on, ends_on, line_count, contents_sha256, loaded_by,
    loaded_at ON bank_statement FOR EACH ROW WHEN (OLD.contents_sha256 IS NOT NULL OR OLD.state = 'quarantined') EXECUTE FUNCTION refuse_change();
  CREATE UNIQUE INDEX bank_statement_once ON bank_statement (programme_code, contents_sha256) WHERE state <> 'quarantined';
  CREATE UNIQUE INDEX bank_statement_file_once ON bank_statement (programme_code, file_sha256, place) WHERE state <> 'quarantined';
  CREATE UNIQUE INDEX bank_statement_quarantined_once ON bank_statement (programme_code, file_sha256) WHERE state = 'quarantined';
  CREATE INDEX bank_statement_newest ON bank_statement (id DESC);
  CREATE INDEX bank_statement_by_state ON bank_statement (state, id DESC);
  CREATE INDEX bank_statement_of_account ON bank_statement (programme_code, account_key, ends_on, coalesce(sequence, 0), id);
  GRANT SELECT, INSERT ON bank_statement TO claims_app;
  GRANT UPDATE (state, closing_pence, opening_pence, opening_on, closing_on, from_on, to_on, ends_on, line_count, matched_count,
    contents_sha256, reason_code, reason_where, reason, replaced_by, closed_by, closed_at, version, updated_at) ON bank_statement TO claims_app;`;

const LINE = `
  CREATE TABLE bank_line (
    id uuid PRIMARY KEY,
    statement_id uuid NOT NULL,
    seq int NOT NULL CHECK (seq > 0),
    booked_on date NOT NULL,
    value_on date,
    amount_pence bigint NOT NULL,
    currency text NOT NULL,
    reversal boolean NOT NULL DEFAULT false,
    reference text,
    bank_reference text,
    end_to_end_id text,
    instruction_id text,
    payment_information_id text,
    counterparty text,
    counterparty_account jsonb,
    remittance text,
    transaction_code text,
    return_reason text,
    narrative text,
    batch jsonb,
    transaction_count int NOT NULL DEFAULT 1 CHECK (transaction_count > 0),
    matched_pence bigint NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'unmatched' CHECK (state IN ('matched', 'suggested', 'unmatched')),
    UNIQUE (statement_id, seq),
    CONSTRAINT bank_line_matched CHECK ((state = 'matched') = (matched_pence = amount_pence)),
    CONSTRAINT bank_line_not_overmatched CHECK (matched_pence BETWEEN least(amount_pence, 0) AND greatest(amount_pence, 0))
  );
  COMMENT ON COLUMN bank_line.amount_pence IS 'Booked entries only; debits negative. What the bank said never changes.';
  CREATE TRIGGER bank_line_fixed BEFORE DELETE OR UPDATE OF id, statement_id, seq, booked_on, value_on, amount_pence, currency, reversal, reference,
    bank_reference, end_to_end_id, instruction_id, payment_information_id, counterparty, counterparty_account, remittance, transaction_code,
    return_reason, narrative, batch, transaction_count ON bank_line FOR EACH ROW EXECUTE FUNCTION refuse_change();
  CREATE FUNCTION bank_line_of_statement() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE v_id uuid;
  BEGIN
    FOR v_id IN SELECT DISTINCT statement_id FROM added LOOP
      PERFORM FROM bank_statement WHERE id = v_id AND state = 'read' AND contents_sha256 IS NULL;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'statement % takes no lines', v_id USING ERRCODE = '23503', CONSTRAINT = 'bank_line_of_statement';
      END IF;
    END LOOP;
    RETURN NULL;
  END $$;
  COMMENT ON FUNCTION bank_line_of_statement IS
    'Stands for a foreign key, which would be looked up for each of a hundred thousand lines; and none is added once the statement is whole.';
  CREATE TRIGGER bank_line_of_statement AFTER INSERT ON bank_line REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION bank_line_of_statement();
  CREATE INDEX bank_line_open ON bank_line (statement_id, seq) WHERE state <> 'matched';
  GRANT SELECT, INSERT ON bank_line TO claims_app;
  GRANT UPDATE (matched_pence, state) ON bank_line TO claims_app;`;

/** Checked at commit, whoever wrote the rows: nothing half-read is ever a statement. */
const STATEMENT_ADDS_UP = `
  CREATE FUNCTION bank_statement_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE v public.bank_statement; v_count int; v_sum bigint; v_last int;
  BEGIN
    SELECT * INTO v FROM bank_statement WHERE id = NEW.id;
    IF v.state = 'quarantined' THEN RETURN NULL; END IF;
    SELECT count(*), coalesce(sum(amount_pence), 0), coalesce(max(seq), 0) INTO v_count, v_sum, v_last
      FROM bank_line WHERE statement_id = NEW.id AND currency = v.currency;
    IF (v.opening_pence + v_sum, v.line_count, v_last) IS DISTINCT FROM (v.closing_pence, v_count, v_count)
       OR num_nulls(v.account_key, v.currency, v.ends_on, v.contents_sha256) > 0 THEN
      RAISE EXCEPTION 'bank statement % does not come to its closing balance', NEW.id
        USING ERRCODE = '23514', CONSTRAINT = 'bank_statement_adds_up';
    END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER bank_statement_adds_up AFTER INSERT ON bank_statement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION bank_statement_adds_up();
  CREATE CONSTRAINT TRIGGER bank_statement_adds_up_again AFTER UPDATE OF opening_pence, closing_pence, line_count ON bank_statement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bank_statement_adds_up();`;

const MAPPING = `
  CREATE TABLE bank_statement_mapping (
    programme_code text NOT NULL REFERENCES programme,
    name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    mapping jsonb NOT NULL,
    saved_by uuid NOT NULL,
    saved_at timestamptz NOT NULL,
    version int NOT NULL DEFAULT 1,
    PRIMARY KEY (programme_code, name)
  );
  COMMENT ON TABLE bank_statement_mapping IS 'How a bank lays out its CSV, under the name that a statement is loaded with.';
  GRANT SELECT, INSERT ON bank_statement_mapping TO claims_app;
  GRANT UPDATE (mapping, saved_by, saved_at, version) ON bank_statement_mapping TO claims_app;`;

const STATUS = `
  CREATE TABLE payment_status_file (
    id uuid PRIMARY KEY,
    programme_code text NOT NULL REFERENCES programme,
    state text NOT NULL CHECK (state IN ('read', 'quarantined')),
    file_sha256 text NOT NULL CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
    file_key text NOT NULL,
    file_size bigint NOT NULL CHECK (file_size >= 0),
    message_id text,
    original_message_id text,
    group_status text,
    status_count int NOT NULL DEFAULT 0 CHECK (status_count >= 0),
    applied_count int NOT NULL DEFAULT 0 CHECK (applied_count BETWEEN 0 AND status_count),
    reason_code text,
    reason_where text,
    reason text,
    loaded_by uuid NOT NULL,
    loaded_at timestamptz NOT NULL,
    UNIQUE (programme_code, file_sha256),
    CONSTRAINT payment_status_file_reason CHECK ((state = 'quarantined') = (reason IS NOT NULL) AND (reason IS NULL) = (reason_code IS NULL))
  );
  CREATE INDEX payment_status_file_newest ON payment_status_file (id DESC);
  CREATE TRIGGER payment_status_file_fixed BEFORE DELETE ON payment_status_file FOR EACH ROW EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON payment_status_file TO claims_app;
  GRANT UPDATE (state, message_id, original_message_id, group_status, status_count, applied_count, reason_code, reason_where, reason)
    ON payment_status_file TO claims_app;

  CREATE TABLE payment_status (
    file_id uuid NOT NULL REFERENCES payment_status_file,
    seq int NOT NULL CHECK (seq > 0),
    end_to_end_id text NOT NULL,
    payment_id uuid REFERENCES payment,
    status text,
    outcome text NOT NULL,
    reason_code text,
    effect text NOT NULL CHECK (effect IN ('applied', 'noted', 'too_late', 'unknown')),
    PRIMARY KEY (file_id, seq)
  );
  COMMENT ON COLUMN payment_status.effect IS
    'applied: the payment was refused by it; noted: nothing had to change; too_late: it says what the payment''s state does not allow; unknown: none of ours.';
  CREATE TRIGGER payment_status_fixed BEFORE UPDATE OR DELETE ON payment_status FOR EACH ROW EXECUTE FUNCTION refuse_change();
  CREATE INDEX payment_status_of_payment ON payment_status (payment_id) WHERE payment_id IS NOT NULL;
  GRANT SELECT, INSERT ON payment_status TO claims_app;`;
