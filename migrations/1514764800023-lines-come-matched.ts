import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * A line that is a payment, or a part of one, comes with its match: so a statement of a hundred thousand entries is written once. And
 * a payment knows on which day the bank booked it.
 */
export class LinesComeMatched1514764800023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [BOOKED_ON, LINE, WHOLE, MATCHES]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

/** What it would be read from is every line that shows the payment: once for each remittance advice. */
const BOOKED_ON = `
  ALTER TABLE payment ADD COLUMN booked_on date;
  COMMENT ON COLUMN payment.booked_on IS 'The last day on which the bank booked any of it: of the lines of its live matches. Kept by their triggers.';
  SELECT set_config('app.authority', '*', true);
  UPDATE payment p SET booked_on = s.booked_on
    FROM (SELECT m.payment_id, max(l.booked_on) AS booked_on FROM bank_match m JOIN bank_line l ON l.id = m.line_id
           WHERE m.kind = 'payment' AND m.ended_at IS NULL GROUP BY m.payment_id) s
   WHERE p.id = s.payment_id;
  SELECT set_config('app.authority', '', true);`;

const LINE = `
  ALTER TABLE bank_line ADD COLUMN named_payment_id uuid;
  COMMENT ON COLUMN bank_line.named_payment_id IS
    'The payment that all of the line was found to be as it was read: its match came with it, under the same id. What became of that, bank_match says.';
  DROP TRIGGER bank_line_fixed ON bank_line;
  CREATE TRIGGER bank_line_fixed BEFORE DELETE OR UPDATE OF id, statement_id, seq, booked_on, value_on, amount_pence, currency, reversal, reference,
    bank_reference, end_to_end_id, instruction_id, payment_information_id, counterparty, counterparty_account, remittance, transaction_code,
    return_reason, narrative, batch, transaction_count, named_payment_id ON bank_line FOR EACH ROW EXECUTE FUNCTION refuse_change();

  CREATE OR REPLACE FUNCTION bank_line_of_statement() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE
    v record;
    v_named boolean := false;
  BEGIN
    FOR v IN SELECT statement_id, count(named_payment_id) AS named, bool_and(CASE WHEN named_payment_id IS NULL THEN matched_pence = 0
                      ELSE amount_pence < 0 AND matched_pence = amount_pence END) AS honest
               FROM added GROUP BY statement_id LOOP
      PERFORM FROM public.bank_statement WHERE id = v.statement_id AND state = 'read' AND contents_sha256 IS NULL;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'statement % takes no lines', v.statement_id USING ERRCODE = '23503', CONSTRAINT = 'bank_line_of_statement';
      END IF;
      IF NOT v.honest THEN
        RAISE EXCEPTION 'a line comes matched with the payment that it names, or with nothing'
          USING ERRCODE = '23514', CONSTRAINT = 'bank_line_comes_matched';
      END IF;
      v_named := v_named OR v.named > 0;
    END LOOP;
    IF NOT v_named THEN RETURN NULL; END IF;

    SELECT bool_or(r.state IS DISTINCT FROM 'approved') AS run, bool_or(r.programme_code IS DISTINCT FROM b.programme_code) AS programme INTO v
      FROM (SELECT DISTINCT statement_id, named_payment_id FROM added WHERE named_payment_id IS NOT NULL) a
      JOIN public.bank_statement b ON b.id = a.statement_id
      LEFT JOIN public.payment p ON p.id = a.named_payment_id LEFT JOIN public.payment_run r ON r.id = p.run_id;
    IF v.run THEN
      RAISE EXCEPTION 'Only what an approved run pays is on a statement.' USING ERRCODE = '23514', CONSTRAINT = 'bank_match_of_approved_run';
    END IF;
    IF v.programme THEN
      RAISE EXCEPTION 'A match stays in its programme.' USING ERRCODE = '23514', CONSTRAINT = 'bank_match_of_one_programme';
    END IF;
    INSERT INTO public.bank_match (id, line_id, kind, target_id, pence, how, matched_by, matched_at)
    SELECT a.id, a.id, 'payment', a.named_payment_id, a.amount_pence, 'exact', b.loaded_by, b.loaded_at
      FROM added a JOIN public.bank_statement b ON b.id = a.statement_id WHERE a.named_payment_id IS NOT NULL;
    UPDATE public.payment p SET matched_pence = p.matched_pence + s.paid, booked_on = greatest(p.booked_on, s.booked_on),
           settled_at = CASE WHEN p.matched_pence + s.paid = p.amount_pence THEN coalesce(p.settled_at, s.at) END
      FROM (SELECT a.named_payment_id, -sum(a.amount_pence)::bigint AS paid, max(a.booked_on) AS booked_on, max(b.loaded_at) AS at
              FROM added a JOIN public.bank_statement b ON b.id = a.statement_id WHERE a.named_payment_id IS NOT NULL GROUP BY 1) s
     WHERE p.id = s.named_payment_id;
    RETURN NULL;
  END $$;
  COMMENT ON FUNCTION bank_line_of_statement IS
    'Stands for a foreign key, which would be looked up for each of a hundred thousand lines; none is added once the statement is whole. And makes the matches that lines come with.';
  REVOKE ALL ON FUNCTION bank_line_of_statement() FROM PUBLIC;`;

