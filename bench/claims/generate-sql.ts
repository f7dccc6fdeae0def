/**
 * Claims by the hundred thousand, in sets: each statement fills one table from `generated`, which holds what is decided of
 * each claim. Everything follows from the claim's number by a hash, so every run makes the same data.
 */

/** A number in [0, 1) out of a claim's number, another one for each `salt`. */
const chance = (salt: number): string => `((hashint8extended(n, ${salt}) & 1048575) / 1048576.0)`;

/** $1 how many, $2 worked claims as JSON. Created from November 2017 to March 2018, in the order of their numbers. */
export const DECIDE = `
  CREATE TEMP TABLE kind ON COMMIT DROP AS
  SELECT * FROM jsonb_to_recordset($2::jsonb) AS k (no int, total bigint, above bigint, calculation jsonb, amounts jsonb);
  CREATE TEMP TABLE kind_line ON COMMIT DROP AS
  SELECT k.no, l.* FROM jsonb_to_recordset($2::jsonb) AS k (no int, lines jsonb),
         jsonb_to_recordset(k.lines) AS l (position int, kind text, category text, rate text, description text, days int,
           trainer_days numeric, net bigint, vat bigint, rate_pence bigint, eligible bigint, above bigint,
           funded_days numeric, allocation text)`;

type Shares = readonly (readonly [state: string, share: number])[];

/** What has become of a share of the claims; the rest of them is reconciled. */
function stateCase(shares: Shares): string {
  let upTo = 0;
  const arms = shares.map(([state, share]) => `WHEN ${chance(1)} < ${(upTo += share).toFixed(3)} THEN '${state}'`);
  return `CASE ${arms.join(' ')} ELSE 'reconciled' END`;
}

const RECENT: Shares = [
  ['draft', 0.15],
  ['submitted', 0.3],
  ['reviewed', 0.2],
  ['returned', 0.08],
  ['withdrawn', 0.05],
  ['rejected', 0.07],
  ['approved', 0.15],
];
const OLDER: Shares = [
  ['draft', 0.005],
  ['submitted', 0.005],
  ['reviewed', 0.005],
  ['returned', 0.01],
  ['withdrawn', 0.03],
  ['rejected', 0.04],
  ['approved', 0.08],
  ['funded', 0.04],
  ['scheduled', 0.015],
  ['paid', 0.03],
];

/** What has become of the claims: SQL over `n`, a claim's number, and `$1`, how many there are. */
export interface Standing {
  /** Part of the database's name. */
  name: string;
  state: string;
  /** Share of the submitted, reviewed and approved claims that are on hold. */
  held: number;
  /** With the evidence and the whole calculation of each claim, as lists and their filters meet them. */
  whole: boolean;
}

/** Claims as they stand in the middle of a programme: of the last weeks, most are still being looked at. */
export const MIXED: Standing = {
  name: 'lists',
  state: `CASE WHEN n > 0.85 * $1::int THEN ${stateCase(RECENT)} ELSE ${stateCase(OLDER)} END`,
  held: 0.03,
  whole: true,
};

/** Every claim is approved and waits for the funder's money. Nothing of funding reads calculations or evidence: half the bytes. */
export const WAITING: Standing = { name: 'waiting', state: `'approved'`, held: 0, whole: false };

const NUMBERED = `('submitted', 'reviewed', 'returned', 'rejected', 'approved', 'funded', 'scheduled', 'paid', 'reconciled')`;
const LIVE = `('submitted', 'reviewed', 'approved', 'funded', 'scheduled', 'paid', 'reconciled')`;
const APPROVED = `('approved', 'funded', 'scheduled', 'paid', 'reconciled')`;

/** UUIDv7 as the application makes them: 48 bits of milliseconds, then version, variant and chance. */
export const uuid7 = (at: string, salt: string): string =>
  `(lpad(to_hex(floor(extract(epoch FROM ${at}) * 1000)::bigint), 12, '0') || '7' || substr(md5(${salt}), 1, 3)
    || substr('89ab', 1 + (n % 4)::int, 1) || substr(md5(${salt}), 5, 15))::uuid`;

