import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

/** The grant each authority has from the funder directly: its terms, who holds the post, what was spent, what is expected. */
export class Grants1514764800011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TERMS);
    await runner.query(AWARD);
    await runner.query(SPENDING);
    for (const table of ['grant_award', 'grant_holder', 'grant_quarter', 'grant_entry', 'grant_import']) {
      await enableRls(runner, table);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

/** The form of a quarter's name, `2018-Q1`: a quarter of the calendar year. */
const QUARTER = `CHECK (quarter ~ '^[12][0-9]{3}-Q[1-4]$')`;

const TERMS = `
  CREATE TABLE grant_terms (
    programme_code text NOT NULL REFERENCES programme,
    version int NOT NULL CHECK (version > 0),
    terms jsonb NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    loaded_at timestamptz NOT NULL,
    PRIMARY KEY (programme_code, version)
  );
  COMMENT ON TABLE grant_terms IS 'What a programme''s funder pays each authority directly; the highest version counts. A row never changes.';
  CREATE TRIGGER grant_terms_fixed BEFORE UPDATE OR DELETE ON grant_terms FOR EACH ROW EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON grant_terms TO claims_app;`;

const AWARD = `
  CREATE TABLE grant_award (
    programme_code text NOT NULL,
    authority_code text NOT NULL,
    worked_out_pence bigint NOT NULL CHECK (worked_out_pence > 0),
    post text,
    received_on date,
    received_pence bigint CHECK (received_pence > 0),
    receipt_reason text,
    underspend text CHECK (underspend IN ('carried_forward', 'returned_at_year_end')),
    spent_pence bigint NOT NULL DEFAULT 0 CHECK (spent_pence >= 0),
    version int NOT NULL DEFAULT 0 CHECK (version >= 0),
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (programme_code, authority_code),
    FOREIGN KEY (programme_code, authority_code) REFERENCES programme_authority,
    CONSTRAINT grant_receipt_whole CHECK ((received_on IS NULL) = (received_pence IS NULL)),
    CONSTRAINT grant_receipt_explained CHECK (received_pence = worked_out_pence OR receipt_reason IS NOT NULL),
    CONSTRAINT grant_not_overspent CHECK (spent_pence <= coalesce(received_pence, worked_out_pence))
  );
  COMMENT ON TABLE grant_award IS 'One authority''s grant. Made when its first detail or spending is recorded; until then it is what the terms say.';
  COMMENT ON COLUMN grant_award.spent_pence IS 'Sum of the entries that nothing replaces; kept by a trigger, so that the limit is the database''s own.';
  COMMENT ON COLUMN grant_award.underspend IS 'What the conditions of this authority''s grant say; null: as the terms.';
  GRANT SELECT, INSERT ON grant_award TO claims_app;
  GRANT UPDATE (worked_out_pence, post, received_on, received_pence, receipt_reason, underspend, spent_pence, version, updated_at)
     ON grant_award TO claims_app;

  CREATE TABLE grant_holder (
    programme_code text NOT NULL,
    authority_code text NOT NULL,
    position smallint NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    PRIMARY KEY (programme_code, authority_code, position),
    FOREIGN KEY (programme_code, authority_code) REFERENCES grant_award,
    CONSTRAINT grant_holder_forwards CHECK (ends_on >= starts_on)
  );
  COMMENT ON TABLE grant_holder IS 'When the post was held. Not by whom: nothing here needs a name. Replaced as a whole; the audit trail has what was before.';
  GRANT SELECT, INSERT, DELETE ON grant_holder TO claims_app;

  CREATE TABLE grant_quarter (
    programme_code text NOT NULL,
    authority_code text NOT NULL,
    quarter text NOT NULL ${QUARTER},
    forecast_pence bigint CHECK (forecast_pence BETWEEN 0 AND 10000000),
    variance_reason text,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (programme_code, authority_code, quarter),
    FOREIGN KEY (programme_code, authority_code) REFERENCES grant_award
  );
  GRANT SELECT, INSERT, UPDATE ON grant_quarter TO claims_app;`;

const SPENDING = `
  CREATE TABLE grant_import (
    id uuid PRIMARY KEY,
    programme_code text NOT NULL,
    authority_code text NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    row_count int NOT NULL CHECK (row_count > 0),
    repeated boolean NOT NULL,
    imported_by uuid NOT NULL,
    at timestamptz NOT NULL,
    FOREIGN KEY (programme_code, authority_code) REFERENCES grant_award
  );
  CREATE UNIQUE INDEX grant_import_once ON grant_import (programme_code, authority_code, sha256) WHERE NOT repeated;
  GRANT SELECT, INSERT ON grant_import TO claims_app;

  CREATE TABLE grant_entry (
    id uuid PRIMARY KEY,
    programme_code text NOT NULL,
    authority_code text NOT NULL,
    quarter text NOT NULL ${QUARTER},
    amount_pence bigint NOT NULL CHECK (amount_pence BETWEEN 0 AND 10000000),
    description text NOT NULL,
    incurred_on date,
    supplier text,
    supplier_reference text,
    reference_key text,
    replaces uuid,
    reason text,
    import_id uuid REFERENCES grant_import,
    entered_by uuid NOT NULL,
    entered_at timestamptz NOT NULL,
    UNIQUE (id, programme_code, authority_code),
    FOREIGN KEY (programme_code, authority_code) REFERENCES grant_award,
    FOREIGN KEY (replaces, programme_code, authority_code) REFERENCES grant_entry (id, programme_code, authority_code),
    CONSTRAINT grant_entry_replaced_once UNIQUE (replaces),
    CONSTRAINT grant_entry_not_itself CHECK (replaces <> id),
    CONSTRAINT grant_entry_correction_explained CHECK ((replaces IS NULL) = (reason IS NULL)),
    CONSTRAINT grant_entry_something CHECK (amount_pence > 0 OR replaces IS NOT NULL),
    CONSTRAINT grant_entry_reference_keyed CHECK ((supplier_reference IS NULL) = (reference_key IS NULL))
  );
  COMMENT ON TABLE grant_entry IS 'What the grant was spent on. A row never changes: a correction is a new one that replaces it.';
  COMMENT ON COLUMN grant_entry.reference_key IS 'The supplier''s reference without case, spaces and punctuation, as trainer_invoice.number_key.';
  CREATE INDEX grant_entry_of ON grant_entry (authority_code, programme_code, id DESC);
  CREATE TRIGGER grant_entry_fixed BEFORE UPDATE OR DELETE ON grant_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON grant_entry TO claims_app;

  -- The sum is kept by the database, so that its limit (grant_not_overspent) holds whoever writes an entry.
  CREATE FUNCTION grant_entry_counted() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE grant_award a SET spent_pence = a.spent_pence + n.added
      FROM (SELECT e.programme_code, e.authority_code, sum(e.amount_pence - coalesce(r.amount_pence, 0))::bigint AS added
              FROM entered e LEFT JOIN grant_entry r ON r.id = e.replaces GROUP BY 1, 2) n
     WHERE a.programme_code = n.programme_code AND a.authority_code = n.authority_code;
    RETURN NULL;
  END $$;
  CREATE TRIGGER grant_entry_counted AFTER INSERT ON grant_entry REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION grant_entry_counted();`;
