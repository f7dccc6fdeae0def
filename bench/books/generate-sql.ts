/**
 * Books by the million, in sets. Every twenty journals are eight claims of one authority approved, eight of another, a receipt of
 * what they come to, their funding, and one payment to each authority: eighty postings, after which nothing is owed. Everything
 * follows from the journal's number, so every run makes the same books.
 */
const CYCLE = { journals: 20, postings: 80 };
/** As many postings a day however long the books are: what grows is their age. */
export const POSTINGS_A_DAY = 5_000;
/** Midnight in London. */
export const FIRST_DAY = '2018-04-03';
const BEGIN = `timestamptz '2018-04-02T23:00:00Z'`;

const DAY = (POSTINGS_A_DAY / CYCLE.postings) * CYCLE.journals;
export const journalsOf = (postings: number): number => (postings / CYCLE.postings) * CYCLE.journals;
export const daysOf = (postings: number): number => postings / POSTINGS_A_DAY;

const CODES = `(SELECT array_agg(authority_code ORDER BY authority_code) FROM programme_authority WHERE programme_code = 'EIP2')`;

/** Pence of the claim that journal `n` approves. */
const pence = (n: string): string => `(5000 + (hashint8extended(${n}, 1) & 131071))`;
/** Of claims from the journal `first` on. */
const sum = (first: string, count: number): string =>
  `(SELECT sum(${pence('k')})::bigint FROM generate_series(${first}, ${first} + ${count - 1}) AS k)`;

/** UUIDv7 as the application makes them. */
const CLAIM_ID = `(lpad(to_hex(floor(extract(epoch FROM e.at) * 1000)::bigint), 12, '0') || '7' || substr(md5('claim' || e.n), 1, 3)
    || '8' || substr(md5('claim' || e.n), 5, 15))::uuid`;

/** What each journal is of: its instant, its authority, its amount. $1 is how many journals. */
const ENTRIES = `
  SELECT p.*, ${BEGIN} + p.n * (interval '1 day' / ${DAY}) AS at,
         CASE WHEN p.place IN (16, 17) THEN NULL
              ELSE (c.codes)[1 + ((hashint8extended(p.first + CASE WHEN p.place < 8 OR p.place = 18 THEN 0 ELSE 8 END, 2) & 65535) % 10)] END AS authority,
         CASE WHEN p.place < 16 THEN ${pence('p.n')} WHEN p.place IN (16, 17) THEN ${sum('p.first', 16)}
              WHEN p.place = 18 THEN ${sum('p.first', 8)} ELSE ${sum('p.first + 8', 8)} END AS pence
    FROM (SELECT n, ((n - 1) % ${CYCLE.journals})::int AS place, n - (n - 1) % ${CYCLE.journals} AS first FROM generate_series(1, $1::bigint) AS n) AS p,
         (SELECT ${CODES} AS codes) AS c`;

export const ACCOUNTS = `
  INSERT INTO ledger_account (name)
  SELECT 'expenses:reimbursement:' || category FROM unnest(ARRAY['targeted', 'coaching_qa']) AS category
  UNION ALL SELECT 'liabilities:payable:' || code FROM unnest(${CODES}) AS code
  UNION ALL SELECT unnest(ARRAY['assets:receivable:DfE', 'income:grant:DfE', 'assets:restricted cash', 'liabilities:received in advance:DfE'])`;

/** One claim in two has two categories. */
const TWO = `(e.place < 16 AND e.n % 2 = 0)`;
const PAID = 'e.place >= 18';

