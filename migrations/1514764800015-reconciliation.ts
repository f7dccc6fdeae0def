import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Which line of a bank statement shows which payment, receipt or charge, and what became of each payment by that. */
export class Reconciliation1514764800015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [PAYMENT, RECEIPT, MATCH, KEPT, CLOSED]) await runner.query(sql);
    await runner.query(`
      ALTER TABLE bank_match ENABLE ROW LEVEL SECURITY;
      ALTER TABLE bank_match FORCE ROW LEVEL SECURITY;
      CREATE POLICY bank_match_payer ON bank_match USING (current_setting('app.authority', true) = '*');`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations run forward only.');
  }
}

/** A payment's state follows from what is matched to it; what was paid, to whom and by which reference never changes. */
const PAYMENT = `
  ALTER TABLE payment
    ADD COLUMN state text NOT NULL DEFAULT 'scheduled' CHECK (state IN ('scheduled', 'settled', 'refused', 'bounced', 'cancelled')),
    ADD COLUMN matched_pence bigint NOT NULL DEFAULT 0,
    ADD COLUMN returned_pence bigint NOT NULL DEFAULT 0,
    ADD COLUMN settled_at timestamptz,
    ADD COLUMN settled_count int NOT NULL DEFAULT 0 CHECK (settled_count >= 0),
    ADD COLUMN ended_at timestamptz,
    ADD COLUMN ended_by uuid,
    ADD COLUMN end_reason text,
    ADD COLUMN version int NOT NULL DEFAULT 1;
  COMMENT ON TABLE payment IS 'One transfer to one authority. What is paid, to whom and as what never changes: paid again, it is another payment.';
  COMMENT ON COLUMN payment.matched_pence IS 'The sum of its live matches with debits; returned_pence with credits that bring it back. Kept by their triggers.';
  COMMENT ON COLUMN payment.settled_count IS 'How often it became settled: an undone match and another make another journal.';
  COMMENT ON COLUMN payment.ended_at IS 'Refused by the bank, or its run cancelled.';

  DROP TRIGGER payment_fixed ON payment;
  SELECT set_config('app.authority', '*', true);
  UPDATE payment p SET state = 'cancelled', ended_at = r.cancelled_at, ended_by = r.cancelled_by, end_reason = r.cancel_reason
    FROM payment_run r WHERE r.id = p.run_id AND r.state = 'cancelled';
  SELECT set_config('app.authority', '', true);

  CREATE FUNCTION payment_follows() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.state IN ('scheduled', 'settled', 'bounced') THEN
      NEW.state := CASE WHEN NEW.amount_pence = 0 THEN NEW.state
                        WHEN NEW.returned_pence = NEW.amount_pence THEN 'bounced'
                        WHEN NEW.matched_pence = NEW.amount_pence THEN 'settled' ELSE 'scheduled' END;
    END IF;
    IF NEW.state = 'settled' AND OLD.state <> 'settled' THEN NEW.settled_count := OLD.settled_count + 1; END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
  END $$;
  CREATE FUNCTION payment_step() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF (OLD.state, NEW.state) NOT IN (('scheduled', 'settled'), ('settled', 'scheduled'), ('settled', 'bounced'), ('bounced', 'settled'),
                                      ('scheduled', 'refused'), ('scheduled', 'cancelled')) THEN
      RAISE EXCEPTION 'a payment that is % does not become %', OLD.state, NEW.state USING ERRCODE = '23514', CONSTRAINT = 'payment_step';
    END IF;
    RETURN NEW;
  END $$;
  -- By name: first what follows from the figures, then whether that may be.
  CREATE TRIGGER payment_a_follows BEFORE UPDATE OF matched_pence, returned_pence ON payment FOR EACH ROW EXECUTE FUNCTION payment_follows();
  CREATE TRIGGER payment_b_step BEFORE UPDATE ON payment FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION payment_step();
  CREATE TRIGGER payment_fixed BEFORE DELETE OR UPDATE OF id, run_id, authority_code, amount_pence, reference, end_to_end_id, account_version
    ON payment FOR EACH ROW EXECUTE FUNCTION refuse_change();
  ALTER TABLE payment
    ADD CONSTRAINT payment_not_overmatched CHECK (matched_pence BETWEEN 0 AND amount_pence),
    ADD CONSTRAINT payment_not_overreturned CHECK (returned_pence BETWEEN 0 AND amount_pence),
    ADD CONSTRAINT payment_returned_once_settled CHECK (returned_pence = 0 OR matched_pence = amount_pence),
    ADD CONSTRAINT payment_settled_in_full CHECK (CASE state
      WHEN 'scheduled' THEN matched_pence < amount_pence OR amount_pence = 0
      WHEN 'settled' THEN matched_pence = amount_pence AND (returned_pence < amount_pence OR amount_pence = 0)
      WHEN 'bounced' THEN returned_pence = amount_pence AND amount_pence > 0
      ELSE matched_pence = 0 END),
    ADD CONSTRAINT payment_settled_when CHECK ((state IN ('settled', 'bounced')) = (settled_at IS NOT NULL)),
    ADD CONSTRAINT payment_end_whole CHECK (num_nonnulls(ended_at, ended_by, end_reason) =
      CASE WHEN state IN ('refused', 'cancelled') THEN 3 ELSE 0 END);
  CREATE INDEX payment_by_state ON payment (state, id DESC);
  CREATE INDEX payment_awaited ON payment (amount_pence, id) WHERE state = 'scheduled';
  CREATE INDEX payment_returnable ON payment (amount_pence, settled_at) WHERE state = 'settled';
  GRANT UPDATE (state, settled_at, settled_count, ended_at, ended_by, end_reason, version) ON payment TO claims_app;`;

