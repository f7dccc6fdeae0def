import { Inject, Injectable } from '@nestjs/common';
import { conflict } from '#kernel';
import { ConfirmReceipt, ReverseReceipt } from '#funding';
import { type Tx } from '#platform/database';
import { bookParts } from './match-books.js';

interface Shown {
  id: string;
  lineId: string;
  evidence: string;
}

/** What follows when lines of a bank statement show receipts, and when that is undone. The bank is the second witness. */
@Injectable()
export class ReceiptSteps {
  constructor(
    @Inject(ConfirmReceipt) private readonly confirming: ConfirmReceipt,
    @Inject(ReverseReceipt) private readonly reversing: ReverseReceipt,
  ) {}

  /**
   * Confirms the recorded ones among them that lines show in full, each an act of funding of its own; one that a person has
   * confirmed is linked and no more.
   */
  async shown(tx: Tx, programme: string, ids: readonly string[]): Promise<void> {
    const full = await tx.query<Shown>(
      `SELECT r.id, m.line_id AS "lineId", 'Line ' || l.seq || ' of the bank’s statement ' || coalesce(b.sequence::text, b.statement_id, 'of ' || b.ends_on) AS evidence
         FROM funding_receipt r
         CROSS JOIN LATERAL (SELECT line_id FROM bank_match WHERE receipt_id = r.id AND ended_at IS NULL ORDER BY matched_at DESC, id DESC LIMIT 1) m
         JOIN bank_line l ON l.id = m.line_id JOIN bank_statement b ON b.id = l.statement_id
        WHERE r.id = ANY ($1::uuid[]) AND r.state = 'recorded' AND r.matched_pence = r.amount_pence ORDER BY r.received_on, r.id`,
      [ids],
    );
    for (const { id, lineId, evidence } of full) await this.confirming.confirmMatched(tx, id, { lineId, evidence });
    await bookParts(tx, programme, { paymentIds: [], receiptIds: ids });
  }

  /**
   * Matches of these receipts with a line have ended. What that line had confirmed is reversed. Throws conflict `receipt_in_use`,
   * and `receipt_shown_elsewhere` while another line shows a part of it.
   */
  async hidden(tx: Tx, programme: string, ids: readonly string[], lineId: string, reason: string): Promise<void> {
    await bookParts(tx, programme, { paymentIds: [], receiptIds: ids });
    const confirmed = await tx.query<{ id: string; left: number }>(
      `SELECT id, matched_pence AS left FROM funding_receipt
        WHERE id = ANY ($1::uuid[]) AND state = 'confirmed' AND matched_line_id = $2 ORDER BY id`,
      [ids, lineId],
    );
    for (const { id, left } of confirmed) {
      if (left > 0) {
        const why =
          'Another line shows a part of this receipt, which this one confirmed. Undo the match with that line first.';
        throw conflict('receipt_shown_elsewhere', why);
      }
      await this.reversing.reverseMatched(tx, id, reason);
    }
  }
}
