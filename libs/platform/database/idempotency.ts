import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { conflict, refused } from '#kernel';

/** What one POST with an Idempotency-Key is: set by the HTTP layer, honoured by UnitOfWork.run. */
export interface CommandContext {
  callerId: string;
  key: string;
  /** SHA-256, hex, of method, path and canonical body. */
  inputHash: string;
  /** Method and route, for whoever reads the table. */
  route: string;
  /** Set once the command's one transaction has kept its answer. */
  kept?: boolean;
}

export const commandContext = new AsyncLocalStorage<CommandContext>();

/** Thrown out of UnitOfWork.run when the key was answered before: `body` is the first answer. */
export class IdempotentReplay extends Error {
  override name = 'IdempotentReplay';
  constructor(readonly body: unknown) {
    super('answered before');
  }
}

type Query = <Row>(sql: string, parameters?: unknown[]) => Promise<Row[]>;

/**
 * The number of the advisory lock on a key, a signed 64-bit one out of caller and key. UnitOfWork tries it in the first
 * statement of the transaction; a try-lock, so that nobody waits, and it goes with the transaction, so that nothing
 * sticks after a crash.
 */
export function lockNumber(context: CommandContext): string {
  return createHash('sha256').update(`${context.callerId}\n${context.key}`).digest().readBigInt64BE(0).toString();
}

/**
 * Whether this transaction may do what the key stands for. Looks only after the lock was tried, in a statement of its
 * own: a look in the same statement could be older than the lock, and miss the answer that was kept in between.
 * Throws IdempotentReplay (answered before), conflict `idempotency_key_in_use`, refused `idempotency_key_reused`.
 */
export async function requireFirst(query: Query, context: CommandContext, locked: boolean): Promise<void> {
  const [kept] = await query<{ input_hash: string; answer: unknown }>(
    'SELECT input_hash, answer FROM idempotency_key WHERE caller_id = $1 AND key = $2',
    [context.callerId, context.key],
  );
  if (kept && kept.input_hash !== context.inputHash) {
    throw refused('idempotency_key_reused', 'This Idempotency-Key was used for another request. Send a new key.');
  }
  if (kept) throw new IdempotentReplay(kept.answer);
  if (!locked) {
    throw conflict(
      'idempotency_key_in_use',
      'A request with this Idempotency-Key is still running. Wait, then send it again.',
    );
  }
}

/** Keeps the answer in the command's own transaction: only what commits is ever replayed. */
export async function keepAnswer(query: Query, context: CommandContext, answer: unknown, now: Date): Promise<void> {
  await query(
    `INSERT INTO idempotency_key (caller_id, key, input_hash, route, answer, at) VALUES ($1, $2, $3, $4, $5, $6)`,
    [context.callerId, context.key, context.inputHash, context.route, JSON.stringify(answer ?? null), now],
  );
  context.kept = true;
}
