import { type Tx } from '#platform/database';
import { type StoredEntry } from './domain/index.js';

interface EntryRow extends Omit<StoredEntry, 'at'> {
  at: unknown;
}

/** What was tampered with need not be an instant any more; then its text is hashed, and does not match. */
const instantText = (at: unknown): string =>
  at instanceof Date && !Number.isNaN(at.getTime()) ? at.toISOString() : String(at);

/** Entries of a chain after a number and up to another, in order, at most `limit`, with the texts they are hashed over. */
export async function entriesAfter(
  tx: Tx,
  chain: string,
  after: number,
  upTo: number | undefined,
  limit: number,
): Promise<StoredEntry[]> {
  const rows = await tx.query<EntryRow>(
    `SELECT chain, seq, at, actor_id AS "actorId", actor_roles AS "actorRoles", organisation, action,
            subject_type AS "subjectType", subject_id AS "subjectId", claim_id AS "claimId", before::text AS before,
            after::text AS after, reason, request_id AS "requestId", prev_hash AS "prevHash", hash
       FROM audit_entry WHERE chain = $1 AND seq > $2 AND ($3::bigint IS NULL OR seq <= $3) ORDER BY seq LIMIT $4`,
    [chain, after, upTo ?? null, limit],
  );
  return rows.map((row) => ({ ...row, at: instantText(row.at) }));
}

/** Every chain that has an entry or a head. Jumps from chain to chain through the index. */
export async function chainsOf(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ chain: string }>(
    `WITH RECURSIVE jump AS (
       (SELECT chain FROM audit_entry ORDER BY chain LIMIT 1)
       UNION ALL
       SELECT (SELECT e.chain FROM audit_entry e WHERE e.chain > jump.chain ORDER BY e.chain LIMIT 1)
         FROM jump WHERE jump.chain IS NOT NULL)
     SELECT chain FROM jump WHERE chain IS NOT NULL UNION SELECT chain FROM audit_head ORDER BY chain`,
  );
  return rows.map((row) => row.chain);
}

export async function headOf(tx: Tx, chain: string): Promise<{ seq: number; hash: Buffer } | undefined> {
  const rows = await tx.query<{ seq: number; hash: Buffer }>('SELECT seq, hash FROM audit_head WHERE chain = $1', [
    chain,
  ]);
  return rows[0];
}

/** In one statement, so that an append between two would not look like damage. */
export async function hasEntriesBeyondHead(tx: Tx, chain: string): Promise<boolean> {
  const rows = await tx.query<{ beyond: boolean }>(
    `SELECT EXISTS (SELECT FROM audit_entry e JOIN audit_head h USING (chain)
                     WHERE e.chain = $1 AND e.seq > h.seq) AS beyond`,
    [chain],
  );
  return rows[0]?.beyond ?? false;
}

/** The hash of each entry asked for, hex; null where there is none. `alive` tells whether its chain has any entry. */
export function hashesAt(
  tx: Tx,
  places: readonly { chain: string; seq: number }[],
): Promise<{ chain: string; seq: number; hash: string | null; alive: boolean }[]> {
  return tx.query(
    `SELECT p.chain, p.seq, encode(e.hash, 'hex') AS hash,
            EXISTS (SELECT FROM audit_entry a WHERE a.chain = p.chain) AS alive
       FROM unnest($1::text[], $2::bigint[]) AS p (chain, seq)
       LEFT JOIN audit_entry e ON e.chain = p.chain AND e.seq = p.seq`,
    [places.map((place) => place.chain), places.map((place) => place.seq)],
  );
}
