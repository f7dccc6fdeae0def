import { uuid7 } from './generate-sql.js';

/**
 * What a programme of so many claims has gathered around them, so that each list has its own length: requests, receipts, runs with their
 * payments, statements with their lines, proposals of adjustments, the trail and e-mails. $1 is how many claims there are; a list grows
 * in proportion to it. Payments are those of the claims that are paid; of the rest nothing leads to a claim, and
 * chains of the trail are not sealed: they are there to be listed.
 */
const PEOPLE = `(SELECT
    (SELECT id FROM user_account WHERE email = 'finance@mtm.example') AS finance,
    (SELECT id FROM user_account WHERE email = 'finance2@mtm.example') AS colleague,
    (SELECT id FROM user_account WHERE email = 'approver@mtm.example') AS approver) AS people`;
const CODES = `(SELECT array_agg(authority_code ORDER BY authority_code) AS codes FROM programme_authority) AS known`;
/** The \`n\`-th of \`share\` for each claim, spread over the programme's months. */
const spread = (share: string): string =>
  `(SELECT n, '2017-11-20T08:00:00Z'::timestamptz + n * (interval '130 days' / greatest(1, $1::int * ${share})) AS at
      FROM generate_series(1, greatest(1, $1::int * ${share})::int) AS n) AS x`;
const hex = (salt: string): string => `encode(sha256((${salt})::bytea), 'hex')`;

const REQUESTS = `
  INSERT INTO funding_request (id, programme_code, state, number, seq, total_pence, claim_count, created_by, created_at, submitted_by,
    submitted_at, updated_at)
  SELECT ${uuid7('at', `'request' || n`)}, 'EIP2', 'paid', 'EIP2-FR-' || lpad(n::text, 6, '0'), n, 5000000, 100, finance, at, finance, at, at
    FROM ${spread('0.01')}, ${PEOPLE}`;

const RECEIPTS = `
  INSERT INTO funding_receipt (id, programme_code, state, amount_pence, allocated_pence, received_on, bank_reference, reference_key,
    recorded_by, recorded_at, evidence, confirmed_by, confirmed_at, updated_at)
  SELECT ${uuid7('at', `'receipt' || n`)}, 'EIP2', 'confirmed', 5000000, 5000000, at::date, 'DFE ' || n, 'DFE' || n,
    finance, at, 'Statement of the day', colleague, at, at
    FROM ${spread('0.01')}, ${PEOPLE}`;

/** Ten claims of each authority in a run, all settled. */
const RUNS = `
  CREATE TEMP TABLE paid ON COMMIT DROP AS
  SELECT claim_id, authority, created, 1 + (row_number() OVER (PARTITION BY authority ORDER BY n) - 1) / 10 AS run
    FROM generated WHERE state IN ('paid', 'reconciled');
  CREATE TEMP TABLE run ON COMMIT DROP AS
  SELECT n, at, ${uuid7('at', `'run' || n`)} AS run_id FROM (SELECT run AS n, max(created) AS at FROM paid GROUP BY run) AS r;
  CREATE TEMP TABLE settled ON COMMIT DROP AS
  SELECT s.*, run_id, at, ${uuid7('at', `'payment' || authority || n`)} AS payment_id
    FROM (SELECT p.run AS n, p.authority, sum(c.approved_pence) AS pence, count(*)::int AS claims
            FROM paid p JOIN claim c ON c.id = p.claim_id GROUP BY p.run, p.authority) AS s JOIN run USING (n);
  INSERT INTO payment_run (id, programme_code, number, seq, state, total_pence, payment_count, claim_count, debtor, currency, prepared_by,
    prepared_at, approved_by, approved_at, file_key, file_sha256, file_size, updated_at)
  SELECT run_id, 'EIP2', 'EIP2-PR-' || lpad(n::text, 6, '0'), n, 'approved', pence, payments, claims, '{"name": "MTM"}', 'GBP', finance, at,
    approver, at, 'bench/run/' || n, ${hex(`'run' || n`)}, 4000, at
    FROM (SELECT run_id, n, at, sum(pence) AS pence, count(*) AS payments, sum(claims) AS claims FROM settled GROUP BY run_id, n, at) AS r, ${PEOPLE};
  INSERT INTO payment (id, run_id, authority_code, amount_pence, reference, end_to_end_id, account_version, state, matched_pence, settled_at,
    settled_count, booked_on)
  SELECT payment_id, run_id, authority, pence, 'B' || n || authority, 'EIP2-' || n || '-' || authority, 1, 'settled', pence, at, 1, at::date
    FROM settled;
  INSERT INTO payment_claim (payment_id, claim_id, authority_code, pence)
  SELECT s.payment_id, p.claim_id, p.authority, c.approved_pence
    FROM paid p JOIN settled s ON s.n = p.run AND s.authority = p.authority JOIN claim c ON c.id = p.claim_id`;