/** $1 how many. A trainer has some twenty claims, numbers them from 1, and works for several authorities. */
export const generated = ({ state, held }: Standing): string => `
  CREATE TEMP TABLE generated ON COMMIT DROP AS
  WITH decided AS (
    SELECT n, ('2017-11-20T08:00:00Z'::timestamptz + n * (interval '130 days' / $1::int)) AS created,
           (SELECT array_agg(authority_code ORDER BY authority_code) FROM programme_authority)[1 + floor(10 * ${chance(2)})::int] AS authority,
           ${state} AS state,
           floor((SELECT count(*) FROM kind) * ${chance(3)} ^ 1.5)::int AS kind,
           floor(greatest(1, $1::int / 20) * ${chance(4)})::int AS trainer,
           ${chance(5)} AS luck
      FROM generate_series(1, $1::int) AS n)
  SELECT d.*, ${uuid7('created', `'claim' || n`)} AS claim_id, ${uuid7('created', `'invoice' || n`)} AS invoice_id,
         row_number() OVER (PARTITION BY trainer ORDER BY n) AS trainer_seq,
         state IN ${NUMBERED} AS numbered, state IN ${LIVE} AS live, state IN ${APPROVED} AS approved,
         CASE WHEN state IN ${NUMBERED} THEN row_number() OVER (PARTITION BY authority, state IN ${NUMBERED} ORDER BY n) END AS seq,
         created::date - 20 - (n % 20)::int AS delivered,
         state IN ('submitted', 'reviewed', 'approved') AND luck < ${held} AS held
    FROM decided d;
  ANALYZE generated`;

/** $1 days within which a claim is paid. */
export const claims = ({ whole }: Standing): string => `
  INSERT INTO claim (id, programme_code, authority_code, state, version, authority_reference, held_at, held_by, hold_reason,
    total_pence, above_rate_pence, terms_id, calculation, submitted_at, submitted_by, due_on, invoice_id, invoice_number,
    reviewed_by, reviewed_at, approved_by, approved_at, approved_pence, approved, makers, created_by, created_at, updated_at)
  SELECT claim_id, 'EIP2', authority, state, CASE WHEN approved THEN 4 WHEN numbered THEN 2 ELSE 1 END, 'CYP/' || n,
    CASE WHEN held THEN created + interval '3 hours' END, CASE WHEN held THEN mtm.id END, CASE WHEN held THEN 'Waiting for a register of attendance' END,
    k.total, k.above, CASE WHEN numbered THEN t.id END, CASE WHEN numbered THEN ${whole ? 'k.calculation' : `jsonb_build_object('totalPence', k.total)`} END,
    CASE WHEN numbered THEN created + interval '1 hour' END, CASE WHEN numbered THEN la.id END,
    CASE WHEN live THEN (created + interval '1 hour')::date + $1::int END, CASE WHEN numbered THEN gen_random_uuid() END,
    CASE WHEN numbered THEN 'EIP2-' || authority || '-' || lpad(seq::text, greatest(4, length(seq::text)), '0') END,
    CASE WHEN approved OR state = 'reviewed' THEN mtm.id END, CASE WHEN approved OR state = 'reviewed' THEN created + interval '1 day' END,
    CASE WHEN approved THEN approver.id END, CASE WHEN approved THEN created + interval '2 days' END,
    CASE WHEN approved THEN k.total END, CASE WHEN approved THEN k.amounts END,
    CASE WHEN approved OR state = 'reviewed' THEN ARRAY[la.id, mtm.id] ELSE ARRAY[la.id] END, la.id, created, created + interval '2 days'
    FROM generated g JOIN kind k ON k.no = g.kind
    JOIN user_account la ON la.organisation = g.authority AND 'la_finance' = ANY (la.roles)
    CROSS JOIN (SELECT id FROM user_account WHERE email = 'finance@mtm.example') AS mtm
    CROSS JOIN (SELECT id FROM user_account WHERE email = 'approver@mtm.example') AS approver
    CROSS JOIN (SELECT id FROM programme_terms WHERE programme_code = 'EIP2' ORDER BY version DESC LIMIT 1) AS t
   ORDER BY n`;

