import { notFound } from '#kernel';
import { type Actor, type Tx } from '#platform/database';
import { type Calculation, type ClaimBody, type ClaimState } from './domain/index.js';

/** A trainer-invoice line as stored: what was written, what was frozen, what was decided. */
export interface LineRecord {
  id: string;
  kind: 'training' | 'travel';
  category: string | null;
  rate: string | null;
  description: string;
  bookedOn: string | null;
  deliveredOn: string[] | null;
  trainerDays: string | null;
  netPence: number;
  vatRate: string;
  vatPence: number;
  ratePence: number | null;
  eligiblePence: number | null;
  aboveRatePence: number | null;
  fundedDays: string | null;
  decision: 'allow' | 'disallow' | null;
  decisionReason: string | null;
}

export interface TrainerInvoiceRecord {
  id: string;
  trainerName: string;
  vatNumber: string | null;
  country: string;
  number: string;
  issuedOn: string;
  paidOn: string | null;
  proofPaidOn: string | null;
  proofNote: string | null;
  distinctNote: string | null;
  lines: LineRecord[];
}

/** A claim's own row, without what it gathers. */
export interface ClaimRow {
  id: string;
  programme_code: string;
  authority_code: string;
  state: ClaimState;
  version: number;
  authority_reference: string | null;
  purchase_order: string | null;
  held_at: Date | null;
  held_by: string | null;
  hold_reason: string | null;
  total_pence: number;
  above_rate_pence: number;
  terms_id: string | null;
  submitted_at: Date | null;
  submitted_by: string | null;
  due_on: string | null;
  invoice_id: string | null;
  invoice_number: string | null;
  reviewed_by: string | null;
  reviewed_at: Date | null;
  approved_by: string | null;
  approved_at: Date | null;
  approved_pence: number | null;
  makers: string[];
  assigned_to: string | null;
  created_by: string;
  created_at: Date;
  updated_at: Date;
}

/** A claim as stored, with everything it gathers. */
export interface ClaimRecord extends ClaimRow {
  /** Frozen at submission. */
  calculation: Calculation | null;
  approved: ApprovedAmounts | null;
  return_notes: ReturnNote[] | null;
  invoices: TrainerInvoiceRecord[];
}

/** What a return said of a line, with where the line stood and what it was then: an edit gives lines new ids. */
export interface ReturnNote {
  lineId: string;
  path: string;
  description: string;
  reason: string;
}

/** What was approved, per category: pence and, for training, the days it uses. */
export type ApprovedAmounts = Record<
  string,
  { eligiblePence: number; reimbursementPence: number; fundedDays: string | null }
>;

/** Columns every list item needs; the gathered invoices are left out. */
export const CLAIM_COLUMNS = `c.id, c.programme_code, c.authority_code, c.state, c.version, c.authority_reference, c.purchase_order,
  c.held_at, c.held_by, c.hold_reason, c.total_pence, c.above_rate_pence, c.terms_id, c.submitted_at, c.submitted_by, c.due_on, c.invoice_id,
  c.invoice_number, c.reviewed_by, c.reviewed_at, c.approved_by, c.approved_at, c.approved_pence, c.makers::text[] AS makers, c.assigned_to,
  c.created_by, c.created_at, c.updated_at`;

const LINES = `(SELECT json_agg(json_build_object(
    'id', l.id, 'kind', l.kind, 'category', l.category, 'rate', l.rate, 'description', l.description,
    'bookedOn', l.booked_on, 'deliveredOn', l.delivered_on, 'trainerDays', trim_scale(l.trainer_days)::text,
    'netPence', l.net_pence, 'vatRate', l.vat_rate, 'vatPence', l.vat_pence, 'ratePence', l.rate_pence,
    'eligiblePence', l.eligible_pence, 'aboveRatePence', l.above_rate_pence,
    'fundedDays', trim_scale(l.funded_days)::text, 'decision', l.decision, 'decisionReason', l.decision_reason)
    ORDER BY l.position) FROM trainer_invoice_line l WHERE l.trainer_invoice_id = i.id)`;

const INVOICES = `(SELECT json_agg(json_build_object(
    'id', i.id, 'trainerName', i.trainer_name, 'vatNumber', i.vat_number, 'country', i.country, 'number', i.number,
    'issuedOn', i.issued_on, 'paidOn', i.paid_on, 'proofPaidOn', i.proof_paid_on, 'proofNote', i.proof_note,
    'distinctNote', i.distinct_note, 'lines', ${LINES}) ORDER BY i.position)
    FROM trainer_invoice i WHERE i.claim_id = c.id)`;

const WHOLE = `SELECT ${CLAIM_COLUMNS}, c.calculation, c.approved, c.return_notes, ${INVOICES} AS invoices FROM claim c WHERE c.id = ANY ($1::uuid[])`;

/**
 * One claim with all it gathers, in one statement. `lock` holds its row until commit (first in the lock order).
 * Throws not_found, also for another authority's.
 */
export async function loadClaim(tx: Tx, id: string, lock: 'lock' | 'look'): Promise<ClaimRecord> {
  if (lock === 'lock') {
    // Locked first and read second: a statement that waits for a lock re-reads the locked row but not its subqueries.
    const held = await tx.query('SELECT 1 FROM claim WHERE id = $1 FOR UPDATE', [id]);
    if (held.length === 0) throw notFound('claim');
  }
  const [row] = await loadClaims(tx, [id]);
  if (!row) throw notFound('claim');
  return row;
}

/** Claims with all they gather, those that are there for the actor, in no order. */
export const loadClaims = (tx: Tx, ids: readonly string[]): Promise<ClaimRecord[]> =>
  tx.query<ClaimRecord>(WHOLE, [ids]);

/** A claim's makers once this actor has made something of it too. */
export const makersWith = (claim: ClaimRow, actor: Actor): string[] => [...new Set([...claim.makers, actor.userId])];

/** The body as it was written, without ids: what the calculation takes. */
export function bodyOf(claim: ClaimRecord): ClaimBody {
  return {
    programme: claim.programme_code,
    authority: claim.authority_code,
    ...(claim.authority_reference === null ? {} : { authorityReference: claim.authority_reference }),
    ...(claim.purchase_order === null ? {} : { purchaseOrder: claim.purchase_order }),
    trainerInvoices: claim.invoices.map((invoice) => ({
      trainer: {
        name: invoice.trainerName,
        ...(invoice.vatNumber === null ? {} : { vatNumber: invoice.vatNumber }),
        country: invoice.country,
      },
      number: invoice.number,
      issuedOn: invoice.issuedOn,
      ...(invoice.paidOn === null ? {} : { paidOn: invoice.paidOn }),
      lines: invoice.lines.map(lineBody),
    })),
  };
}

function lineBody(line: LineRecord): ClaimBody['trainerInvoices'][number]['lines'][number] {
  const money = {
    description: line.description,
    netPence: line.netPence,
    vatRate: line.vatRate,
    vatPence: line.vatPence,
  };
  if (line.kind === 'travel') return { kind: 'travel', ...money };
  return {
    kind: 'training',
    category: line.category!,
    rate: line.rate!,
    bookedOn: line.bookedOn!,
    deliveredOn: line.deliveredOn!,
    trainerDays: line.trainerDays!,
    ...money,
  };
}
