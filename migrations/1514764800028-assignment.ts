import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The payer's work on a claim: on whose desk it lies, and what its return said of single lines. */
export class Assignment1514764800028 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ASSIGNMENT);
    await runner.query(RETURN_NOTES);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

/** The work queue asks for one person's claims, or for those that are nobody's, the most urgent first. */
const ASSIGNMENT = `
  ALTER TABLE claim ADD COLUMN assigned_to uuid;
  COMMENT ON COLUMN claim.assigned_to IS 'The payer''s user on whose desk the claim lies; null for nobody''s. Decides nothing: who may act is asked apart.';
  CREATE INDEX claim_assigned ON claim (assigned_to, state, due_on, id) INCLUDE (authority_code) WHERE assigned_to IS NOT NULL;
  CREATE INDEX claim_unassigned ON claim (state, due_on, id) INCLUDE (authority_code)
    WHERE assigned_to IS NULL AND state IN ('submitted', 'reviewed', 'returned');`;

const RETURN_NOTES = `
  ALTER TABLE claim ADD COLUMN return_notes jsonb CHECK (jsonb_typeof(return_notes) = 'array');
  COMMENT ON COLUMN claim.return_notes IS 'What the last return said of single lines: where they stood, what they were, and why; null when it said nothing of any.';`;
