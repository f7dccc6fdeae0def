import { recoveredMoney } from '#claims';
import { type Tx } from '#platform/database';

/**
 * Pence that authorities gave back and no request has used; negative for a while when a recovery that had been used came
 * undone. Whoever uses it holds the programme's funding.
 */
export async function unusedRecovered(tx: Tx, programme: string): Promise<number> {
  const { recoveredPence } = await recoveredMoney(tx, programme);
  const [used] = await tx.query<{ pence: number }>(
    `SELECT coalesce(sum(amount_pence), 0)::bigint AS pence FROM funding_receipt WHERE programme_code = $1 AND source = 'recovered'`,
    [programme],
  );
  return recoveredPence - used!.pence;
}
