import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

/** What the authority and the payer write to each other about a claim. Nothing of it is changed or taken back. */
export class ClaimMessages1514764800031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MESSAGES);
    await enableRls(runner, 'claim_message');
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

const MESSAGES = `
  CREATE TABLE claim_message (
    id uuid PRIMARY KEY,
    claim_id uuid NOT NULL REFERENCES claim (id),
    authority_code text NOT NULL REFERENCES authority (code),
    author_id uuid NOT NULL,
    organisation text NOT NULL,
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 2000),
    sent_at timestamptz NOT NULL
  );
  CREATE INDEX claim_message_of_claim ON claim_message (claim_id, id);
  COMMENT ON TABLE claim_message IS 'Messages between an authority and the payer about a claim, in the order of their ids.';
  GRANT SELECT, INSERT ON claim_message TO claims_app;`;
