import { Inject, Injectable } from '@nestjs/common';
import { sqlState, systemActor, UnitOfWork, type Tx } from '#platform/database';

/** A transaction that began before a snapshot's instant can post no more: longer than any takes. */
const BEHIND_MS = 10 * 60_000;
/** A tail may get this old, or this long, before the next snapshot. */
const OLDEST_MS = 23 * 3600_000;
const LONGEST = 20_000;
const LOCK_NOT_AVAILABLE = '55P03';

interface Tail {
  count: number;
  oldest: Date | null;
}

/**
 * Keeps balances quick to find: adds up what was posted since the last snapshot, ten minutes behind. A sweep, which may run
 * twice, and at the same time as anything (docs/ledger.md, "Snapshots"). No person's: it changes no figure.
 */
@Injectable()
export class TakeSnapshot {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /**
   * Takes one when the oldest posting of the tail is a day old, or the tail is long; returns whether it did. While somebody
   * posts for long it waits for the next time, since everyone who posts meanwhile would wait with it.
   */
  async runIfDue(): Promise<boolean> {
    const due = await this.uow.read(systemActor, async (tx) => {
      const { count, oldest } = await tailOf(tx);
      return count > LONGEST || (oldest !== null && tx.now.getTime() - oldest.getTime() >= OLDEST_MS);
    });
    return due && (await this.run());
  }

  /** Takes one now. False when nothing is to be closed or the books are busy. */
  async run(): Promise<boolean> {
    try {
      return await this.uow.run(systemActor, async (tx) => {
        await tx.query(`SET LOCAL lock_timeout = '1s'`);
        const [row] = await tx.query<{ id: number | null }>('SELECT ledger_take_snapshot($1) AS id', [behind(tx)]);
        return row?.id != null;
      });
    } catch (error) {
      if (sqlState(error) === LOCK_NOT_AVAILABLE) return false;
      throw error;
    }
  }
}

const behind = (tx: Tx): Date => new Date(tx.now.getTime() - BEHIND_MS);

async function tailOf(tx: Tx): Promise<Tail> {
  const [last] = await tx.query<{ at: Date | null }>('SELECT max(at) AS at FROM ledger_snapshot');
  const [tail] = await tx.query<Tail>(
    `SELECT count(*)::int AS count, min(at) AS oldest
       FROM (SELECT at FROM posting WHERE at > $1 AND at <= $2 ORDER BY at LIMIT ${LONGEST + 1}) p`,
    [last?.at ?? '-infinity', behind(tx)],
  );
  return tail!;
}
