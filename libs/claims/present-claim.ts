import { type ProgrammeTerms } from '#programme';
import { type ClaimAdjustmentView } from './adjustments/adjustment.view.js';
import { type ClaimRecord, type ClaimRow, type LineRecord, type TrainerInvoiceRecord } from './claim-record.js';
import { type ClaimListItem, type ClaimView, type LineView, type TrainerInvoiceView } from './claim.view.js';
import { type Calculation, waitingFor } from './domain/index.js';
import { type FlagView } from './flag.view.js';
import { type PaymentExpectation } from './payment-forecast.js';

/** What a claim is shown with. */
interface Shown {
  terms: ProgrammeTerms;
  flags: FlagView[];
  /** The reader's: one authority's code, or `*`. */
  scope: string;
  /** When it should be paid; undefined for a claim of which nothing is foreseen. */
  expected: PaymentExpectation | undefined;
}

/** A claim without what it gathers. */
export function claimListItem(claim: ClaimRow, of: Shown): ClaimListItem {
  const own = of.scope === claim.authority_code;
  return {
    id: claim.id,
    programme: claim.programme_code,
    authority: claim.authority_code,
    authorityReference: claim.authority_reference,
    purchaseOrder: claim.purchase_order,
    state: claim.state,
    hold:
      claim.held_at === null
        ? null
        : { reason: claim.hold_reason!, heldAt: claim.held_at.toISOString(), heldBy: claim.held_by! },
    invoiceNumber: claim.invoice_number,
    submittedAt: claim.submitted_at?.toISOString() ?? null,
    assignedTo: claim.assigned_to,
    dueOn: claim.due_on,
    waitingFor: waitingFor(
      claim.state,
      claim.held_at !== null,
      of.terms,
      own ? null : claim.authority_code,
      of.expected?.askedOn,
    ),
    expectedPaymentOn: of.expected?.on ?? null,
    estimatedFrom: of.expected?.from ?? null,
    totalPence: claim.total_pence,
    approvedPence: claim.approved_pence,
    flags: of.flags,
    createdAt: claim.created_at.toISOString(),
    updatedAt: claim.updated_at.toISOString(),
    version: claim.version,
  };
}

/**
 * A whole claim. `calculation` is the frozen one once submitted, else today's. That an invoice was found distinct tells of
 * another authority's claim, so it is shown to whom the flag for it is (`seesOthers`).
 */
export function claimView(
  claim: ClaimRecord,
  of: Shown & { calculation: Calculation; adjustments: ClaimAdjustmentView[]; seesOthers: boolean },
): ClaimView {
  const { calculation } = of;
  return {
    ...claimListItem(claim, of),
    trainerInvoices: claim.invoices.map((invoice) => trainerInvoiceView(invoice, of.seesOthers)),
    calculation,
    returnNotes: claim.state === 'returned' ? (claim.return_notes ?? []) : [],
    adjustments: of.adjustments,
  };
}

function trainerInvoiceView(invoice: TrainerInvoiceRecord, seesOthers: boolean): TrainerInvoiceView {
  return {
    id: invoice.id,
    trainer: { name: invoice.trainerName, vatNumber: invoice.vatNumber, country: invoice.country },
    number: invoice.number,
    issuedOn: invoice.issuedOn,
    paidOn: invoice.paidOn,
    paymentProof: invoice.proofPaidOn === null ? null : { paidOn: invoice.proofPaidOn, note: invoice.proofNote },
    distinct: seesOthers && invoice.distinctNote !== null ? { note: invoice.distinctNote } : null,
    lines: invoice.lines.map(lineView),
  };
}

function lineView(line: LineRecord): LineView {
  const training =
    line.kind === 'travel'
      ? {}
      : {
          category: line.category!,
          rate: line.rate!,
          bookedOn: line.bookedOn!,
          deliveredOn: line.deliveredOn!,
          trainerDays: line.trainerDays!,
        };
  return {
    id: line.id,
    kind: line.kind,
    ...training,
    description: line.description,
    netPence: line.netPence,
    vatRate: line.vatRate,
    vatPence: line.vatPence,
    decision: line.decision === null ? null : { decision: line.decision, reason: line.decisionReason },
  };
}
