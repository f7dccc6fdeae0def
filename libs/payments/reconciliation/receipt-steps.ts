import { Inject, Injectable } from '@nestjs/common';
import { conflict } from '#kernel';
import { ConfirmReceipt, ReverseReceipt } from '#funding';
import { type Tx } from '#platform/database';
import { type MatchRow } from './line-record.js';
import { bookParts } from './match-books.js';

interface Shown {
  id: string;
  lineId: string;
  evidence: string;
}

/** A match of another line than the one at hand. */
export interface ElsewhereMatch extends MatchRow {
  lineId: string;
  statementId: string;
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
   * What other lines of open statements show of those among them that lines confirmed. It is one evidence, of which a part alone
   * confirms nothing: whoever takes one line away takes all of them.
   */
  async shownWith(tx: Tx, ids: readonly string[], lineId: string): Promise<ElsewhereMatch[]> {
    return tx.query<ElsewhereMatch>(
      `SELECT m.id, m.kind, m.target_id AS "targetId", m.pence, l.id AS "lineId", l.statement_id AS "statementId"
         FROM funding_receipt r JOIN bank_match m ON m.receipt_id = r.id AND m.ended_at IS NULL AND m.line_id <> $2
         JOIN bank_line l ON l.id = m.line_id JOIN bank_statement b ON b.id = l.statement_id AND b.state <> 'closed'
        WHERE r.id = ANY ($1::uuid[]) AND r.state = 'confirmed' AND r.matched_line_id IS NOT NULL ORDER BY m.id`,
      [ids, lineId],
    );
  }

  /**
   * Matches of these receipts have ended. What lines had confirmed is reversed, since they show it no longer. Throws conflict
   * `receipt_in_use`, and `receipt_shown_elsewhere` while a closed statement shows a part of it.
   */
  async hidden(tx: Tx, programme: string, ids: readonly string[], reason: string): Promise<void> {
    await bookParts(tx, programme, { paymentIds: [], receiptIds: ids });
    const confirmed = await tx.query<{ id: string; left: number }>(
      `SELECT id, matched_pence AS left FROM funding_receipt
        WHERE id = ANY ($1::uuid[]) AND state = 'confirmed' AND matched_line_id IS NOT NULL ORDER BY id`,
      [ids],
    );
    for (const { id, left } of confirmed) {
      if (left > 0) {
        const why =
          'A closed statement shows a part of this receipt, and together with this line confirmed it: what is closed stays.';
        throw conflict('receipt_shown_elsewhere', why);
      }
      await this.reversing.reverseMatched(tx, id, reason);
    }
  }
}
