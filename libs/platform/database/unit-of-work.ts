import { Inject, Injectable } from '@nestjs/common';
import { type PoolClient, type QueryResult } from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { type Clock } from '#kernel';
import { CLOCK } from '#platform/config';
import { type Actor } from './actor.js';
import { commandContext, keepAnswer, lockNumber, requireFirst, type CommandContext } from './idempotency.js';
import { statement, type Statement } from './statement.js';

/** One open transaction, handed to every helper: who acts, when, and the way to the database. */
export interface Tx {
  readonly manager: EntityManager;
  readonly actor: Actor;
  /** Business time at the start of the transaction; the only "now" inside it. */
  readonly now: Date;
  /** Rows of a statement, also of `UPDATE … RETURNING`. */
  query<Row>(sql: string | Statement, parameters?: unknown[]): Promise<Row[]>;
  /** How many rows a statement changed. */
  execute(sql: string | Statement, parameters?: unknown[]): Promise<number>;
  /** Runs once the transaction has committed; never when it rolls back. Must not throw. */
  afterCommit(fn: () => void): void;
}

/** Serialization failure and deadlock: the transaction did nothing, so it can run again. */
const RETRYABLE = new Set(['40001', '40P01']);
const MAX_ATTEMPTS = 4;
/** connection_failure */
const CONNECTION_LOST = '08006';

/** What a transaction may do, and see: a snapshot is a read to which the database stands still. */
type Mode = 'write' | 'read' | 'snapshot';

/** The lock of no key, NULL, is not taken. */
const BEGUN = statement(
  `SELECT set_config('app.authority', $1, true), set_config('app.user', $2, true),
          set_config('transaction_read_only', $3, true), pg_try_advisory_xact_lock($4::bigint) AS locked`,
);

/**
 * Opens the transaction of a use case: the only place that does. Sets the actor's authority for row-level security,
 * so a query that forgets to ask "whose?" still returns only the actor's own.
 */
@Injectable()
export class UnitOfWork {
  constructor(
    @Inject(DataSource) private readonly source: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A command: one a request. Its answer is kept under the request's Idempotency-Key when there is one. */
  run<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    const context = commandContext.getStore();
    return this.attempt(actor, work, context?.kept ? undefined : context, 'write');
  }

  /** A read: the transaction is read-only and no Idempotency-Key applies. */
  read<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.attempt(actor, work, undefined, 'read');
  }

  /** A read of several statements that must agree: all see what was committed when the first began. */
  readSnapshot<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.attempt(actor, work, undefined, 'snapshot');
  }

  private async attempt<T>(
    actor: Actor,
    work: (tx: Tx) => Promise<T>,
    context: CommandContext | undefined,
    mode: Mode,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(actor, work, context, mode);
      } catch (error) {
        if (!RETRYABLE.has(sqlState(error)) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  private async once<T>(
    actor: Actor,
    work: (tx: Tx) => Promise<T>,
    context: CommandContext | undefined,
    mode: Mode,
  ): Promise<T> {
    const runner = this.source.createQueryRunner();
    const committed: (() => void)[] = [];
    const connection = await watch(runner);
    try {
      await runner.startTransaction(mode === 'snapshot' ? 'REPEATABLE READ' : undefined);
      const tx = makeTx(runner, connection.client, actor, this.clock.now(), committed);
      const [begun] = await tx.query<{ locked: boolean | null }>(BEGUN, [
        actor.scope,
        actor.userId,
        mode === 'write' ? 'off' : 'on',
        context ? lockNumber(context) : null,
      ]);
      if (context) await requireFirst(tx.query, context, begun?.locked === true);
      const result = await work(tx);
      if (context) await keepAnswer(tx.query, context, result, tx.now);
      await runner.commitTransaction();
      for (const fn of committed) fn();
      return result;
    } catch (error) {
      if (context) context.kept = false;
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw connection.lost() ?? error;
    } finally {
      connection.forget();
      await runner.release();
    }
  }
}

/**
 * Hears why the server ends a connection between two statements (idle too long, shut down): the statement after it only
 * fails for having no connection.
 */
async function watch(runner: QueryRunner): Promise<{ client: PoolClient; lost(): unknown; forget(): void }> {
  const client = (await runner.connect()) as PoolClient;
  let lost: unknown;
  // What ends a connection without a word of the server has no SQLSTATE; it is an outage, and no defect, all the same.
  const hear = (error: Error) =>
    (lost ??= sqlState(error) === '' ? Object.assign(error, { code: CONNECTION_LOST }) : error);
  client.on('error', hear);
  return { client, lost: () => lost, forget: () => void client.off('error', hear) };
}

/** Statements go to `pg` itself, on the connection whose transaction TypeORM keeps: it can prepare them. */
function makeTx(runner: QueryRunner, client: PoolClient, actor: Actor, now: Date, committed: (() => void)[]): Tx {
  const send = (sql: string | Statement, values: unknown[] = []): Promise<QueryResult> =>
    client.query(typeof sql === 'string' ? { text: sql, values } : { name: sql.name, text: sql.text, values });
  return {
    manager: runner.manager,
    actor,
    now,
    query: async <Row>(sql: string | Statement, parameters?: unknown[]) => (await send(sql, parameters)).rows as Row[],
    execute: async (sql, parameters) => (await send(sql, parameters)).rowCount ?? 0,
    afterCommit: (fn) => void committed.push(fn),
  };
}

/** The five-character SQLSTATE of a database error, or an empty text. */
export function sqlState(error: unknown): string {
  const cause = error as { code?: string; driverError?: { code?: string } };
  return cause?.driverError?.code ?? cause?.code ?? '';
}

/** The name of the constraint a database error is about, or an empty text. */
export function violatedConstraint(error: unknown): string {
  const cause = error as { constraint?: string; driverError?: { constraint?: string } };
  return cause?.driverError?.constraint ?? cause?.constraint ?? '';
}