const STATEMENTS = `
  INSERT INTO bank_account (id, programme_code, account_key, currency, first_seen_at)
  VALUES (gen_random_uuid(), 'EIP2', 'BENCH', 'GBP', '2017-11-20T08:00:00Z');
  INSERT INTO bank_statement (id, programme_code, state, format, file_sha256, file_key, file_size, account_key, currency, statement_id,
    sequence, opening_pence, closing_pence, opening_on, closing_on, ends_on, day_place, line_count, matched_count, matched_pence,
    contents_sha256, loaded_by, loaded_at, closed_by, closed_at, updated_at)
  SELECT ${uuid7('at', `'statement' || n`)}, 'EIP2', 'closed', 'camt053', ${hex(`'statement' || n`)}, 'bench/statement/' || n, 9000, 'BENCH', 'GBP',
    'S' || n, n, 0, 0, at::date, at::date, at::date, n, 10, 10, 0, ${hex(`'contents' || n`)}, finance, at, finance, at, at
    FROM ${spread('0.01')}, ${PEOPLE};
  INSERT INTO bank_line (id, statement_id, seq, booked_on, amount_pence, currency, reference, counterparty, matched_pence, state)
  SELECT ${uuid7('at', `'line' || n || '-' || k`)}, ${uuid7('at', `'statement' || n`)}, k, at::date, CASE WHEN k % 2 = 0 THEN 100000 ELSE -100000 END,
    'GBP', 'REF ' || n || ' ' || k, 'Somebody', CASE WHEN k % 2 = 0 THEN 100000 ELSE -100000 END, 'matched'
    FROM ${spread('0.01')}, generate_series(1, 10) AS k`;

const ADJUSTMENTS = `
  INSERT INTO adjustment (id, programme_code, authority_code, claim_id, state, reason, amount_pence, amounts, proposed_by, proposed_at,
    cancelled_by, cancelled_at, cancel_reason, updated_at)
  SELECT ${uuid7('created', `'adjustment' || n`)}, 'EIP2', authority, claim_id, 'cancelled', 'The trainer credited it', 1000, '{}', finance, created,
    finance, created, 'Credited twice', created
    FROM generated, ${PEOPLE} WHERE approved AND n % 20 = 0`;

const TRAIL = `
  INSERT INTO audit_entry (chain, seq, at, actor_id, actor_roles, organisation, action, subject_type, subject_id, claim_id, after, prev_hash, hash)
  SELECT authority, coalesce(h.seq, 0) + row_number() OVER (PARTITION BY authority ORDER BY n, k),
    created + k * interval '1 hour', la.id, la.roles, authority, (ARRAY['claim.created', 'claim.submitted', 'claim.reviewed'])[k], 'claim',
    claim_id::text, claim_id, jsonb_build_object('version', k), sha256((n || 'before' || k)::bytea), sha256((n || 'after' || k)::bytea)
    FROM generated g JOIN user_account la ON la.organisation = g.authority AND 'la_finance' = ANY (la.roles)
    LEFT JOIN audit_head h ON h.chain = g.authority CROSS JOIN generate_series(1, 3) AS k;
  INSERT INTO audit_head (chain, seq, hash)
  SELECT DISTINCT ON (chain) chain, seq, hash FROM audit_entry ORDER BY chain, seq DESC
  ON CONFLICT (chain) DO UPDATE SET seq = EXCLUDED.seq, hash = EXCLUDED.hash`;

const EMAILS = `
  INSERT INTO delivery (id, letter, notice_key, authority_code, audience, to_address, message_id, created_at, state, attempts, sending_at, sent_at,
    last_error, touched_at)
  SELECT ${uuid7('at', `'notice' || n`)}, jsonb_build_object('subject', 'Message ' || n, 'heading', 'Message', 'paragraphs', '[]'::jsonb, 'facts', '[]'::jsonb,
      'closing', NULL, 'sender', 'EIP2 claims', 'replyTo', NULL, 'page', '/claims'),
    'bench:' || n, codes[1 + n % 10], 'authority', 'finance@brent.example', '<bench-' || n || '@claims.example>', at,
    CASE WHEN n % 100 = 0 THEN 'failed' ELSE 'sent' END, 1, at, CASE WHEN n % 100 = 0 THEN NULL ELSE at END,
    CASE WHEN n % 100 = 0 THEN 'the mailbox is full' END, at
    FROM ${spread('0.2')}, ${CODES}`;

/** Statements in the order they are to be run in; a string may hold several. */
export const AROUND: readonly string[] = [REQUESTS, RECEIPTS, RUNS, STATEMENTS, ADJUSTMENTS, TRAIL, EMAILS];
