import { type AuditRecord } from '#audit';
import { recoveredMoney } from '#claims';
import { type Tx } from '#platform/database';

/** Of a request in these states no claim waits for money: what it left of recovered money it does not need. */
const WITHOUT_NEED = `('paid', 'withdrawn')`;

/**
 * Pence that authorities gave back and no request needs; negative for a while when a recovery that had been used came
 * undone. Whoever uses it holds the programme's funding, and releases first what requests left of it (`releaseRecovered`).
 */
export async function unusedRecovered(tx: Tx, programme: string): Promise<number> {
  const { recoveredPence } = await recoveredMoney(tx, programme);
  const [used] = await tx.query<{ pence: number }>(
    `SELECT coalesce(sum(CASE WHEN q.state IN ${WITHOUT_NEED} THEN r.allocated_pence ELSE r.amount_pence - r.released_pence END), 0)::bigint AS pence
       FROM funding_receipt r JOIN funding_request q ON q.id = r.request_id WHERE r.programme_code = $1 AND r.source = 'recovered'`,
    [programme],
  );
  return recoveredPence - used!.pence;
}

/**
 * What requests left of recovered money, once none of their claims waits, funds nothing more: it is the funder's, and the next
 * request uses it instead of asking for as much. Answers what the trail of the programme is to be told, last.
 */
export async function releaseRecovered(tx: Tx, programme: string): Promise<AuditRecord[]> {
  const released = await tx.query<{ id: string; before: number; after: number }>(
    `WITH found AS (
       SELECT r.id, r.released_pence AS before FROM funding_receipt r JOIN funding_request q ON q.id = r.request_id
        WHERE r.programme_code = $1 AND r.source = 'recovered' AND q.state IN ${WITHOUT_NEED}
          AND r.allocated_pence + r.released_pence < r.amount_pence
     )
     UPDATE funding_receipt r SET released_pence = r.amount_pence - r.allocated_pence, updated_at = $2, version = r.version + 1
       FROM found WHERE r.id = found.id RETURNING r.id, found.before, r.released_pence AS after`,
    [programme, tx.now],
  );
  return released.map(({ id, before, after }) => ({
    chain: programme,
    action: 'funding_receipt.released',
    subjectType: 'funding_receipt',
    subjectId: id,
    before: { releasedPence: before },
    after: { releasedPence: after },
  }));
}
