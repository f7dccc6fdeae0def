import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

/** Programmes and their dated terms, authorities, what each was allotted and how it was moved. */
export class Programme1514764800004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TERMS);
    await runner.query(AUTHORITIES);
    await enableRls(runner, 'authority_profile');
    await enableRls(runner, 'bank_details');
    await runner.query(ALLOCATIONS);
    await enableRls(runner, 'allocation');
    await enableRls(runner, 'allocation_entry');
    await runner.query(MOVES);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

/** Each means something else already: a chain of the audit trail, or an end of a move of days. */
const RESERVED = `('MTM', 'SYSTEM', 'RESERVE')`;

const TERMS = `
  CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;

  CREATE TABLE programme (
    code text PRIMARY KEY CHECK (code ~ '^[A-Z0-9]{2,12}$' AND code NOT IN ${RESERVED}),
    name text NOT NULL,
    created_at timestamptz NOT NULL
  );
  CREATE TABLE number_prefix (
    prefix text PRIMARY KEY CHECK (prefix ~ '^[A-Z0-9]{2,12}$'),
    programme_code text NOT NULL REFERENCES programme,
    UNIQUE (programme_code, prefix)
  );
  COMMENT ON TABLE number_prefix IS 'What document numbers begin with: each belongs to one programme, for ever.';
  CREATE TABLE programme_terms (
    id uuid PRIMARY KEY,
    programme_code text NOT NULL REFERENCES programme,
    version int NOT NULL CHECK (version > 0),
    in_force_from date NOT NULL,
    terms jsonb NOT NULL,
    number_prefix text NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    loaded_at timestamptz NOT NULL,
    UNIQUE (programme_code, version),
    CHECK (number_prefix = terms ->> 'numberPrefix'),
    FOREIGN KEY (programme_code, number_prefix) REFERENCES number_prefix (programme_code, prefix)
  );
  COMMENT ON TABLE programme_terms IS 'Dated terms. A row never changes: submitted claims refer to the terms they were made under.';
  CREATE TRIGGER programme_terms_fixed BEFORE UPDATE OR DELETE ON programme_terms FOR EACH ROW EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON programme, number_prefix, programme_terms TO claims_app;`;

const AUTHORITIES = `
  CREATE TABLE authority (
    code text PRIMARY KEY CHECK (code ~ '^[A-Z0-9]{2,12}$' AND code NOT IN ${RESERVED}),
    name text NOT NULL,
    ons_code text NOT NULL UNIQUE CHECK (ons_code ~ '^[A-Z][0-9]{8}$')
  );
  COMMENT ON TABLE authority IS 'What everyone may know of an authority. The rest is in authority_profile and bank_details.';
  CREATE TABLE programme_authority (
    programme_code text NOT NULL REFERENCES programme,
    authority_code text NOT NULL REFERENCES authority,
    PRIMARY KEY (programme_code, authority_code)
  );
  CREATE TABLE authority_profile (
    authority_code text PRIMARY KEY REFERENCES authority,
    legal_name text NOT NULL,
    address_lines text[] NOT NULL DEFAULT '{}',
    postcode text,
    country text NOT NULL DEFAULT 'GB' CHECK (country ~ '^[A-Z]{2}$'),
    contact_name text,
    contact_email text,
    version int NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL
  );
  CREATE TABLE bank_details (
    authority_code text NOT NULL REFERENCES authority,
    version int NOT NULL CHECK (version > 0),
    account_name text NOT NULL,
    sort_code text CHECK (sort_code ~ '^[0-9]{6}$'),
    account_number text CHECK (account_number ~ '^[0-9]{8}$'),
    iban text,
    bic text,
    demo boolean NOT NULL DEFAULT false,
    entered_by uuid NOT NULL,
    entered_at timestamptz NOT NULL,
    PRIMARY KEY (authority_code, version),
    CHECK ((sort_code IS NOT NULL AND account_number IS NOT NULL AND iban IS NULL AND bic IS NULL)
        OR (sort_code IS NULL AND account_number IS NULL AND iban IS NOT NULL AND bic IS NOT NULL))
  );
  COMMENT ON TABLE bank_details IS 'Every account an authority has had; claims are paid to the highest version. A row never changes.';
  CREATE TRIGGER bank_details_fixed BEFORE UPDATE OR DELETE ON bank_details FOR EACH ROW EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON authority, programme_authority, bank_details TO claims_app;
  GRANT SELECT, INSERT, UPDATE ON authority_profile TO claims_app;`;

