import { conflict } from '#kernel';
import { type Tx } from '#platform/database';
import { type OwedAdjustment } from '../domain/index.js';
import { recount, type Told } from './recoveries.js';

/** So much of an adjustment taken off a payment to its authority. */
export interface NewSetOff {
  adjustmentId: string;
  paymentId: string;
  authority: string;
  paymentReference: string;
  pence: number;
}

interface Owed extends OwedAdjustment {
  authority: string;
}

/**
 * What authorities owe and what is in no payment yet, by authority and the oldest first. `lock` holds the rows until commit,
 * for whoever goes on to set them off.
 */
export async function owedAdjustments(
  tx: Tx,
  programme: string,
  authorities: readonly string[],
  lock: 'lock' | 'look',
): Promise<Map<string, OwedAdjustment[]>> {
  if (lock === 'lock') {
    await tx.query(`SELECT 1 FROM adjustment a WHERE ${OWED} ORDER BY a.id FOR UPDATE`, [programme, authorities]);
  }
  const rows = await tx.query<Owed>(
    `SELECT a.id, a.authority_code AS authority, a.amount_pence - a.taken_pence AS "balancePence" FROM adjustment a
      WHERE ${OWED} ORDER BY a.authority_code, a.approved_at, a.id`,
    [programme, authorities],
  );
  const byAuthority = new Map<string, OwedAdjustment[]>();
  for (const { authority, ...owed } of rows) {
    const list = byAuthority.get(authority);
    if (list) list.push(owed);
    else byAuthority.set(authority, [owed]);
  }
  return byAuthority;
}

const OWED = `a.programme_code = $1 AND a.authority_code = ANY ($2::text[]) AND a.state = 'approved' AND a.taken_pence < a.amount_pence`;

/** Takes adjustments into payments that are being made; the caller holds their rows. */
export async function takeSetOffs(tx: Tx, setOffs: readonly NewSetOff[], details: object): Promise<void> {
  if (setOffs.length === 0) return;
  await tx.execute(
    `INSERT INTO adjustment_set_off (adjustment_id, payment_id, authority_code, payment_reference, pence)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[])`,
    [
      setOffs.map(({ adjustmentId }) => adjustmentId),
      setOffs.map(({ paymentId }) => paymentId),
      setOffs.map(({ authority }) => authority),
      setOffs.map(({ paymentReference }) => paymentReference),
      setOffs.map(({ pence }) => pence),
    ],
  );
  const ids = setOffs.map(({ adjustmentId }) => adjustmentId);
  await recount(tx, ids, { action: 'adjustment.taken_into_payment', details });
}

/** Holds the adjustments that payments set off, now or before, until commit. */
export async function lockSetOffsOf(tx: Tx, paymentIds: readonly string[]): Promise<void> {
  await tx.query(
    `SELECT 1 FROM adjustment WHERE id IN (SELECT adjustment_id FROM adjustment_set_off WHERE payment_id = ANY ($1::uuid[]))
      ORDER BY id FOR UPDATE`,
    [paymentIds],
  );
}

/** Their payments are settled: what they set off is back. */
export const settleSetOffs = (tx: Tx, paymentIds: readonly string[]): Promise<void> =>
  change(tx, paymentIds, 'settled = true', { action: 'adjustment.set_off', details: {} });

/** The settlement of their payments was undone: nothing is back yet. */
export const unsettleSetOffs = (tx: Tx, paymentIds: readonly string[]): Promise<void> =>
  change(tx, paymentIds, 'settled = false', { action: 'adjustment.set_off_undone', details: {} });

/** Their payments come to nothing: what they took is owed again. `why` is what became of the payments. */
export const freeSetOffs = (tx: Tx, paymentIds: readonly string[], why: string): Promise<void> =>
  change(tx, paymentIds, 'live = false, settled = false', { action: 'adjustment.freed', details: { payment: why } });

/**
 * The bounce of their payments was undone: what they had taken is back after all. Throws conflict `adjustment_taken` when another
 * payment or a repayment has taken it since.
 */
export async function restoreSetOffs(tx: Tx, paymentIds: readonly string[]): Promise<void> {
  const ids = await heldSetOffs(tx, paymentIds, false);
  if (ids.length === 0) return;
  const taken = await tx.query(
    `SELECT 1 FROM adjustment_set_off s JOIN adjustment a ON a.id = s.adjustment_id
      WHERE s.payment_id = ANY ($1::uuid[]) AND NOT s.live
      GROUP BY a.id HAVING sum(s.pence) > a.amount_pence - a.taken_pence`,
    [paymentIds],
  );
  if (taken.length > 0) {
    const why = 'What this payment had set off was set off or repaid again since. Undo that first.';
    throw conflict('adjustment_taken', why);
  }
  await tx.execute(
    'UPDATE adjustment_set_off SET live = true, settled = true WHERE payment_id = ANY ($1::uuid[]) AND NOT live',
    [paymentIds],
  );
  await recount(tx, ids, { action: 'adjustment.set_off', details: {} });
}

async function change(tx: Tx, paymentIds: readonly string[], set: string, told: Told): Promise<void> {
  const ids = await heldSetOffs(tx, paymentIds, true);
  if (ids.length === 0) return;
  await tx.execute(`UPDATE adjustment_set_off SET ${set} WHERE payment_id = ANY ($1::uuid[]) AND live`, [paymentIds]);
  await recount(tx, ids, told);
}

/** The adjustments of live set-offs, or of freed ones, held. */
async function heldSetOffs(tx: Tx, paymentIds: readonly string[], live: boolean): Promise<string[]> {
  await lockSetOffsOf(tx, paymentIds);
  const found = await tx.query<{ id: string }>(
    'SELECT DISTINCT adjustment_id AS id FROM adjustment_set_off WHERE payment_id = ANY ($1::uuid[]) AND live = $2',
    [paymentIds, live],
  );
  return found.map(({ id }) => id);
}
