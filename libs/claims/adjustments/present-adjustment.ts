import { formatDays } from '#kernel';
import { type ProgrammeTerms } from '#programme';
import { type Tx } from '#platform/database';
import { type ClaimRecord } from '../claim-record.js';
import { ADJUSTING_STATES, type AdjustedAmounts } from '../domain/index.js';
import { type AdjustmentRow } from './adjustment-record.js';
import {
  type AdjustedLineView,
  type AdjustmentListItem,
  type AdjustmentPreview,
  type AdjustmentView,
  type ClaimAdjustmentView,
  type RepaymentView,
  type SetOffView,
} from './adjustment.view.js';
import { type StandingLineOf } from './standing-lines.js';

const isAdjusting = ({ state }: AdjustmentRow): boolean => (ADJUSTING_STATES as readonly string[]).includes(state);

export const adjustmentListItem = (row: AdjustmentRow): AdjustmentListItem => ({
  id: row.id,
  programme: row.programme_code,
  authority: row.authority_code,
  claimId: row.claim_id,
  invoiceNumber: row.invoice_number,
  state: row.state,
  reason: row.reason,
  amountPence: row.amount_pence,
  recoveredPence: row.recovered_pence,
  balancePence: isAdjusting(row) ? row.amount_pence - row.taken_pence : 0,
  creditNoteNumber: row.credit_note_number,
  proposedBy: row.proposed_by,
  proposedAt: row.proposed_at.toISOString(),
  approvedBy: row.approved_by,
  approvedAt: row.approved_at?.toISOString() ?? null,
  cancelReason: row.cancel_reason,
  version: row.version,
});

/** What a proposal would take back, of the lines as they stand. */
export function adjustmentPreview(
  amounts: AdjustedAmounts,
  standing: readonly StandingLineOf[],
  claim: ClaimRecord,
  terms: ProgrammeTerms,
): AdjustmentPreview {
  const ids = new Map(standing.map(({ path, id }) => [path, id]));
  const texts = new Map(claim.invoices.flatMap(({ lines }) => lines.map(({ id, description }) => [id, description])));
  const days = (value: number | null) => (value === null ? null : formatDays(value));
  return {
    amountPence: amounts.amountPence,
    categories: terms.categories
      .map(({ code, label, kind }) => ({ code, label, kind, of: amounts.categories[code]! }))
      .filter(({ of }) => of.netPence > 0)
      .map(({ code, label, kind, of }) => ({
        ...{ code, label, reimbursementPence: of.reimbursementPence },
        fundedDays: kind === 'training' ? formatDays(of.fundedDays) : null,
      })),
    lines: amounts.lines.map(({ before, after, consequential }) => {
      const lineId = ids.get(before.path)!;
      return {
        ...{ lineId, description: texts.get(lineId)!, consequential },
        ...{ netPenceBefore: before.netPence, netPence: after.netPence },
        ...{ eligiblePenceBefore: before.eligiblePence, eligiblePence: after.eligiblePence },
        ...{ trainerDaysBefore: days(before.trainerDays), trainerDays: days(after.trainerDays) },
      };
    }),
  };
}

/** `terms` are those the claim was submitted under: they know which categories have days. */
export async function adjustmentView(tx: Tx, row: AdjustmentRow, terms: ProgrammeTerms): Promise<AdjustmentView> {
  const categories = terms.categories.map(({ code, kind }) => {
    const { fundedDays, ...money } = row.amounts[code]!;
    return [code, { ...money, ...(kind === 'training' && { fundedDays: formatDays(fundedDays) }) }] as const;
  });
  return {
    ...adjustmentListItem(row),
    categories: Object.fromEntries(categories),
    lines: await linesOf(tx, row.id),
    setOffs: await setOffsOf(tx, row.id),
    repayments: await repaymentsOf(tx, row.id),
  };
}

const linesOf = (tx: Tx, id: string): Promise<AdjustedLineView[]> =>
  tx.query<AdjustedLineView>(
    `SELECT a.line_id AS "lineId", l.description, a.was_net_pence AS "netPenceBefore", a.net_pence AS "netPence",
            trim_scale(a.was_trainer_days)::text AS "trainerDaysBefore", trim_scale(a.trainer_days)::text AS "trainerDays",
            a.was_eligible_pence AS "eligiblePenceBefore", a.eligible_pence AS "eligiblePence", a.consequential
       FROM adjustment_line a JOIN trainer_invoice_line l ON l.id = a.line_id JOIN trainer_invoice i ON i.id = l.trainer_invoice_id
      WHERE a.adjustment_id = $1 ORDER BY i.position, l.position`,
    [id],
  );

const setOffsOf = (tx: Tx, id: string): Promise<SetOffView[]> =>
  tx.query<SetOffView>(
    `SELECT payment_id AS "paymentId", payment_reference AS reference, pence,
            CASE WHEN NOT live THEN 'freed' WHEN settled THEN 'settled' ELSE 'in_payment' END AS state
       FROM adjustment_set_off WHERE adjustment_id = $1 ORDER BY payment_id`,
    [id],
  );

async function repaymentsOf(tx: Tx, id: string): Promise<RepaymentView[]> {
  const rows = await tx.query<{ pence: number; recorded_at: Date; ended_at: Date | null }>(
    'SELECT pence, recorded_at, ended_at FROM adjustment_repayment WHERE adjustment_id = $1 ORDER BY id',
    [id],
  );
  return rows.map((row) => ({
    pence: row.pence,
    recordedAt: row.recorded_at.toISOString(),
    undoneAt: row.ended_at?.toISOString() ?? null,
  }));
}

/** The adjustments of a claim, oldest first. */
export const adjustmentsOfClaim = (tx: Tx, claimId: string): Promise<ClaimAdjustmentView[]> =>
  tx.query<ClaimAdjustmentView>(
    `SELECT id, state, amount_pence AS "amountPence", recovered_pence AS "recoveredPence", credit_note_number AS "creditNoteNumber"
       FROM adjustment WHERE claim_id = $1 ORDER BY id`,
    [claimId],
  );
