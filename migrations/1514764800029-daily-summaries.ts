import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

/** What reports would otherwise add up anew, over every claim, each time somebody looks. */
export class DailySummaries1514764800029 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SUMMARY);
    await runner.query(RECORDED);
    await enableRls(runner, 'daily_summary');
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

const SUMMARY = `
  CREATE TABLE daily_summary (
    programme_code text NOT NULL REFERENCES programme,
    name text NOT NULL CHECK (name IN ('funding', 'ageing', 'payment_times', 'cash_forecast', 'accruals')),
    day date NOT NULL,
    authority_code text NOT NULL,
    items jsonb NOT NULL CHECK (jsonb_typeof(items) = 'array'),
    made_at timestamptz NOT NULL,
    PRIMARY KEY (programme_code, name, day, authority_code)
  );
  COMMENT ON TABLE daily_summary IS
    'Rows of a report as they were on a day, those of an authority together. They decide nothing: whatever is lost is added up again.';
  COMMENT ON COLUMN daily_summary.day IS 'Of accruals the day they were as of the end of; of the others the day they were added up on.';
  COMMENT ON COLUMN daily_summary.authority_code IS 'Or *: what is of all authorities together. Always there, so that a summary without rows is one.';
  GRANT SELECT, INSERT, DELETE ON daily_summary TO claims_app;
  INSERT INTO sweep (name) VALUES ('daily summaries');`;

/** What waits for a second person. */
const RECORDED = `
  CREATE INDEX funding_receipt_recorded ON funding_receipt (programme_code, id DESC) WHERE state = 'recorded';`;
