import { changeState } from '#claims';
import { type Tx } from '#platform/database';

/**
 * Claims whose payment is settled and on closed statements alone are reconciled: of the payments named. The statement that
 * was closed last goes into the trail of each.
 */
export async function reconcileClaims(tx: Tx, paymentIds: readonly string[], statementId: string): Promise<number> {
  if (paymentIds.length === 0) return 0;
  return changeState(
    tx,
    {
      sql: `SELECT i.claim_id AS id FROM payment_claim i JOIN payment p ON p.id = i.payment_id JOIN claim c ON c.id = i.claim_id
             WHERE i.payment_id = ANY ($1::uuid[]) AND i.live AND p.state = 'settled' AND c.state = 'paid'
               AND NOT EXISTS (SELECT 1 FROM bank_match m JOIN bank_line l ON l.id = m.line_id JOIN bank_statement b ON b.id = l.statement_id
                                WHERE m.payment_id = p.id AND m.kind = 'payment' AND m.ended_at IS NULL AND b.state <> 'closed')`,
      values: [paymentIds],
    },
    'reconcile',
    { details: { bankStatementId: statementId } },
  );
}
