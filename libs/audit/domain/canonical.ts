import { createHash } from 'node:crypto';

/** One entry exactly as the database keeps it; `before` and `after` are PostgreSQL's own text of the jsonb. */
export interface StoredEntry {
  chain: string;
  /** From 1, without gaps. */
  seq: number;
  /** ISO 8601 in UTC with milliseconds. */
  at: string;
  actorId: string;
  actorRoles: readonly string[];
  organisation: string;
  action: string;
  subjectType: string;
  subjectId: string;
  claimId: string | null;
  before: string | null;
  after: string | null;
  reason: string | null;
  requestId: string | null;
  prevHash: Buffer;
  hash: Buffer;
}

/** The last entry of a chain. `hash` is hex. */
export interface ChainHead {
  chain: string;
  seq: number;
  hash: string;
}

/** All heads at an instant. Hashes are hex; heads are in order of their chain's code points. */
export interface Checkpoint {
  number: number;
  at: string;
  heads: readonly ChainHead[];
  previousHash: string;
  hash: string;
}

/** What stands before the first entry of a chain and before the first checkpoint: 32 zero bytes. */
export const NO_HASH = Buffer.alloc(32);

/**
 * Fields as bytes, one way only: length in bytes, ":", UTF-8 value, "," for each, "-," for null. Different fields
 * never give the same bytes. The database's function audit_fields does the same.
 */
export function canonicalFields(fields: readonly (string | null)[]): Buffer {
  return Buffer.from(
    fields.map((field) => (field === null ? '-,' : `${Buffer.byteLength(field)}:${field},`)).join(''),
    'utf8',
  );
}

/** SHA-256 over the previous hash and the entry's own fields. */
export function entryHash(entry: Omit<StoredEntry, 'hash'>): Buffer {
  const fields = canonicalFields([
    'audit-entry-v1',
    entry.chain,
    String(entry.seq),
    entry.at,
    entry.actorId,
    JSON.stringify(entry.actorRoles),
    entry.organisation,
    entry.action,
    entry.subjectType,
    entry.subjectId,
    entry.claimId,
    entry.before,
    entry.after,
    entry.reason,
    entry.requestId,
  ]);
  return createHash('sha256').update(entry.prevHash).update(fields).digest();
}

/** SHA-256, hex, over the previous checkpoint's hash and this one's number, instant and heads. */
export function checkpointHash(checkpoint: Omit<Checkpoint, 'hash'>): string {
  const heads = [...checkpoint.heads].sort((a, b) => Buffer.compare(Buffer.from(a.chain), Buffer.from(b.chain)));
  const fields = canonicalFields([
    'audit-checkpoint-v1',
    String(checkpoint.number),
    checkpoint.at,
    ...heads.flatMap((head) => [head.chain, String(head.seq), head.hash]),
  ]);
  return createHash('sha256').update(Buffer.from(checkpoint.previousHash, 'hex')).update(fields).digest('hex');
}