const ALLOCATIONS = `
  CREATE TABLE allocation_pool (
    programme_code text NOT NULL REFERENCES programme,
    category text NOT NULL,
    maximum_days numeric(9,3),
    reserve_days numeric(9,3) NOT NULL CHECK (reserve_days >= 0),
    PRIMARY KEY (programme_code, category)
  );
  COMMENT ON TABLE allocation_pool IS 'Days of a category that no authority holds yet.';
  CREATE TABLE allocation (
    id uuid PRIMARY KEY,
    programme_code text NOT NULL REFERENCES programme,
    authority_code text NOT NULL REFERENCES authority,
    category text NOT NULL,
    allotted_days numeric(9,3) NOT NULL CHECK (allotted_days >= 0),
    reserved_days numeric(9,3) NOT NULL DEFAULT 0 CHECK (reserved_days >= 0),
    used_days numeric(9,3) NOT NULL DEFAULT 0 CHECK (used_days >= 0),
    version int NOT NULL DEFAULT 1,
    UNIQUE (programme_code, authority_code, category),
    CONSTRAINT allocation_not_overdrawn CHECK (reserved_days + used_days <= allotted_days)
  );
  CREATE TABLE allocation_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    allocation_id uuid NOT NULL REFERENCES allocation,
    authority_code text NOT NULL REFERENCES authority,
    kind text NOT NULL CHECK (kind IN ('allotted', 'moved', 'reserved', 'used', 'released', 'unused')),
    days numeric(9,3) NOT NULL,
    claim_id uuid,
    at timestamptz NOT NULL,
    actor_id uuid NOT NULL
  );
  COMMENT ON TABLE allocation_entry IS
    'Every change of an allocation. allotted = Σ allotted + moved; reserved = Σ reserved − used − released; used = Σ used − unused.';
  CREATE INDEX allocation_entry_of ON allocation_entry (allocation_id, at);
  CREATE TRIGGER allocation_entry_fixed BEFORE UPDATE OR DELETE ON allocation_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT, UPDATE ON allocation, allocation_pool TO claims_app;
  GRANT SELECT, INSERT ON allocation_entry TO claims_app;`;

/** A move is seen by both of its ends, so its policy is its own. */
const MOVES = `
  CREATE TABLE allocation_move (
    id uuid PRIMARY KEY,
    programme_code text NOT NULL REFERENCES programme,
    category text NOT NULL,
    from_authority text REFERENCES authority,
    to_authority text REFERENCES authority,
    days numeric(9,3) NOT NULL CHECK (days > 0),
    reason text NOT NULL,
    moved_by uuid NOT NULL,
    moved_at timestamptz NOT NULL,
    CHECK (from_authority IS DISTINCT FROM to_authority)
  );
  CREATE INDEX allocation_move_at ON allocation_move (programme_code, moved_at DESC, id);
  ALTER TABLE allocation_move ENABLE ROW LEVEL SECURITY;
  ALTER TABLE allocation_move FORCE ROW LEVEL SECURITY;
  CREATE POLICY allocation_move_own ON allocation_move
    USING (current_setting('app.authority', true) = '*'
        OR current_setting('app.authority', true) IN (from_authority, to_authority));
  GRANT SELECT, INSERT ON allocation_move TO claims_app;`;
