import { v7 as uuid } from 'uuid';
import { londonDate } from '#kernel';
import { appendAudit } from '#audit';
import { type Tx } from '#platform/database';
import { fund, moveFunded } from '../act-of-funding.js';
import { bookRecoveredUse } from '../books.js';
import { bankReferenceKey } from '../domain/index.js';

/**
 * A request that was just submitted uses recovered money: it becomes a confirmed receipt of its own that names the request, and
 * funds as any other does (docs/domain.md, Getting paid). Answers the receipt's id; null when there is nothing to use. The
 * states of requests are the caller's to follow.
 */
export async function useRecovered(
  tx: Tx,
  use: { programme: string; funder: string; requestId: string; number: string },
  pence: number,
): Promise<string | null> {
  if (pence === 0) return null;
  const { programme, funder, requestId, number } = use;
  const id = uuid();
  await tx.execute(
    `INSERT INTO funding_receipt (id, programme_code, source, state, amount_pence, received_on, bank_reference, reference_key, request_id,
       recorded_by, recorded_at, evidence, confirmed_by, confirmed_at, updated_at)
     VALUES ($1, $2, 'recovered', 'confirmed', $3, $4, $5, $6, $7, $8, $9, $10, $8, $9, $9)`,
    [
      ...[
        id,
        programme,
        pence,
        londonDate(tx.now),
        number,
        bankReferenceKey(number),
        requestId,
        tx.actor.userId,
        tx.now,
      ],
      `Recovered from authorities, used by ${number}`,
    ],
  );
  const funded = await fund(tx, { programme, requestId, fundedBy: id });
  await bookRecoveredUse(tx, { programme, funder }, id, funded.taken);
  await moveFunded(tx, id, funded);
  await appendAudit(tx, {
    chain: programme,
    action: 'funding_receipt.confirmed',
    subjectType: 'funding_receipt',
    subjectId: id,
    after: {
      state: 'confirmed',
      source: 'recovered',
      fundingRequestId: requestId,
      amountPence: pence,
      fundedClaims: funded.claimCount,
      fundedPence: funded.pence,
    },
  });
  return id;
}
