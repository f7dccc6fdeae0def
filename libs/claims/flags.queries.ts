import { londonDate } from '#kernel';
import { may } from '#identity';
import { type Tx } from '#platform/database';
import { EDITABLE_STATES, FLAGS, flagsSeenBy, linePath, type FlagCode } from './domain/index.js';
import { evidenceFlags, isEvidenceFlag, type EvidenceFlag } from './evidence/evidence.queries.js';
import { type FlagView } from './flag.view.js';

interface Row {
  claim_id: string;
  code: FlagCode;
  invoice_at: number | null;
  line_at: number | null;
}

/**
 * Flags of some claims, for whoever asks: of those the table FLAGS lets them see. Set-based, each look-up by an index.
 * Row-level security keeps an authority's own view to its own rows as well.
 */
export async function readFlags(tx: Tx, claimIds: readonly string[]): Promise<Map<string, FlagView[]>> {
  const found = new Map<string, FlagView[]>(claimIds.map((id) => [id, []]));
  if (claimIds.length === 0) return found;
  const seen = flagsSeenBy(may(tx.actor, 'flag.read_mtm').allowed ? 'payer' : 'all');
  const queries = seen.flatMap((code) =>
    isEvidenceFlag(code) ? [] : [`SELECT '${code}' AS code, f.* FROM (${FOUND[code]}) AS f`],
  );
  const rows = await tx.query<Row>(
    `${queries.join(' UNION ALL ')} ORDER BY claim_id, invoice_at NULLS LAST, line_at NULLS LAST, code`,
    [claimIds, londonDate(tx.now)],
  );
  for (const row of rows) found.get(row.claim_id)?.push(flagView(row.code, row.invoice_at, row.line_at));
  for (const [id, codes] of await evidenceFlags(tx, claimIds)) {
    for (const code of codes) if (seen.includes(code)) found.get(id)?.push(flagView(code, null, null));
  }
  return found;
}

function flagView(code: FlagCode, invoiceAt: number | null, lineAt: number | null): FlagView {
  const path =
    invoiceAt === null ? '' : lineAt === null ? `trainerInvoices[${invoiceAt}]` : linePath(invoiceAt, lineAt);
  return { path, code, message: FLAGS[code].message };
}

/** Trainer invoices found at another authority and not recorded as distinct since: the flag that approval waits for. */
export async function undistinguishedInvoices(tx: Tx, claimId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT i.id FROM trainer_invoice i
      WHERE i.claim_id = $1 AND (${SAME_ELSEWHERE}) ORDER BY i.position`,
    [claimId],
  );
  return rows.map((row) => row.id);
}

/**
 * Whether another of a trainer's invoices has invoice `i`'s number. Asked by name and by VAT number apart: each is one look
 * into its own index, while an OR of the two makes the planner read every invoice that has the number.
 */
const sameTrainerAndNumber = (and: string): string =>
  ['o.trainer_key = i.trainer_key', 'o.vat_key = i.vat_key']
    .map((same) => `EXISTS (SELECT FROM trainer_invoice o WHERE o.number_key = i.number_key AND ${same} AND ${and})`)
    .join(' OR ');

/**
 * A finding that two invoices are distinct is about what was submitted by then: a third authority's, or one submitted again,
 * nobody has looked at yet. Row-level security shows the other claim to the payer, who alone is told.
 */
const SAME_ELSEWHERE = sameTrainerAndNumber(`o.live AND o.authority_code <> i.authority_code AND (i.distinct_at IS NULL
        OR i.distinct_at < (SELECT c.submitted_at FROM claim c WHERE c.id = o.claim_id))`);

/** The state is asked of the few invoices found: a join would let the planner begin with every rejected claim there is. */
const REJECTED_BEFORE = sameTrainerAndNumber(`o.authority_code = i.authority_code AND o.claim_id <> i.claim_id
        AND (SELECT c.state FROM claim c WHERE c.id = o.claim_id) = 'rejected'`);

/** Live invoices of the same trainer with a line on day `d.day`, each once. */
const SAME_TRAINER_THAT_DAY = ['o.trainer_key = d.trainer_key', 'o.vat_key = d.vat_key']
  .map(
    (same) => `SELECT o.id FROM trainer_invoice o
        WHERE o.live AND ${same} AND o.delivered_from <= d.day AND o.delivered_to >= d.day`,
  )
  .join(' UNION ');

const EDITABLE = `(${EDITABLE_STATES.map((state) => `'${state}'`).join(', ')})`;

/**
 * How each flag is found: claim, invoice and line, for the claims `$1` on London's date `$2`. Those of evidence are found
 * beside it.
 */
const FOUND: Readonly<Record<Exclude<FlagCode, EvidenceFlag>, string>> = {
  // A draft's lines are frozen only when it is submitted; until then the claim as a whole says that something is above.
  above_funded_rate: `
    SELECT l.claim_id, i.position AS invoice_at, l.position AS line_at
      FROM trainer_invoice_line l JOIN trainer_invoice i ON i.id = l.trainer_invoice_id JOIN claim c ON c.id = l.claim_id
     WHERE l.claim_id = ANY ($1::uuid[]) AND l.above_rate_pence > 0 AND c.state NOT IN ${EDITABLE}
    UNION ALL
    SELECT c.id, NULL, NULL FROM claim c
     WHERE c.id = ANY ($1::uuid[]) AND c.above_rate_pence > 0 AND c.state IN ${EDITABLE}`,
  trainer_not_paid: `
    SELECT i.claim_id, i.position AS invoice_at, NULL::smallint AS line_at FROM trainer_invoice i
     WHERE i.claim_id = ANY ($1::uuid[]) AND NOT coalesce(i.paid_on <= $2::date, false)
       AND NOT coalesce(i.proof_paid_on <= $2::date, false)`,
  reclaimed_after_rejection: `
    SELECT i.claim_id, i.position AS invoice_at, NULL::smallint AS line_at FROM trainer_invoice i
     WHERE i.claim_id = ANY ($1::uuid[]) AND (${REJECTED_BEFORE})`,
  trainer_invoice_at_other_authority: `
    SELECT i.claim_id, i.position AS invoice_at, NULL::smallint AS line_at FROM trainer_invoice i
     WHERE i.claim_id = ANY ($1::uuid[]) AND (${SAME_ELSEWHERE})`,
  // A line's trainer-days are spread evenly over its days, since the claim does not say more.
  trainer_double_booked: `
    SELECT DISTINCT d.claim_id, d.invoice_at, NULL::smallint AS line_at FROM (
      SELECT DISTINCT i.claim_id, i.position AS invoice_at, i.trainer_key, i.vat_key, day.day
        FROM trainer_invoice i JOIN trainer_invoice_line l ON l.trainer_invoice_id = i.id AND l.kind = 'training'
             CROSS JOIN unnest(l.delivered_on) AS day (day)
       WHERE i.claim_id = ANY ($1::uuid[]) AND i.live) d
      CROSS JOIN LATERAL (${SAME_TRAINER_THAT_DAY}) o
      JOIN trainer_invoice_line ol ON ol.trainer_invoice_id = o.id AND ol.kind = 'training' AND d.day = ANY (ol.delivered_on)
     GROUP BY d.claim_id, d.invoice_at, d.trainer_key, d.vat_key, d.day
    HAVING sum(ol.trainer_days / cardinality(ol.delivered_on)) > 1 AND count(DISTINCT ol.authority_code) > 1`,
};
