import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

const EVIDENCE = `
  CREATE TABLE evidence (
    id uuid PRIMARY KEY,
    authority_code text NOT NULL REFERENCES authority,
    claim_id uuid NOT NULL,
    trainer_invoice_id uuid REFERENCES trainer_invoice ON DELETE SET NULL,
    file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 255),
    description text CHECK (length(description) <= 500),
    media_type text NOT NULL CHECK (length(media_type) <= 100),
    declared_otherwise boolean NOT NULL,
    size bigint NOT NULL CHECK (size > 0),
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    storage_key text NOT NULL,
    uploaded_by uuid NOT NULL,
    uploaded_at timestamptz NOT NULL,
    removed_by uuid,
    removed_at timestamptz,
    removed_reason text CHECK (length(removed_reason) <= 500),
    FOREIGN KEY (claim_id, authority_code) REFERENCES claim (id, authority_code),
    CONSTRAINT evidence_removal_whole CHECK ((removed_at IS NULL) = (removed_by IS NULL)
                                         AND (removed_at IS NULL) = (removed_reason IS NULL))
  );
  COMMENT ON TABLE evidence IS 'Files that support a claim. Removing one hides it; its record and its content stay.';
  COMMENT ON COLUMN evidence.media_type IS 'Found from the bytes.';
  COMMENT ON COLUMN evidence.declared_otherwise IS 'The sender''s type or the name''s extension says something else than the bytes.';
  CREATE INDEX evidence_of_claim ON evidence (claim_id, id);
  CREATE INDEX evidence_of_trainer_invoice ON evidence (trainer_invoice_id) WHERE trainer_invoice_id IS NOT NULL;
  CREATE INDEX evidence_by_content ON evidence (sha256, claim_id) WHERE removed_at IS NULL;
  -- What was sent never changes; only its removal is written later, and the link to a trainer invoice can go.
  GRANT SELECT, INSERT, UPDATE (removed_by, removed_at, removed_reason) ON evidence TO claims_app;`;

const IMPORT = `
  CREATE TABLE claim_import (
    id uuid PRIMARY KEY,
    authority_code text NOT NULL,
    programme_code text NOT NULL,
    file_name text CHECK (length(file_name) BETWEEN 1 AND 255),
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    row_count int NOT NULL CHECK (row_count > 0),
    claim_count int NOT NULL CHECK (claim_count > 0),
    claim_ids uuid[] NOT NULL,
    repeated boolean NOT NULL,
    imported_by uuid NOT NULL,
    at timestamptz NOT NULL,
    FOREIGN KEY (programme_code, authority_code) REFERENCES programme_authority,
    CHECK (cardinality(claim_ids) = claim_count)
  );
  COMMENT ON TABLE claim_import IS 'CSV files read into drafts.';
  COMMENT ON COLUMN claim_import.repeated IS 'The same content was imported before, and was asked for again on purpose.';
  -- The first import of a content is the only one that did not say so, however many try at once.
  CREATE UNIQUE INDEX claim_import_once ON claim_import (authority_code, sha256) WHERE NOT repeated;
  GRANT SELECT, INSERT ON claim_import TO claims_app;`;

/** Evidence files and imports of claims. */
export class Evidence1514764800008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(EVIDENCE);
    await runner.query(IMPORT);
    await enableRls(runner, 'evidence');
    await enableRls(runner, 'claim_import');
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}
