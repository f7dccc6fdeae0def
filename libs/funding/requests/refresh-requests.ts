import { appendAudits } from '#audit';
import { type ClaimSelection } from '#claims';
import { type Tx } from '#platform/database';
import { stateByClaims, type RequestState, type Standing } from '../domain/index.js';

/** Claims of a request that have the funder's money, by state. */
const FUNDED = `('funded', 'scheduled', 'paid', 'reconciled')`;

interface Touched extends Standing {
  id: string;
  programme: string;
  state: RequestState;
  version: number;
}

/**
 * Brings the submitted requests that these claims are in to the state that follows from their claims. `claims` gives one
 * column of ids. The programme's funding is locked; the claims have moved already.
 */
export async function refreshRequests(tx: Tx, claims: ClaimSelection): Promise<void> {
  const touched = await tx.query<Touched>(
    `WITH touched AS (
       SELECT DISTINCT q.request_id AS id FROM funding_request_claim q WHERE q.live AND q.claim_id IN (${claims.sql})
     )
     SELECT r.id, r.programme_code AS programme, r.state, r.version,
            bool_or(c.state IN ${FUNDED}) AS "someFunded", bool_or(c.state = 'approved') AS "someWaiting"
       FROM touched t JOIN funding_request r ON r.id = t.id AND r.state IN ('submitted', 'part_paid', 'paid')
       JOIN funding_request_claim q ON q.request_id = r.id AND q.live JOIN claim c ON c.id = q.claim_id
      GROUP BY r.id`,
    [...claims.values],
  );
  const moving = touched
    .map((request) => ({ ...request, next: stateByClaims(request) }))
    .filter(({ state, next }) => state !== next);
  if (moving.length === 0) return;
  await tx.execute(
    `UPDATE funding_request r SET state = m.state, version = r.version + 1, updated_at = $3
       FROM unnest($1::uuid[], $2::text[]) AS m (id, state) WHERE r.id = m.id`,
    [moving.map(({ id }) => id), moving.map(({ next }) => next), tx.now],
  );
  await appendAudits(
    tx,
    moving.map(({ id, programme, state, next, version }) => ({
      chain: programme,
      action: `funding_request.${next}`,
      subjectType: 'funding_request',
      subjectId: id,
      before: { state, version },
      after: { state: next, version: version + 1 },
    })),
  );
}
