import { type Tx } from '#platform/database';
import { type ChainHead, type Checkpoint } from './domain/index.js';

interface Row {
  number: number;
  at: Date;
  previous_hash: string;
  hash: string;
  heads: ChainHead[] | null;
}

/** Checkpoints after a number, in order, at most `limit`. Hashes are hex. */
export async function checkpointsAfter(tx: Tx, number: number, limit: number): Promise<Checkpoint[]> {
  const rows = await tx.query<Row>(
    `SELECT c.number, c.at, encode(c.prev_hash, 'hex') AS previous_hash, encode(c.hash, 'hex') AS hash, h.heads
       FROM audit_checkpoint c
       LEFT JOIN LATERAL (
         SELECT json_agg(json_build_object('chain', chain, 'seq', seq, 'hash', encode(hash, 'hex'))
                         ORDER BY chain COLLATE "C") AS heads
           FROM audit_checkpoint_head WHERE number = c.number) h ON true
      WHERE c.number > $1 ORDER BY c.number LIMIT $2`,
    [number, limit],
  );
  return rows.map((row) => ({
    number: row.number,
    at: row.at.toISOString(),
    heads: row.heads ?? [],
    previousHash: row.previous_hash,
    hash: row.hash,
  }));
}
