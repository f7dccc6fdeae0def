import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { enableRls } from './rls.js';

/** Assurance: samples of approved claims, the evidence asked for, and what was found (docs/assurance.md). */
export class Assurance1514764800019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [SAMPLE, ITEM, BY_OTHER]) await runner.query(sql);
    await enableRls(runner, 'assurance_sample', 'programme_code');
    await enableRls(runner, 'assurance_population', 'programme_code');
    await enableRls(runner, 'assurance_item');
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

const SAMPLE = `
  CREATE TABLE assurance_sample (
    id uuid PRIMARY KEY,
    programme_code text NOT NULL REFERENCES programme,
    seed text NOT NULL,
    from_on date NOT NULL,
    to_on date NOT NULL,
    threshold_pence bigint NOT NULL CHECK (threshold_pence >= 0),
    value_percent int NOT NULL CHECK (value_percent BETWEEN 10 AND 100),
    population_count int NOT NULL,
    population_pence bigint NOT NULL,
    population_sha256 text NOT NULL CHECK (population_sha256 ~ '^[0-9a-f]{64}$'),
    item_count int NOT NULL CHECK (item_count BETWEEN 1 AND population_count),
    item_pence bigint NOT NULL CHECK (item_pence <= population_pence),
    drawn_by uuid NOT NULL,
    drawn_at timestamptz NOT NULL,
    UNIQUE (id, programme_code),
    CHECK (from_on <= to_on),
    CONSTRAINT assurance_sample_worth_enough CHECK (item_pence::numeric * 100 >= population_pence::numeric * value_percent)
  );
  COMMENT ON COLUMN assurance_sample.seed IS 'With the population and the rule it gives the same sample again, for ever.';
  CREATE TRIGGER assurance_sample_fixed BEFORE UPDATE OR DELETE ON assurance_sample FOR EACH ROW EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON assurance_sample TO claims_app;

  CREATE TABLE assurance_population (
    sample_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    programme_code text NOT NULL,
    authority_code text NOT NULL,
    pence bigint NOT NULL CHECK (pence > 0),
    PRIMARY KEY (sample_id, claim_id),
    FOREIGN KEY (sample_id, programme_code) REFERENCES assurance_sample (id, programme_code)
  );
  COMMENT ON TABLE assurance_population IS 'What a sample was drawn from, as it was then: claims are rejected and paid afterwards.';
  CREATE TRIGGER assurance_population_fixed BEFORE UPDATE OR DELETE ON assurance_population FOR EACH ROW EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON assurance_population TO claims_app;`;

const ITEM = `
  CREATE TABLE assurance_item (
    id uuid PRIMARY KEY,
    sample_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    authority_code text NOT NULL,
    place int NOT NULL CHECK (place > 0),
    why text NOT NULL CHECK (why IN ('above_threshold', 'each_authority', 'value_share')),
    pence bigint NOT NULL CHECK (pence > 0),
    requested_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'passed', 'failed')),
    reason text,
    recorded_by uuid,
    recorded_at timestamptz,
    adjustment_id uuid UNIQUE REFERENCES adjustment,
    version int NOT NULL DEFAULT 1,
    UNIQUE (sample_id, place),
    FOREIGN KEY (sample_id, claim_id) REFERENCES assurance_population,
    FOREIGN KEY (claim_id, authority_code) REFERENCES claim (id, authority_code),
    CONSTRAINT assurance_item_outcome_whole CHECK (num_nonnulls(recorded_by, recorded_at) = CASE WHEN state = 'requested' THEN 0 ELSE 2 END
      AND (state = 'requested') <= (reason IS NULL) AND (state = 'failed') <= (reason IS NOT NULL)),
    CONSTRAINT assurance_item_only_failed_adjusts CHECK (adjustment_id IS NULL OR state = 'failed')
  );
  CREATE UNIQUE INDEX assurance_item_once ON assurance_item (sample_id, claim_id);
  CREATE INDEX assurance_item_of_claim ON assurance_item (claim_id);
  CREATE INDEX assurance_item_of_authority ON assurance_item (authority_code, state, id DESC);
  CREATE TRIGGER assurance_item_kept BEFORE DELETE ON assurance_item FOR EACH ROW EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER assurance_item_final BEFORE UPDATE ON assurance_item FOR EACH ROW WHEN (OLD.state <> 'requested')
    EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON assurance_item TO claims_app;
  GRANT UPDATE (state, reason, recorded_by, recorded_at, adjustment_id, version) ON assurance_item TO claims_app;`;

/** A maker never checks, and who approved does not either: held whoever writes the row. */
const BY_OTHER = `
  CREATE FUNCTION assurance_item_by_other() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF EXISTS (SELECT FROM claim WHERE id = NEW.claim_id AND (NEW.recorded_by = ANY (makers) OR NEW.recorded_by = approved_by)) THEN
      RAISE EXCEPTION 'assurance item % is recorded by who made or approved its claim', NEW.id
        USING ERRCODE = '23514', CONSTRAINT = 'assurance_item_by_other';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER assurance_item_by_other BEFORE UPDATE OF recorded_by ON assurance_item
    FOR EACH ROW WHEN (NEW.recorded_by IS NOT NULL) EXECUTE FUNCTION assurance_item_by_other();
  REVOKE ALL ON FUNCTION assurance_item_by_other() FROM PUBLIC;`;
