import { appendAudits } from '#audit';
import { type ClaimSelection } from '#claims';
import { type Tx } from '#platform/database';
import { type RequestState } from '../domain/index.js';

/** Claims of a request that have the funder's money, by state. */
const FUNDED = `('funded', 'scheduled', 'paid', 'reconciled')`;

interface Refreshed {
  id: string;
  programme: string;
  was: RequestState;
  state: RequestState;
  version: number;
}

/**
 * Brings the submitted requests that these claims are in to the state that follows from their claims: paid when none waits,
 * part paid when some are funded. `claims` gives one column of ids. The programme's funding is locked.
 */
export async function refreshRequests(tx: Tx, claims: ClaimSelection): Promise<void> {
  const now = `$${claims.values.length + 1}`;
  const refreshed = await tx.query<Refreshed>(
    `WITH touched AS (
       SELECT DISTINCT q.request_id AS id FROM funding_request_claim q WHERE q.live AND q.claim_id IN (${claims.sql})
     ), standing AS (
       SELECT q.request_id AS id, bool_or(c.state IN ${FUNDED}) AS some, bool_or(c.state = 'approved') AS waiting
         FROM touched t JOIN funding_request_claim q ON q.request_id = t.id AND q.live JOIN claim c ON c.id = q.claim_id
        GROUP BY q.request_id
     ), due AS (
       SELECT r.id, r.state AS was, CASE WHEN NOT s.some THEN 'submitted' WHEN s.waiting THEN 'part_paid' ELSE 'paid' END AS state
         FROM standing s JOIN funding_request r ON r.id = s.id WHERE r.state IN ('submitted', 'part_paid', 'paid')
     )
     UPDATE funding_request r SET state = due.state, version = r.version + 1, updated_at = ${now}
       FROM due WHERE r.id = due.id AND due.state <> due.was
     RETURNING r.id, r.programme_code AS programme, due.was, r.state, r.version`,
    [...claims.values, tx.now],
  );
  await appendAudits(
    tx,
    refreshed.map(({ id, programme, was, state, version }) => ({
      chain: programme,
      action: `funding_request.${state}`,
      subjectType: 'funding_request',
      subjectId: id,
      before: { state: was, version: version - 1 },
      after: { state, version },
    })),
  );
}
