import { Inject, Injectable } from '@nestjs/common';
import { systemActor, UnitOfWork } from '#platform/database';

/** Rows deleted in one transaction. */
const BATCH = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Links that are over are kept so long: whoever asks why a link does not work is told. */
const KEEP_LINKS_MS = 30 * DAY_MS;
/** Guesses longer ago than a quiet day say nothing any more (domain/attempts.ts). */
const KEEP_ATTEMPTS_MS = 25 * HOUR_MS;

/** Deletes sessions, links and counted guesses that are over. What became of them is on the trail. Work of a schedule. */
@Injectable()
export class SweepSessions {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Returns how many rows of each kind went. */
  async run(): Promise<{ sessions: number; links: number; attempts: number }> {
    return {
      sessions: await this.sweep('user_session', 'id', 'expires_at', 0),
      links: await this.sweep('user_link', 'id', 'expires_at', KEEP_LINKS_MS),
      attempts: await this.sweep('sign_in_attempt', 'key', 'last_at', KEEP_ATTEMPTS_MS),
    };
  }

  private async sweep(table: string, key: string, column: string, keptMs: number): Promise<number> {
    let swept = 0;
    for (let batch = BATCH; batch === BATCH; swept += batch) {
      batch = await this.uow.run(systemActor, (tx) =>
        tx.execute(
          `DELETE FROM ${table} WHERE ${key} IN (
             SELECT ${key} FROM ${table} WHERE ${column} < $1 ORDER BY ${column} LIMIT $2 FOR UPDATE SKIP LOCKED)`,
          [new Date(tx.now.getTime() - keptMs), BATCH],
        ),
      );
    }
    return swept;
  }
}
