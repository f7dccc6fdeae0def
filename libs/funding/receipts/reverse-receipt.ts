import { Inject, Injectable } from '@nestjs/common';
import { conflict } from '#kernel';
import { appendAudit } from '#audit';
import { ReasonInput } from '#claims';
import { requireMay } from '#identity';
import { TermsStore } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { honourVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { RECEIPT_LIFECYCLE } from '../domain/index.js';
import { bookReversal } from '../books.js';
import { termsToday } from '../programme-funding.js';
import { takeBack, type TakenBack } from '../take-back.js';
import { lockReceipt, receiptView, type ReceiptRow } from './receipt-record.js';
import { type ReceiptView } from './receipt.view.js';

/**
 * The money never came, or was recorded by mistake. What it funded waits again, and what other receipts had given to the same
 * claims is free for the next confirmation (docs/adr/0031-funding.md).
 */
@Injectable()
export class ReverseReceipt {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /**
   * Throws malformed, not_found, forbidden, stale, conflict `receipt_recovered`, `receipt_shown`, `state_conflict`,
   * `receipt_in_use`.
   */
  async run(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ReceiptView> {
    const { reason } = validateInput(ReasonInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const receipt = await lockReceipt(tx, id);
      requireMay(actor, 'funding_receipt.reverse');
      honourVersion(version, receipt.version);
      await this.reverse(tx, receipt, reason);
      return receiptView(tx, id);
    });
  }

  /**
   * The same where a match with a bank statement is undone, in that transaction and under its permission. Throws not_found,
   * conflict `state_conflict`, `receipt_in_use`.
   */
  async reverseMatched(tx: Tx, id: string, reason: string): Promise<void> {
    await this.reverse(tx, await lockReceipt(tx, id), reason);
  }

  private async reverse(tx: Tx, receipt: ReceiptRow, reason: string): Promise<void> {
    const { id } = receipt;
    requireFunders(receipt);
    requireUnshown(receipt);
    RECEIPT_LIFECYCLE.require('A receipt', receipt.state, 'reverse');
    const taken = receipt.state === 'confirmed' ? await this.undo(tx, receipt, reason) : null;
    await tx.execute(
      `UPDATE funding_receipt SET state = 'reversed', reversed_by = $2, reversed_at = $3, reverse_reason = $4, updated_at = $3,
              version = version + 1 WHERE id = $1`,
      [id, tx.actor.userId, tx.now, reason],
    );
    await appendAudit(tx, {
      chain: receipt.programme_code,
      action: 'funding_receipt.reversed',
      subjectType: 'funding_receipt',
      subjectId: id,
      before: { state: receipt.state },
      after: { state: 'reversed', unfundedClaims: taken?.claimCount ?? 0, unfundedPence: taken?.pence ?? 0 },
      reason,
    });
  }

  private async undo(tx: Tx, receipt: ReceiptRow, reason: string): Promise<TakenBack | null> {
    const { id, programme_code: programme } = receipt;
    const count = await requireUnused(tx, id);
    const { funder } = await termsToday(tx, this.terms, programme);
    await bookReversal(tx, id, reason);
    if (count === 0) return null;
    const act = { programme, funder: funder.shortName, endedBy: id, reason, details: { receiptId: id } };
    return takeBack(tx, { receiptId: id }, act);
  }
}

/** Throws conflict `receipt_recovered`. */
function requireFunders({ source }: ReceiptRow): void {
  if (source === 'funder') return;
  throw conflict(
    'receipt_recovered',
    'This is money that authorities gave back and a request used: nobody reverses it. Take the funding of a claim back instead.',
  );
}

/** Throws conflict `receipt_shown`: the bank says that the money came. */
function requireUnshown({ matched_pence: shown }: ReceiptRow): void {
  if (shown === 0) return;
  throw conflict(
    'receipt_shown',
    'A line of a bank statement shows this money. Undo the match with that line instead.',
  );
}

/** Locks the claims the receipt funds. Throws conflict `receipt_in_use` while one is on its way to be paid, or paid. */
async function requireUnused(tx: Tx, id: string): Promise<number> {
  const [found] = await tx.query<{ count: number; used: number }>(
    `WITH held AS (
       SELECT c.state FROM claim c
        WHERE c.id IN (SELECT s.claim_id FROM funding_slice s WHERE s.receipt_id = $1 AND s.ended_by IS NULL) ORDER BY c.id FOR UPDATE OF c
     ) SELECT count(*)::int AS count, count(*) FILTER (WHERE state <> 'funded')::int AS used FROM held`,
    [id],
  );
  const { count, used } = found!;
  if (used === 0) return count;
  const claims = used === 1 ? 'One claim that it funds is' : `${used} claims that it funds are`;
  throw conflict('receipt_in_use', `The receipt is in use: ${claims} in a payment run, or paid. Cancel the run first.`);
}