/** Until a statement is whole its lines are not counted; no other match can be made of them either, since its counts would not fit. */
const WHOLE = `
  CREATE FUNCTION bank_statement_whole() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    SELECT count(*) FILTER (WHERE state = 'matched'), coalesce(sum(matched_pence), 0) INTO NEW.matched_count, NEW.matched_pence
      FROM bank_line WHERE statement_id = NEW.id;
    RETURN NEW;
  END $$;
  CREATE TRIGGER bank_statement_whole BEFORE UPDATE OF contents_sha256 ON bank_statement FOR EACH ROW
    WHEN (OLD.contents_sha256 IS NULL AND NEW.contents_sha256 IS NOT NULL) EXECUTE FUNCTION bank_statement_whole();
  REVOKE ALL ON FUNCTION bank_statement_whole() FROM PUBLIC;`;

/** As in 0015, with the day. */
const follow = (rows: string, sign: 1 | -1): string => `
    WITH sums AS (
      SELECT line_id, ${sign} * sum(pence)::bigint AS pence FROM ${rows} GROUP BY line_id ORDER BY line_id
    ), lines AS (
      UPDATE public.bank_line l SET matched_pence = l.matched_pence + s.pence,
             state = CASE WHEN l.matched_pence + s.pence = l.amount_pence THEN 'matched' ELSE 'unmatched' END
        FROM sums s WHERE l.id = s.line_id
      RETURNING l.statement_id, s.pence,
                (l.matched_pence = l.amount_pence)::int - (l.matched_pence - s.pence = l.amount_pence)::int AS matched
    )
    UPDATE public.bank_statement b SET matched_pence = b.matched_pence + s.pence, matched_count = b.matched_count + s.matched,
           version = b.version + 1
      FROM (SELECT statement_id, sum(pence)::bigint AS pence, sum(matched)::int AS matched FROM lines GROUP BY statement_id) s
     WHERE b.id = s.statement_id;
    UPDATE public.payment p SET matched_pence = p.matched_pence + s.paid, returned_pence = p.returned_pence + s.returned,
           settled_at = CASE WHEN p.matched_pence + s.paid = p.amount_pence THEN coalesce(p.settled_at, s.at) END,
           booked_on = ${
             sign > 0
               ? 'greatest(p.booked_on, s.booked_on)'
               : `(SELECT max(l.booked_on) FROM public.bank_match m JOIN public.bank_line l ON l.id = m.line_id
                    WHERE m.payment_id = p.id AND m.kind = 'payment' AND m.ended_at IS NULL)`
           }
      FROM (SELECT m.payment_id, ${sign} * coalesce(-sum(m.pence) FILTER (WHERE m.kind = 'payment'), 0)::bigint AS paid,
                   ${sign} * coalesce(sum(m.pence) FILTER (WHERE m.kind = 'payment_return'), 0)::bigint AS returned,
                   max(m.matched_at) AS at, max(l.booked_on) FILTER (WHERE m.kind = 'payment') AS booked_on
              FROM ${rows} m LEFT JOIN public.bank_line l ON l.id = m.line_id WHERE m.payment_id IS NOT NULL GROUP BY m.payment_id) s
     WHERE p.id = s.payment_id;
    UPDATE public.funding_receipt r SET matched_pence = r.matched_pence + s.pence
      FROM (SELECT receipt_id, ${sign} * sum(pence)::bigint AS pence FROM ${rows} WHERE receipt_id IS NOT NULL GROUP BY receipt_id) s
     WHERE r.id = s.receipt_id;`;

