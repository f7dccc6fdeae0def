import { type Invariants } from './invariant.js';

/** What letters of the clock of days told: to whom, at which level, of which claim invoice. */
const TOLD = `
  SELECT x.id, x.to_address, split_part(x.notice_key, ':', 2) AS programme_code, split_part(x.notice_key, ':', 3)::date AS on_day,
         split_part(x.notice_key, ':', 4) AS level, f.fact ->> 0 AS number, jsonb_array_length(x.letter -> 'facts') AS facts
    FROM delivery x CROSS JOIN jsonb_array_elements(x.letter -> 'facts') AS f (fact) WHERE x.notice_key LIKE 'payment-clock:%'`;

/** The letters there have to be: every level told on a day, and how many claim invoices reached it then. */
const DUE = `
  SELECT programme_code, warned_on AS on_day, told_as AS level, count(*) AS invoices, min(warned_at) AS at
    FROM claim_warning WHERE level = told_as GROUP BY 1, 2, 3`;

/** So many are named in a letter, and a line says how many more there are. */
const MOST_NAMED = 50;

/** The clock of days and the weekly digest: docs/domain.md, Getting paid. */
export const CLOCK = {
  /** Warnings before their time: of an invoice that had not waited for so many days, or, overdue, not too long. */
  earlyWarnings: `
    SELECT w.invoice_id, w.level, d.issued_on, w.warned_on FROM claim_warning w JOIN document d ON d.id = w.invoice_id
      JOIN claim c ON c.id = w.claim_id JOIN programme_terms t ON t.id = c.terms_id
     WHERE w.warned_on <> (w.warned_at AT TIME ZONE 'Europe/London')::date OR d.claim_id <> w.claim_id
        OR w.warned_on - d.issued_on < CASE w.level WHEN 'overdue' THEN (t.terms #>> '{payment,withinDays}')::int + 1 ELSE w.level::int END`,

  /** Claims that had reached a level when the clock last ran, were unpaid then and since, and are not warned of. */
  missedWarnings: `
    SELECT c.id, c.due_on, l.level, s.done_for FROM sweep s CROSS JOIN claim c JOIN programme_terms t ON t.id = c.terms_id
      CROSS JOIN LATERAL (
        SELECT n AS level, n::int AS days FROM jsonb_array_elements_text(coalesce(t.terms #> '{payment,warningDays}', '[30, 45, 55]')) AS n
        UNION ALL SELECT 'overdue', (t.terms #>> '{payment,withinDays}')::int + 1) l
     WHERE s.name = 'payment clock' AND c.state IN ('submitted', 'reviewed', 'approved', 'funded', 'scheduled') AND c.updated_at < s.done_at
       AND s.done_for - (c.due_on - (t.terms #>> '{payment,withinDays}')::int) >= l.days
       AND NOT EXISTS (SELECT FROM claim_warning w WHERE w.invoice_id = c.invoice_id AND w.level = l.level)`,

  /** Levels reached together that are not told as the highest of them. */
  wronglyToldLevels: `
    SELECT invoice_id, warned_on FROM claim_warning GROUP BY 1, 2
    HAVING count(DISTINCT told_as) > 1 OR NOT bool_or(level = told_as)
        OR min(told_as) <> (array_agg(level ORDER BY CASE level WHEN 'overdue' THEN 10000 ELSE level::int END DESC))[1]`,

  /** Somebody of MTM finance who was not told of all that reached a level on a day. */
  untoldWarnings: `
    SELECT w.*, u.email, t.facts FROM (${DUE}) w JOIN user_account u ON u.active AND 'mtm_finance' = ANY (u.roles) AND u.created_at < w.at
      LEFT JOIN LATERAL (
        SELECT jsonb_array_length(letter -> 'facts') AS facts FROM delivery
         WHERE notice_key = concat_ws(':', 'payment-clock', w.programme_code, w.on_day, w.level, u.id) AND to_address = u.email) t ON true
     WHERE t.facts IS DISTINCT FROM least(w.invoices, ${MOST_NAMED}) + (w.invoices > ${MOST_NAMED})::int`,

  /** Days and levels that the trail tells of otherwise than once, with as many claims. */
  wronglyTracedWarnings: `
    SELECT * FROM (${DUE}) w FULL JOIN (
      SELECT subject_id AS programme_code, (after ->> 'on')::date AS on_day, after ->> 'level' AS level, count(*) AS entries,
             max((after ->> 'claimCount')::int) AS claims FROM audit_entry WHERE action = 'payment_clock.warned' GROUP BY 1, 2, 3) e
      USING (programme_code, on_day, level) WHERE (e.entries, e.claims) IS DISTINCT FROM (1::bigint, w.invoices::int)`,

  /** Claims a person was told of twice at one level, or that had not reached it. */
  toldTwice: `
    SELECT t.to_address, t.level, t.number, count(*) FROM (${TOLD}) t WHERE t.number <> 'And more' GROUP BY 1, 2, 3 HAVING count(*) > 1
    UNION ALL
    SELECT t.to_address, t.level, t.number, 0 FROM (${TOLD}) t
     WHERE t.number <> 'And more' AND NOT EXISTS (
       SELECT FROM document d JOIN claim_warning w ON w.invoice_id = d.id WHERE d.number = t.number AND w.warned_on = t.on_day AND w.told_as = t.level)`,

  /** Who had asked for the digest when it last went out, still wants it, and got none. */
  missedDigests: `
    WITH chosen AS (SELECT subject_id, max(at) AS at FROM audit_entry WHERE action = 'user.digest_chosen' GROUP BY 1)
    SELECT u.email, s.done_for FROM sweep s JOIN user_account u ON u.active AND u.weekly_digest JOIN chosen c ON c.subject_id = u.id::text AND c.at < s.done_at
     WHERE s.name = 'weekly digest' AND NOT EXISTS (SELECT FROM delivery x WHERE x.notice_key = concat_ws(':', 'weekly-digest', s.done_for, u.id))`,

  /** Digests before their Monday, of no Monday, to an address that is not who asked for it, or twice in a week. */
  wrongDigests: `
    SELECT x.to_address, k.monday, count(*) FROM delivery x
      CROSS JOIN LATERAL (SELECT split_part(x.notice_key, ':', 2)::date AS monday, split_part(x.notice_key, ':', 3) AS user_id) k
      LEFT JOIN user_account u ON u.id::text = k.user_id
     WHERE x.notice_key LIKE 'weekly-digest:%' GROUP BY 1, 2
    HAVING count(*) > 1 OR extract(isodow FROM k.monday) <> 1 OR bool_or(u.email IS DISTINCT FROM x.to_address)
        OR min((x.created_at AT TIME ZONE 'Europe/London')::date - k.monday) NOT BETWEEN 0 AND 6`,
} as const satisfies Invariants;
