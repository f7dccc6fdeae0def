import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { type Gate, type Sent } from './gates.js';

/**
 * How a command comes to grief:
 *
 * - `killed`: the server ends its connection before statement `at`;
 * - `failed`: the process fails before it sends statement `at`;
 * - `unanswered`: COMMIT number `at` is done, and the connection is lost before the process hears of it;
 * - `unheard`: the process answers, and nobody hears it.
 */
export interface Crash {
  readonly how: 'killed' | 'failed' | 'unanswered' | 'unheard';
  readonly at: number;
}

export class SimulatedCrash extends Error {
  override name = 'SimulatedCrash';
}

/** Lets everything pass but what the crash is about; `fired` tells whether it came to that. */
export class CrashGate implements Gate {
  /** How many statements came, whatever became of them. */
  statements = 0;
  fired = false;
  private commits = 0;

  constructor(
    private readonly crash: Crash | null,
    private readonly admin: pg.Client,
  ) {}

  async pass(sent: Sent): Promise<unknown> {
    // A process that is refused and fails before it says ROLLBACK is no other case: the server does that by itself.
    if (this.fired || this.crash === null || /^\s*ROLLBACK/i.test(sent.text)) return sent.go();
    this.statements++;
    const { how, at } = this.crash;
    if (how === 'unanswered') return this.unanswered(sent, at);
    if (how === 'unheard' || this.statements !== at) return sent.go();
    this.fired = true;
    if (how === 'failed') throw new SimulatedCrash(`before statement ${at}`);
    await this.kill(sent.pid);
    return sent.go();
  }

  private async unanswered(sent: Sent, at: number): Promise<unknown> {
    if (!/^\s*COMMIT/i.test(sent.text) || ++this.commits !== at) return sent.go();
    this.fired = true;
    const going = sent.go();
    going.catch(() => undefined);
    await turn(); // by then it is on its way
    sent.cut();
    await this.gone(sent.pid);
    return going;
  }

  /** Gone when this ends: what is sent after it finds nobody. */
  private async kill(pid: number): Promise<void> {
    await this.admin.query('SELECT pg_terminate_backend($1)', [pid]);
    await this.gone(pid);
  }

  private async gone(pid: number): Promise<void> {
    for (;;) {
      const { rowCount } = await this.admin.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [pid]);
      if (rowCount === 0) return;
      await sleep(1);
    }
  }
}
