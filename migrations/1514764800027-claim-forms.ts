import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

/** What is typed for a claim before it is one: a form, its pages, and who has which page open. */
export class ClaimForms1514764800027 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FORM);
    await runner.query(PAGE);
    await runner.query(VISIT);
    for (const table of ['claim_form', 'claim_form_page', 'claim_form_visit']) await enableRls(runner, table);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

const FORM = `
  CREATE TABLE claim_form (
    id uuid PRIMARY KEY,
    programme_code text NOT NULL,
    authority_code text NOT NULL,
    claim_id uuid,
    claim_body_sha256 text CHECK (claim_body_sha256 ~ '^[0-9a-f]{64}$'),
    version int NOT NULL DEFAULT 1 CHECK (version > 0),
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    discarded_by uuid,
    discarded_at timestamptz,
    UNIQUE (id, authority_code),
    FOREIGN KEY (programme_code, authority_code) REFERENCES programme_authority,
    FOREIGN KEY (claim_id, authority_code) REFERENCES claim (id, authority_code),
    CONSTRAINT claim_form_link_whole CHECK ((claim_id IS NULL) = (claim_body_sha256 IS NULL)),
    CONSTRAINT claim_form_discard_whole CHECK ((discarded_at IS NULL) = (discarded_by IS NULL))
  );
  COMMENT ON TABLE claim_form IS 'A claim while it is typed, page by page, until it is a whole claim body.';
  COMMENT ON COLUMN claim_form.claim_id IS 'The draft or returned claim it was started from or has become; null before.';
  COMMENT ON COLUMN claim_form.claim_body_sha256 IS 'What that claim said when the form last agreed with it.';
  -- One task list a claim.
  CREATE UNIQUE INDEX claim_form_of_claim ON claim_form (claim_id) WHERE claim_id IS NOT NULL AND discarded_at IS NULL;
  CREATE INDEX claim_form_open ON claim_form (authority_code, id DESC) WHERE discarded_at IS NULL;
  GRANT SELECT, INSERT ON claim_form TO claims_app;
  GRANT UPDATE (claim_id, claim_body_sha256, version, updated_by, updated_at, discarded_by, discarded_at)
    ON claim_form TO claims_app;`;

const PAGE = `
  CREATE TABLE claim_form_page (
    form_id uuid NOT NULL,
    key text NOT NULL CHECK (length(key) <= 40),
    authority_code text NOT NULL,
    slot smallint NOT NULL CHECK (slot BETWEEN 0 AND 50),
    version int NOT NULL DEFAULT 1 CHECK (version > 0),
    content jsonb NOT NULL CHECK (jsonb_typeof(content) = 'object' AND length(content::text) <= 600000),
    updated_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    removed_at timestamptz,
    PRIMARY KEY (form_id, key),
    FOREIGN KEY (form_id, authority_code) REFERENCES claim_form (id, authority_code),
    CONSTRAINT claim_form_page_details CHECK ((key = 'details') = (slot = 0)),
    CONSTRAINT claim_form_page_keeps_details CHECK (slot > 0 OR removed_at IS NULL)
  );
  COMMENT ON TABLE claim_form_page IS 'The details or one trainer invoice, exactly as typed; its own version, so that two people on two pages do not disturb each other.';
  COMMENT ON COLUMN claim_form_page.slot IS '0 for the details; each trainer invoice takes one of fifty, so there are never more.';
  CREATE UNIQUE INDEX claim_form_page_slot ON claim_form_page (form_id, slot) WHERE removed_at IS NULL;
  GRANT SELECT, INSERT, DELETE ON claim_form_page TO claims_app;
  GRANT UPDATE (slot, version, content, updated_by, updated_at, removed_at) ON claim_form_page TO claims_app;`;

const VISIT = `
  CREATE TABLE claim_form_visit (
    form_id uuid NOT NULL,
    user_id uuid NOT NULL,
    authority_code text NOT NULL,
    page text NOT NULL CHECK (length(page) <= 40),
    at timestamptz NOT NULL,
    PRIMARY KEY (form_id, user_id),
    FOREIGN KEY (form_id, authority_code) REFERENCES claim_form (id, authority_code)
  );
  COMMENT ON TABLE claim_form_visit IS 'Which page of a form somebody opened last, so that two people at one form know of each other.';
  GRANT SELECT, INSERT, UPDATE (page, at) ON claim_form_visit TO claims_app;`;
