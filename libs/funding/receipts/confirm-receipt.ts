import { Inject, Injectable } from '@nestjs/common';
import { conflict } from '#kernel';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { TermsStore } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { honourVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { RECEIPT_LIFECYCLE } from '../domain/index.js';
import { fund, fundedBy, moveFunded } from '../act-of-funding.js';
import { bookConfirmation } from '../books.js';
import { previewFunding } from '../fund-queue.js';
import { termsToday } from '../programme-funding.js';
import { refreshRequests } from '../requests/refresh-requests.js';
import { ConfirmInput } from './receipt.input.js';
import { loadReceipt, lockReceipt, receiptView, type ReceiptRow } from './receipt-record.js';
import { type ReceiptPreview, type ReceiptView } from './receipt.view.js';

/** A second person confirms that the money is there, which funds the queue: in one transaction, or not at all. */
@Injectable()
export class ConfirmReceipt {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** Throws malformed, not_found, forbidden `maker_cannot_confirm`, stale, conflict `state_conflict`, `receipt_shown`. */
  async run(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ReceiptView> {
    const { evidence } = validateInput(ConfirmInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const receipt = await lockReceipt(tx, id);
      requireMay(actor, 'funding_receipt.confirm', { makers: [receipt.recorded_by] });
      honourVersion(version, receipt.version);
      RECEIPT_LIFECYCLE.require('A receipt', receipt.state, 'confirm');
      requireNoPartShown(receipt);
      await this.confirm(tx, receipt, evidence, null);
      return receiptView(tx, id);
    });
  }

  /** What confirming it now would fund; stores nothing. Throws not_found, forbidden, conflict `state_conflict`. */
  preview(actor: Actor, id: string): Promise<ReceiptPreview> {
    return this.uow.read(actor, async (tx) => {
      const receipt = await loadReceipt(tx, id);
      requireMay(actor, 'funding.read');
      RECEIPT_LIFECYCLE.require('A receipt', receipt.state, 'confirm');
      const { programme_code: programme, request_id: requestId, amount_pence: amountPence } = receipt;
      const { claimIds, unallocatedPence } = await previewFunding(
        tx,
        { programme, requestId },
        { amountPence, receivedOn: receipt.received_on },
      );
      return { amountPence, fundedClaimIds: claimIds, unallocatedPence };
    });
  }

  /**
   * The other way to confirm: a credit on a bank statement is matched to the receipt, by whomever, in their transaction. The
   * bank itself is the second witness. Throws not_found, conflict `state_conflict`.
   */
  async confirmMatched(tx: Tx, id: string, line: { lineId: string; evidence: string }): Promise<void> {
    const receipt = await lockReceipt(tx, id);
    RECEIPT_LIFECYCLE.require('A receipt', receipt.state, 'confirm');
    await this.confirm(tx, receipt, line.evidence, line.lineId);
  }

  private async confirm(tx: Tx, receipt: ReceiptRow, evidence: string, lineId: string | null): Promise<void> {
    const { id, programme_code: programme, amount_pence: amountPence } = receipt;
    await tx.execute(
      `UPDATE funding_receipt SET state = 'confirmed', evidence = $2, confirmed_by = $3, confirmed_at = $4, updated_at = $4, matched_line_id = $5,
              version = version + 1
        WHERE id = $1`,
      [id, evidence, tx.actor.userId, tx.now, lineId],
    );
    const funded = await fund(tx, { programme, requestId: receipt.request_id, fundedBy: id });
    const { funder } = await termsToday(tx, this.terms, programme);
    const reference = receipt.bank_reference;
    await bookConfirmation(tx, { programme, funder: funder.shortName }, { id, amountPence, reference }, funded.taken);
    await moveFunded(tx, id, funded);
    await refreshRequests(tx, fundedBy(id));
    await appendAudit(tx, {
      chain: programme,
      action: 'funding_receipt.confirmed',
      subjectType: 'funding_receipt',
      subjectId: id,
      before: { state: receipt.state },
      after: {
        state: 'confirmed',
        amountPence,
        matchedLineId: lineId,
        fundedClaims: funded.claimCount,
        fundedPence: funded.pence,
      },
      reason: evidence,
    });
  }
}

/**
 * Throws conflict `receipt_shown`: a part of the money is on a statement, and in suspense until the rest is. Who has the bank's own
 * lines needs no advice, and the books would have that part twice.
 */
function requireNoPartShown({ matched_pence: shown }: ReceiptRow): void {
  if (shown === 0) return;
  throw conflict(
    'receipt_shown',
    'A line of a bank statement shows a part of this money. Match the rest, which confirms it, or undo that match first.',
  );
}
