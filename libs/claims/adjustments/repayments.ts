import { v7 as uuid } from 'uuid';
import { conflict, formatPence, InvalidValue, notFound, refused } from '#kernel';
import { postJournals, repaid, reverseJournals } from '#ledger';
import { type Tx } from '#platform/database';
import { loadAdjustment } from './adjustment-record.js';
import { recount } from './recoveries.js';

const eventOf = (repaymentId: string): string => `adjustment.repaid:${repaymentId}`;

/**
 * An authority paid so much of an adjustment back: a credit line of a bank statement shows it. In the transaction of the
 * match, which has asked who may. Throws not_found, conflict `state_conflict` for one that is not approved, refused
 * `repayment_exceeds_balance`.
 */
export async function recordRepayment(tx: Tx, adjustmentId: string, pence: number, lineId: string): Promise<void> {
  const row = await loadAdjustment(tx, adjustmentId, 'lock');
  if (row.state !== 'approved') {
    throw conflict('state_conflict', `Nothing is owed of this adjustment; it is ${row.state}.`);
  }
  const balance = row.amount_pence - row.taken_pence;
  if (pence > balance) {
    throw refused(
      'repayment_exceeds_balance',
      `${formatPence(pence)} is more than is still owed of ${row.credit_note_number}: ${formatPence(balance)}. The rest is not this adjustment’s.`,
    );
  }
  const id = uuid();
  await tx.execute(
    `INSERT INTO adjustment_repayment (id, adjustment_id, authority_code, line_id, pence, recorded_by, recorded_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, adjustmentId, row.authority_code, lineId, pence, tx.actor.userId, tx.now],
  );
  const journal = repaid({
    event: eventOf(id),
    programme: row.programme_code,
    funder: '',
    authority: row.authority_code,
    amountPence: pence,
    reference: `credit note ${row.credit_note_number}`,
  });
  await postJournals(tx, [journal]);
  await recount(tx, [adjustmentId], { action: 'adjustment.repaid', details: { repaidPence: pence } });
}

/** The match with that line is undone: the repayment is reversed. Throws not_found when there is none. */
export async function undoRepayment(tx: Tx, adjustmentId: string, lineId: string): Promise<void> {
  await loadAdjustment(tx, adjustmentId, 'lock');
  const ended = await tx.query<{ id: string }>(
    `UPDATE adjustment_repayment SET ended_by = $3, ended_at = $4 WHERE adjustment_id = $1 AND line_id = $2 AND ended_at IS NULL RETURNING id`,
    [adjustmentId, lineId, tx.actor.userId, tx.now],
  );
  if (ended.length === 0) throw notFound('repayment');
  const events = ended.map(({ id }) => eventOf(id));
  const reversed = await reverseJournals(tx, events, 'The match with the bank’s line was undone.');
  if (reversed !== events.length) throw new InvalidValue(`the repayment of ${adjustmentId} was reversed before`);
  await recount(tx, [adjustmentId], { action: 'adjustment.repayment_undone', details: {} });
}
