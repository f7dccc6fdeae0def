import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * A statement's place within its day is kept with it, since not every bank numbers its statements: it follows from the balances. What was
 * placed by number alone is placed anew, but for what is closed. Books that were opened by a wrong order are put right by openBooks as
 * soon as another statement of the account is loaded.
 */
export class StatementOrder1514764800030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMN);
    await runner.query(AS_THEY_WERE);
    const days = (await runner.query(DAYS)) as { before: string | null; statements: Row[] }[];
    for (const { before, statements } of days) {
      const placed = chain(before === null ? null : Number(before), statements);
      await runner.query(PLACE, [placed.map(({ id }) => id), placed.map(({ place }) => place)]);
    }
    await runner.query(KEPT);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

interface Row {
  id: string;
  place: number;
  opening: number;
  closing: number;
}

const COLUMN = `
  ALTER TABLE bank_statement ADD COLUMN day_place int CHECK (day_place > 0),
    ADD CONSTRAINT bank_statement_one_place UNIQUE (programme_code, account_key, ends_on, day_place) DEFERRABLE;
  COMMENT ON COLUMN bank_statement.day_place IS
    'Which of the account''s statements of the day ends_on it is: by balances, number and loading. Others of the day move it as long as it is not closed.';
  COMMENT ON COLUMN bank_statement.ends_on IS 'The last day it tells of: statements of an account follow each other by it, then by day_place.';
  DROP INDEX bank_statement_of_account;
  GRANT UPDATE (day_place) ON bank_statement TO claims_app;`;

const AS_THEY_WERE = `
  SELECT set_config('app.authority', '*', true);
  UPDATE bank_statement b SET day_place = o.place
    FROM (SELECT id, row_number() OVER (PARTITION BY programme_code, account_key, ends_on ORDER BY coalesce(sequence, 0), id) AS place
            FROM bank_statement WHERE state <> 'quarantined') o
   WHERE o.id = b.id;`;

/** Of days where one has no number: what comes after the last that is closed, and the balance before it. */
const DAYS = `
  WITH placed AS (
    SELECT id, programme_code, account_key, ends_on, day_place, sequence, opening_pence, closing_pence,
           lag(closing_pence) OVER (PARTITION BY programme_code, account_key ORDER BY ends_on, day_place) AS before,
           max(day_place) FILTER (WHERE state = 'closed') OVER day AS closed_to, count(*) FILTER (WHERE sequence IS NULL) OVER day AS unnumbered
      FROM bank_statement WHERE state <> 'quarantined'
    WINDOW day AS (PARTITION BY programme_code, account_key, ends_on)
  )
  SELECT (array_agg(before ORDER BY day_place))[1] AS before,
         json_agg(json_build_object('id', id, 'place', day_place, 'opening', opening_pence, 'closing', closing_pence)
                  ORDER BY sequence NULLS LAST, id) AS statements
    FROM placed WHERE day_place > coalesce(closed_to, 0) AND unnumbered > 0
   GROUP BY programme_code, account_key, ends_on HAVING count(*) > 1`;

const PLACE = `
  UPDATE bank_statement b SET day_place = n.place FROM unnest($1::uuid[], $2::int[]) AS n(id, place)
   WHERE n.id = b.id AND b.day_place <> n.place`;

/** The same places in another order: what goes on from the balance, else what goes on from none of the others, else the next number. */
function chain(before: number | null, statements: readonly Row[]): Row[] {
  const places = statements.map(({ place }) => place).sort((a, b) => a - b);
  const left = [...statements];
  let balance = before;
  return places.map((place) => {
    const onward = left.findIndex(({ opening }) => opening === balance);
    const first = left.findIndex(
      ({ opening }, at) => !left.some(({ closing }, other) => other !== at && closing === opening),
    );
    const [next] = left.splice(onward >= 0 ? onward : Math.max(0, first), 1);
    balance = next!.closing;
    return { ...next!, place };
  });
}

const KEPT = `
  SET CONSTRAINTS ALL IMMEDIATE;
  SET CONSTRAINTS ALL DEFERRED;
  SELECT set_config('app.authority', '', true);
  CREATE FUNCTION bank_statement_keeps_place() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'bank statement % is closed and keeps its place', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'bank_statement_keeps_place';
  END $$;
  CREATE TRIGGER bank_statement_keeps_place BEFORE UPDATE OF day_place ON bank_statement FOR EACH ROW
    WHEN (OLD.state = 'closed' AND NEW.day_place IS DISTINCT FROM OLD.day_place) EXECUTE FUNCTION bank_statement_keeps_place();

  CREATE OR REPLACE FUNCTION bank_statement_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF v.day_place IS NULL THEN
      RAISE EXCEPTION 'bank statement % has no place in its account', NEW.id USING ERRCODE = '23514', CONSTRAINT = 'bank_statement_has_place';
    END IF;
    RETURN NULL;
  END $$;
  REVOKE ALL ON FUNCTION bank_statement_keeps_place() FROM PUBLIC;`;
