import { type Tx } from '#platform/database';
import { bodyOf, loadClaims } from './claim-record.js';
import { type ClaimBody } from './domain/index.js';

/** What claims said at an instant while they were drafts or returned: as they are now, or what the first edit since has replaced. */
export async function draftsAsOf(tx: Tx, ids: readonly string[], at: Date): Promise<Map<string, ClaimBody>> {
  const replaced = await tx.query<{ id: string; body: ClaimBody }>(
    `SELECT DISTINCT ON (claim_id) claim_id AS id, body FROM claim_revision
      WHERE claim_id = ANY ($1::uuid[]) AND replaced_at > $2 ORDER BY claim_id, version`,
    [ids, at],
  );
  const bodies = new Map(replaced.map(({ id, body }) => [id, body]));
  const unchanged = await loadClaims(
    tx,
    ids.filter((id) => !bodies.has(id)),
  );
  for (const claim of unchanged) bodies.set(claim.id, bodyOf(claim));
  return bodies;
}