export const JOURNALS = `
  INSERT INTO journal (id, event, kind, programme_code, authority_code, booked_on, at, description, claim_id, posting_count, actor_id)
  OVERRIDING SYSTEM VALUE
  SELECT e.n, CASE WHEN e.place < 16 THEN 'claim.approved:' || ${CLAIM_ID} || ':EIP2-' || e.authority || '-' || e.n
           WHEN e.place = 16 THEN 'funding_receipt.confirmed:' || e.n WHEN e.place = 17 THEN 'claims.funded:' || e.n ELSE 'payment.settled:' || e.n END,
         CASE WHEN e.place < 16 THEN 'claim_approved' WHEN e.place = 16 THEN 'receipt_confirmed' WHEN e.place = 17 THEN 'claims_funded' ELSE 'payment_settled' END,
         'EIP2', e.authority, (e.at AT TIME ZONE 'Europe/London')::date, e.at,
         CASE WHEN e.place < 16 THEN 'Claim approved, invoice EIP2-' || e.authority || '-' || e.n
           WHEN e.place = 16 THEN 'DfE paid, DFE ' || e.n WHEN e.place = 17 THEN '16 claims funded' ELSE 'Paid, EIP2' || e.n END,
         CASE WHEN e.place < 16 THEN ${CLAIM_ID} END, CASE WHEN ${TWO} THEN 5 WHEN e.place < 16 THEN 4 ELSE 2 END, u.id
    FROM (${ENTRIES}) AS e, (SELECT id FROM user_account WHERE email = 'approver@mtm.example') AS u
   ORDER BY e.n`;

export const POSTINGS = `
  INSERT INTO posting (journal_id, position, account_id, authority_code, amount_pence, at)
  SELECT e.n, p.position, a.id, CASE WHEN p.own THEN e.authority END, p.pence, e.at
    FROM (${ENTRIES}) AS e
    CROSS JOIN LATERAL (VALUES
      (e.place < 16, 1, 'expenses:reimbursement:targeted', true, e.pence - CASE WHEN ${TWO} THEN e.pence / 3 ELSE 0 END),
      (${TWO}, 2, 'expenses:reimbursement:coaching_qa', true, e.pence / 3),
      (e.place < 16, CASE WHEN ${TWO} THEN 3 ELSE 2 END, 'liabilities:payable:' || e.authority, true, -e.pence),
      (e.place < 16, CASE WHEN ${TWO} THEN 4 ELSE 3 END, 'assets:receivable:DfE', false, e.pence),
      (e.place < 16, CASE WHEN ${TWO} THEN 5 ELSE 4 END, 'income:grant:DfE', false, -e.pence),
      (e.place = 16, 1, 'assets:restricted cash', false, e.pence),
      (e.place = 16, 2, 'liabilities:received in advance:DfE', false, -e.pence),
      (e.place = 17, 1, 'liabilities:received in advance:DfE', false, e.pence),
      (e.place = 17, 2, 'assets:receivable:DfE', false, -e.pence),
      (${PAID}, 1, 'liabilities:payable:' || e.authority, true, e.pence),
      (${PAID}, 2, 'assets:restricted cash', false, -e.pence)
    ) AS p (applies, position, account, own, pence)
    JOIN ledger_account a ON a.name = p.account
   WHERE p.applies`;

/** One at the end of each day but the last, as the worker takes them; $1 is how many days the books have. */
export const SNAPSHOTS = `
  INSERT INTO ledger_snapshot (at) SELECT ${BEGIN} + day * interval '1 day' FROM generate_series(1, $1::int - 1) AS day ORDER BY day;
  INSERT INTO ledger_snapshot_balance (snapshot_id, account_id, authority_code, debit_pence, credit_pence)
  WITH days AS (
    SELECT ceil(extract(epoch FROM at - ${BEGIN}) / 86400)::int AS day, account_id, coalesce(authority_code, '') AS authority_code,
           sum(greatest(amount_pence, 0)) AS debit, sum(greatest(-amount_pence, 0)) AS credit
      FROM posting GROUP BY 1, 2, 3
  ), accounts AS (SELECT account_id, authority_code, min(day) AS since FROM days GROUP BY 1, 2)
  SELECT s.id, a.account_id, a.authority_code, sum(coalesce(d.debit, 0)) OVER so_far, sum(coalesce(d.credit, 0)) OVER so_far
    FROM (SELECT id, row_number() OVER (ORDER BY at)::int AS day FROM ledger_snapshot) AS s
    JOIN accounts a ON a.since <= s.day LEFT JOIN days d USING (day, account_id, authority_code)
  WINDOW so_far AS (PARTITION BY a.account_id, a.authority_code ORDER BY s.day)
   ORDER BY s.id`;
