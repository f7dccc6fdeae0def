import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

/** The clock of days: who was warned of which unpaid claim, what the weekly digest needs, and when a claim was paid. */
export class PaymentClock1514764800018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [PAID_AT, OPEN, WARNING, SWEEP, DIGEST]) await runner.query(sql);
    await enableRls(runner, 'claim_warning');
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

/** Of what was paid before there was such a column, the trail knows when. */
const PAID_AT = `
  ALTER TABLE claim ADD COLUMN paid_at timestamptz;
  COMMENT ON COLUMN claim.paid_at IS 'When the payment was settled, while the claim is paid or reconciled; set by changeState alone.';
  SELECT set_config('app.authority', '*', true);
  UPDATE claim c SET paid_at = coalesce((SELECT max(e.at) FROM audit_entry e WHERE e.claim_id = c.id AND e.action = 'claim.settled'), c.updated_at)
   WHERE c.state IN ('paid', 'reconciled');
  SELECT set_config('app.authority', '', true);
  ALTER TABLE claim ADD CONSTRAINT claim_paid_at_while_paid CHECK (paid_at IS NULL OR state IN ('paid', 'reconciled'));
  CREATE INDEX claim_paid ON claim (authority_code, programme_code, paid_at) INCLUDE (submitted_at, due_on, approved_pence)
    WHERE paid_at IS NOT NULL;`;

/** What is not paid yet, by when it is due: a report of all of it reads this index and no claim. */
const OPEN = `
  CREATE INDEX claim_open ON claim (authority_code, programme_code, due_on) INCLUDE (total_pence, approved_pence, held_at)
    WHERE state IN ('submitted', 'reviewed', 'approved', 'funded', 'scheduled');`;

const WARNING = `
  CREATE TABLE claim_warning (
    invoice_id uuid NOT NULL,
    level text NOT NULL CHECK (level ~ '^([1-9][0-9]{0,3}|overdue)$'),
    claim_id uuid NOT NULL,
    programme_code text NOT NULL,
    authority_code text NOT NULL,
    warned_on date NOT NULL,
    warned_at timestamptz NOT NULL,
    told_as text NOT NULL,
    PRIMARY KEY (invoice_id, level)
  );
  COMMENT ON TABLE claim_warning IS
    'That a claim was found unpaid so many days after its submission. Once a level and claim invoice: a resubmission has another invoice and starts again.';
  COMMENT ON COLUMN claim_warning.told_as IS 'The level of the letter that told of it: of levels reached at once, the highest.';
  COMMENT ON COLUMN claim_warning.claim_id IS 'No foreign key: it would lock claims that are being paid meanwhile, and claims are never deleted.';
  CREATE INDEX claim_warning_newest ON claim_warning (warned_on, invoice_id, level);
  CREATE INDEX claim_warning_of_authority ON claim_warning (authority_code, warned_on, invoice_id, level);
  CREATE TRIGGER claim_warning_fixed BEFORE UPDATE OR DELETE ON claim_warning FOR EACH ROW EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON claim_warning TO claims_app;`;

const SWEEP = `
  CREATE TABLE sweep (
    name text PRIMARY KEY,
    done_for date,
    done_at timestamptz
  );
  COMMENT ON TABLE sweep IS 'Row-locked by a daily or weekly sweep, so that of two at once the second finds it done.';
  COMMENT ON COLUMN sweep.done_for IS 'The day, or the Monday of the week, that it was last done for.';
  INSERT INTO sweep (name) VALUES ('payment clock'), ('weekly digest');
  GRANT SELECT, UPDATE (done_for, done_at) ON sweep TO claims_app;`;

const DIGEST = `
  ALTER TABLE user_account ADD COLUMN weekly_digest boolean NOT NULL DEFAULT false;
  COMMENT ON COLUMN user_account.weekly_digest IS 'The user''s own choice: nobody gets mail about claims who did not ask for it.';
  CREATE INDEX user_account_with_digest ON user_account (organisation) WHERE weekly_digest AND active;
  GRANT UPDATE (weekly_digest) ON user_account TO claims_app;`;