const RECEIPT = `
  ALTER TABLE funding_receipt
    ADD COLUMN matched_pence bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT funding_receipt_not_overmatched CHECK (matched_pence BETWEEN 0 AND amount_pence),
    ADD CONSTRAINT funding_receipt_matched_stands CHECK (state <> 'reversed' OR matched_pence = 0);
  COMMENT ON COLUMN funding_receipt.matched_pence IS 'What lines of bank statements show of it; kept by the triggers of the matches.';
  CREATE INDEX funding_receipt_awaited ON funding_receipt (programme_code, amount_pence)
    WHERE state <> 'reversed' AND matched_pence < amount_pence;`;

const MATCH = `
  CREATE TABLE bank_match (
    id uuid PRIMARY KEY,
    line_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('payment', 'payment_return', 'receipt', 'repayment', 'bank_charge', 'suspense')),
    target_id uuid,
    payment_id uuid GENERATED ALWAYS AS (CASE WHEN kind IN ('payment', 'payment_return') THEN target_id END) STORED,
    receipt_id uuid GENERATED ALWAYS AS (CASE WHEN kind = 'receipt' THEN target_id END) STORED,
    pence bigint NOT NULL CHECK (pence <> 0),
    how text NOT NULL CHECK (how IN ('exact', 'suggestion', 'by_hand')),
    matched_by uuid NOT NULL,
    matched_at timestamptz NOT NULL,
    ended_by uuid,
    ended_at timestamptz,
    end_reason text,
    CONSTRAINT bank_match_target CHECK ((target_id IS NULL) = (kind IN ('bank_charge', 'suspense'))),
    CONSTRAINT bank_match_sign CHECK (CASE kind WHEN 'payment' THEN pence < 0 WHEN 'bank_charge' THEN true WHEN 'suspense' THEN true
                                      ELSE pence > 0 END),
    CONSTRAINT bank_match_end_whole CHECK (num_nonnulls(ended_by, ended_at, end_reason) IN (0, 3))
  );
  COMMENT ON TABLE bank_match IS 'So much of a line of a bank statement is this. Undone, it ends; nothing is deleted.';
  COMMENT ON COLUMN bank_match.line_id IS 'That it is there, and what is named too, the trigger asks once for all rows of a statement: foreign keys ask for each.';
  COMMENT ON COLUMN bank_match.target_id IS 'The payment, receipt or adjustment; nothing for a charge, or for what nobody has explained yet.';
  CREATE UNIQUE INDEX bank_match_once ON bank_match (line_id, kind, coalesce(target_id, line_id)) WHERE ended_at IS NULL;
  CREATE INDEX bank_match_of_line ON bank_match (line_id);
  CREATE INDEX bank_match_of_payment ON bank_match (payment_id) WHERE payment_id IS NOT NULL;
  CREATE INDEX bank_match_of_receipt ON bank_match (receipt_id) WHERE receipt_id IS NOT NULL;
  CREATE INDEX bank_match_repays ON bank_match (target_id) WHERE kind = 'repayment';
  CREATE TRIGGER bank_match_fixed BEFORE DELETE OR UPDATE OF id, line_id, kind, target_id, pence, how, matched_by, matched_at
    ON bank_match FOR EACH ROW EXECUTE FUNCTION refuse_change();
  GRANT SELECT, INSERT ON bank_match TO claims_app;
  GRANT UPDATE (ended_by, ended_at, end_reason) ON bank_match TO claims_app;

  CREATE FUNCTION bank_match_id(p_at timestamptz) RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM p_at) * 1000)::bigint), 12, '0') || '7' || substr(gen_random_uuid()::text, 16))::uuid
  $$;
  COMMENT ON FUNCTION bank_match_id IS 'A UUIDv7, as the application makes them, for matches that are found and stored in one statement.';

  ALTER TABLE bank_statement ADD COLUMN matched_pence bigint NOT NULL DEFAULT 0;
  COMMENT ON COLUMN bank_statement.matched_pence IS 'The sum of its lines'' live matches, kept by their triggers: what of it the books have.';
  -- What a line is matched with, its matches alone say.
  REVOKE UPDATE (matched_pence, state) ON bank_line FROM claims_app;`;