/** Half the trainers are registered for VAT; a tenth of the invoices are not paid yet. */
export const INVOICES = `
  INSERT INTO trainer_invoice (id, claim_id, authority_code, position, trainer_name, trainer_key, vat_number, vat_key, country,
    number, number_key, issued_on, paid_on, delivered_from, delivered_to, live)
  SELECT invoice_id, claim_id, authority, 0, 'Trainer ' || trainer || ' Ltd', 'TRAINER' || trainer || 'LTD',
    CASE WHEN trainer % 2 = 0 THEN 'GB' || lpad(trainer::text, 9, '0') END, CASE WHEN trainer % 2 = 0 THEN 'GB' || lpad(trainer::text, 9, '0') END,
    'GB', 'INV-' || lpad(trainer_seq::text, 4, '0'), 'INV' || lpad(trainer_seq::text, 4, '0'), delivered + 6,
    CASE WHEN luck < 0.9 THEN delivered + 15 END, delivered, delivered + l.days - 1, live
    FROM generated g JOIN LATERAL (SELECT max(days) AS days FROM kind_line WHERE no = g.kind) AS l ON true
   ORDER BY n`;

export const LINES = `
  INSERT INTO trainer_invoice_line (id, trainer_invoice_id, claim_id, authority_code, position, kind, category, rate, description,
    booked_on, delivered_on, trainer_days, net_pence, vat_rate, vat_pence, rate_pence, eligible_pence, above_rate_pence, funded_days)
  SELECT ${uuid7('created', `'line' || l.position || '-' || n`)}, invoice_id, claim_id, authority, l.position, l.kind, l.category, l.rate, l.description,
    CASE WHEN l.kind = 'training' THEN delivered - 30 END,
    CASE WHEN l.kind = 'training' THEN ARRAY(SELECT delivered + day FROM generate_series(0, l.days - 1) AS day) END,
    l.trainer_days, l.net, '20', l.vat, CASE WHEN numbered THEN l.rate_pence END, CASE WHEN numbered THEN l.eligible END,
    CASE WHEN numbered THEN l.above END, CASE WHEN numbered THEN l.funded_days END
    FROM generated g JOIN kind_line l ON l.no = g.kind
   ORDER BY n, l.position`;

/** Four in five have a file; one in a thousand files supports two claims. */
export const EVIDENCE = `
  INSERT INTO evidence (id, authority_code, claim_id, file_name, media_type, declared_otherwise, size, sha256, storage_key,
    uploaded_by, uploaded_at)
  SELECT ${uuid7('created', `'evidence' || n`)}, authority, claim_id, 'invoice.pdf', 'application/pdf', false, 40000,
    encode(sha256(('file' || n - CASE WHEN n % 1000 = 0 THEN 1 ELSE 0 END)::bytea), 'hex'), 'bench/' || n, la.id, created
    FROM generated g JOIN user_account la ON la.organisation = g.authority AND 'la_finance' = ANY (la.roles)
   WHERE luck < 0.8
   ORDER BY n`;

/** Allotments are raised to what is drawn and a tenth more. */
export const ALLOCATIONS = `
  UPDATE allocation a
     SET reserved_days = drawn.reserved, used_days = drawn.used,
         allotted_days = greatest(a.allotted_days, ceil((drawn.reserved + drawn.used) * 1.1))
    FROM (SELECT g.authority, l.allocation, coalesce(sum(l.funded_days) FILTER (WHERE NOT g.approved), 0) AS reserved,
                 coalesce(sum(l.funded_days) FILTER (WHERE g.approved), 0) AS used
            FROM generated g JOIN kind_line l ON l.no = g.kind
           WHERE g.live AND l.allocation IS NOT NULL GROUP BY 1, 2) AS drawn
   WHERE a.programme_code = 'EIP2' AND a.authority_code = drawn.authority AND a.category = drawn.allocation;
  INSERT INTO number_series (programme_code, authority_code, kind, last)
  SELECT 'EIP2', authority, 'invoice', max(seq) FROM generated GROUP BY authority`;
