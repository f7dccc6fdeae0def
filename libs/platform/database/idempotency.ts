import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { DomainError, conflict, refused } from '#kernel';

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

/** A signed 64-bit lock number out of caller and key. */
function lockNumber(context: CommandContext): string {
  return createHash('sha256').update(`${context.callerId}\n${context.key}`).digest().readBigInt64BE(0).toString();
}

/**
 * Takes the key for this transaction. A try-lock, so that nothing sticks after a crash: it goes with the transaction.
 * Throws IdempotentReplay (answered before), conflict `idempotency_key_in_use`, refused `idempotency_key_reused`.
 */
export async function claimKey(query: Query, context: CommandContext): Promise<void> {
  const [row] = await query<{ locked: boolean; input_hash: string | null; answer: unknown }>(
    `SELECT pg_try_advisory_xact_lock($1::bigint) AS locked, k.input_hash, k.answer
       FROM (SELECT 1) AS one LEFT JOIN idempotency_key k ON k.caller_id = $2 AND k.key = $3`,
    [lockNumber(context), context.callerId, context.key],
  );
  if (row?.input_hash != null) {
    if (row.input_hash !== context.inputHash) {
      throw refused('idempotency_key_reused', 'This Idempotency-Key was used for another request. Send a new key.');
    }
    throw new IdempotentReplay(row.answer);
  }
  if (!row?.locked) {
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

/** Another transaction kept the same key between our look and our insert: look again. */
export function isLostKeyRace(error: unknown): boolean {
  if (error instanceof DomainError) return false;
  const cause = error as { code?: string; constraint?: string; driverError?: { code?: string; constraint?: string } };
  const pgError = cause.driverError ?? cause;
  return pgError.code === '23505' && pgError.constraint === 'idempotency_key_pkey';
}
