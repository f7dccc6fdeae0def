import { conflict } from '#kernel';
import { holdClaims } from '#claims';
import { type Tx } from '#platform/database';
import { lockTrail } from './lock-trail.js';

/** Whether a debit `l` names a payment `p`: by its end-to-end id, or by its reference anywhere in its texts. */
const NAMES = `l.amount_pence < 0 AND (l.end_to_end_id = p.end_to_end_id
  OR position(p.reference IN upper(concat_ws(' ', l.reference, l.remittance, l.narrative, l.end_to_end_id, l.instruction_id))) > 0)`;

/**
 * A bank may make a payment after all that it had refused. Its claims are payable again by then: those that no run has taken yet
 * are put on hold, and a person asks the bank before it pays them twice (docs/adr/0034-reconciliation.md). The caller holds the programme's
 * funding, as who prepares a run does: so each run has either taken them already, or finds them on hold.
 */
export async function holdWhatWasPaidAfterAll(
  tx: Tx,
  programme: string,
  statementIds: readonly string[],
): Promise<void> {
  await holdUpRuns(tx, programme, statementIds);
  const shown = await tx.query<{ reference: string; claimIds: string[] }>(
    `WITH refused AS MATERIALIZED ( -- few: only those that may be paid again
       SELECT p.id, p.reference, p.end_to_end_id, array_agg(c.id ORDER BY c.id) AS claim_ids
         FROM payment p JOIN payment_run r ON r.id = p.run_id AND r.programme_code = $1
         JOIN payment_claim i ON i.payment_id = p.id JOIN claim c ON c.id = i.claim_id AND c.state = 'funded' AND c.held_at IS NULL
        WHERE p.state = 'refused' GROUP BY p.id
     )
     SELECT p.reference, p.claim_ids AS "claimIds" FROM refused p
      WHERE EXISTS (SELECT 1 FROM bank_line l WHERE l.statement_id = ANY ($2::uuid[]) AND ${NAMES}) ORDER BY p.id`,
    [programme, statementIds],
  );
  if (shown.length === 0) return;
  const all = shown.flatMap(({ claimIds }) => claimIds);
  await tx.query('SELECT 1 FROM claim WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE', [all]);
  await lockTrail(tx, programme);
  for (const { reference, claimIds } of shown) {
    const reason = `Payment ${reference} was refused, and a bank statement shows it all the same. The bank is asked before this is paid again.`;
    await holdClaims(tx, claimIds, reason);
  }
}

/** The same for claims that a prepared run had taken before the statement came. Who prepares one later finds them on hold. */
async function holdUpRuns(tx: Tx, programme: string, statementIds: readonly string[]): Promise<void> {
  await tx.execute(
    `WITH refused AS MATERIALIZED (
       SELECT DISTINCT n.run_id, p.id, p.reference, p.end_to_end_id
         FROM payment_run r JOIN payment n ON n.run_id = r.id JOIN payment_claim i ON i.payment_id = n.id AND i.live
         JOIN payment_claim e ON e.claim_id = i.claim_id AND NOT e.live
         JOIN payment p ON p.id = e.payment_id AND p.state = 'refused'
        WHERE r.programme_code = $1 AND r.state = 'prepared'
     )
     UPDATE payment_run r SET shown_reference = s.reference
       FROM (SELECT p.run_id, min(p.reference) AS reference FROM refused p
              WHERE EXISTS (SELECT 1 FROM bank_line l WHERE l.statement_id = ANY ($2::uuid[]) AND ${NAMES}) GROUP BY p.run_id) s
      WHERE r.id = s.run_id AND r.state = 'prepared'`,
    [programme, statementIds],
  );
}

/** Throws conflict `refused_payment_shown` for a run that a loading held up. */
export async function requireNotPaidAfterAll(tx: Tx, runId: string): Promise<void> {
  const [run] = await tx.query<{ shown: string | null }>(
    'SELECT shown_reference AS shown FROM payment_run WHERE id = $1',
    [runId],
  );
  if (!run || run.shown === null) return;
  throw conflict(
    'refused_payment_shown',
    `A bank statement shows ${run.shown}, which had been refused and is paid again in this run. Cancel the run, hold the claims and ask the bank.`,
  );
}