/**
 * Of matches that come with their lines the trigger of the lines has done all. Every match of a line is found by `bank_match_once`
 * while it lives, and nobody looks for those that ended.
 */
const MATCHES = `
  CREATE OR REPLACE FUNCTION bank_match_added() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DECLARE v_sign boolean; v_run boolean; v_programme boolean;
  BEGIN
    IF EXISTS (SELECT 1 FROM added WHERE ended_at IS NOT NULL) THEN
      RAISE EXCEPTION 'A match begins live.' USING ERRCODE = '23514', CONSTRAINT = 'bank_match_begins_live';
    END IF;
    SELECT coalesce(bool_or(m.wrong_sign), false), coalesce(bool_or(m.payment_id IS NOT NULL AND r.state IS DISTINCT FROM 'approved'), false),
           coalesce(bool_or(num_nonnulls(m.payment_id, m.receipt_id) > 0 AND coalesce(r.programme_code, f.programme_code) IS DISTINCT FROM b.programme_code), false)
      INTO v_sign, v_run, v_programme
      FROM (SELECT a.payment_id, a.receipt_id, l.statement_id, bool_or(sign(l.amount_pence) IS DISTINCT FROM sign(a.pence)) AS wrong_sign
              FROM added a LEFT JOIN public.bank_line l ON l.id = a.line_id GROUP BY 1, 2, 3) m
      LEFT JOIN public.bank_statement b ON b.id = m.statement_id
      LEFT JOIN public.payment p ON p.id = m.payment_id LEFT JOIN public.payment_run r ON r.id = p.run_id
      LEFT JOIN public.funding_receipt f ON f.id = m.receipt_id;
    IF v_run THEN
      RAISE EXCEPTION 'Only what an approved run pays is on a statement.' USING ERRCODE = '23514', CONSTRAINT = 'bank_match_of_approved_run';
    END IF;
    IF v_sign THEN
      RAISE EXCEPTION 'a match has the sign of its line' USING ERRCODE = '23514', CONSTRAINT = 'bank_match_sign_of_line';
    END IF;
    IF v_programme THEN
      RAISE EXCEPTION 'A match stays in its programme.' USING ERRCODE = '23514', CONSTRAINT = 'bank_match_of_one_programme';
    END IF;
    ${follow('added', 1)}
    RETURN NULL;
  END $$;
  DROP TRIGGER bank_match_added ON bank_match;
  CREATE TRIGGER bank_match_added AFTER INSERT ON bank_match
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION bank_match_added();

  CREATE OR REPLACE FUNCTION bank_match_ended() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  BEGIN
    IF EXISTS (SELECT 1 FROM was WHERE ended_at IS NOT NULL) OR EXISTS (SELECT 1 FROM is_now WHERE ended_at IS NULL) THEN
      RAISE EXCEPTION 'A match ends once and for all.' USING ERRCODE = '23514', CONSTRAINT = 'bank_match_ends_once';
    END IF;
    IF EXISTS (SELECT 1 FROM is_now m JOIN public.bank_line l ON l.id = m.line_id JOIN public.bank_statement b ON b.id = l.statement_id
                WHERE b.state = 'closed' AND m.kind <> 'suspense') THEN
      RAISE EXCEPTION 'What a closed statement shows stays.' USING ERRCODE = '23514', CONSTRAINT = 'bank_match_closed';
    END IF;
    ${follow('is_now', -1)}
    RETURN NULL;
  END $$;
  REVOKE ALL ON FUNCTION bank_match_added(), bank_match_ended() FROM PUBLIC;
  DROP INDEX bank_match_of_line;`;