/** Adds what matches say to their lines, statements, payments and receipts: \`sign\` is -1 where they end. */
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
           settled_at = CASE WHEN p.matched_pence + s.paid = p.amount_pence THEN coalesce(p.settled_at, s.at) END
      FROM (SELECT payment_id, ${sign} * coalesce(-sum(pence) FILTER (WHERE kind = 'payment'), 0)::bigint AS paid,
                   ${sign} * coalesce(sum(pence) FILTER (WHERE kind = 'payment_return'), 0)::bigint AS returned,
                   max(matched_at) AS at
              FROM ${rows} WHERE payment_id IS NOT NULL GROUP BY payment_id) s
     WHERE p.id = s.payment_id;
    UPDATE public.funding_receipt r SET matched_pence = r.matched_pence + s.pence
      FROM (SELECT receipt_id, ${sign} * sum(pence)::bigint AS pence FROM ${rows} WHERE receipt_id IS NOT NULL GROUP BY receipt_id) s
     WHERE r.id = s.receipt_id;`;

/** Once for each statement and not for each row: a hundred thousand matches are one sum. */
const KEPT = `
  CREATE FUNCTION bank_match_added() RETURNS trigger
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
  CREATE TRIGGER bank_match_added AFTER INSERT ON bank_match
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION bank_match_added();

  CREATE FUNCTION bank_match_ended() RETURNS trigger
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
  CREATE TRIGGER bank_match_ended AFTER UPDATE ON bank_match
    REFERENCING OLD TABLE AS was NEW TABLE AS is_now FOR EACH STATEMENT EXECUTE FUNCTION bank_match_ended();
  REVOKE ALL ON FUNCTION payment_follows(), payment_step(), bank_match_added(), bank_match_ended() FROM PUBLIC;`;

/** Explaining what lies in suspense ends a match and makes others: so whether all is matched is asked at commit. */
const CLOSED = `
  CREATE FUNCTION bank_statement_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'bank statement % is closed', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'bank_statement_stays_closed';
  END $$;
  CREATE TRIGGER bank_statement_stays_closed BEFORE UPDATE ON bank_statement FOR EACH ROW
    WHEN (OLD.state = 'closed' AND (NEW.state, NEW.opening_pence, NEW.closing_pence, NEW.line_count, NEW.closed_by, NEW.closed_at)
          IS DISTINCT FROM (OLD.state, OLD.opening_pence, OLD.closing_pence, OLD.line_count, OLD.closed_by, OLD.closed_at))
    EXECUTE FUNCTION bank_statement_stays_closed();

  CREATE FUNCTION bank_statement_closed_whole() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF EXISTS (SELECT 1 FROM bank_statement b JOIN bank_line l ON l.statement_id = b.id
                WHERE b.id = NEW.id AND b.state = 'closed' AND l.state <> 'matched') THEN
      RAISE EXCEPTION 'bank statement % is closed and has lines that nothing explains', NEW.id
        USING ERRCODE = '23514', CONSTRAINT = 'bank_statement_closed_whole';
    END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER bank_statement_closed_whole AFTER UPDATE ON bank_statement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'closed') EXECUTE FUNCTION bank_statement_closed_whole();
  REVOKE ALL ON FUNCTION bank_statement_stays_closed(), bank_statement_closed_whole() FROM PUBLIC;`;
