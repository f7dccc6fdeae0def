import { notFound } from '#kernel';
import { statement, type Tx } from '#platform/database';
import { type AdjustedCategory, type AdjustmentState } from '../domain/index.js';

/** An adjustment's own row, with the invoice it corrects. Pence. */
export interface AdjustmentRow {
  id: string;
  programme_code: string;
  authority_code: string;
  claim_id: string;
  invoice_number: string;
  state: AdjustmentState;
  reason: string;
  amount_pence: number;
  taken_pence: number;
  recovered_pence: number;
  /** Days in thousandths. */
  amounts: Record<string, AdjustedCategory>;
  credit_note_id: string | null;
  credit_note_number: string | null;
  proposed_by: string;
  proposed_at: Date;
  approved_by: string | null;
  approved_at: Date | null;
  cancelled_by: string | null;
  cancelled_at: Date | null;
  cancel_reason: string | null;
  version: number;
}

export const ADJUSTMENT_COLUMNS = `a.id, a.programme_code, a.authority_code, a.claim_id, c.invoice_number, a.state, a.reason, a.amount_pence,
  a.taken_pence, a.recovered_pence, a.amounts, a.credit_note_id, a.credit_note_number, a.proposed_by, a.proposed_at, a.approved_by,
  a.approved_at, a.cancelled_by, a.cancelled_at, a.cancel_reason, a.version`;

const SELECT = `SELECT ${ADJUSTMENT_COLUMNS} FROM adjustment a JOIN claim c ON c.id = a.claim_id WHERE a.id = $1`;
const LOOK = statement(SELECT);
const LOCK = statement(`${SELECT} FOR UPDATE OF a`);

/** Throws not_found, also for another authority's. */
export async function loadAdjustment(tx: Tx, id: string, lock: 'lock' | 'look' = 'look'): Promise<AdjustmentRow> {
  const [row] = await tx.query<AdjustmentRow>(lock === 'lock' ? LOCK : LOOK, [id]);
  if (!row) throw notFound('adjustment');
  return row;
}
