import type pg from 'pg';
import { type Dice } from '../support/random.js';
import { type Gate, type Sent } from './gates.js';

/** How often a statement that has no answer yet is asked whether it waits for another's lock. */
const LOOK_MS = 4;
/** Longer than a deadlock takes to be found (1 s) and a lock to be given up (15 s). */
const PATIENCE_MS = 30_000;
/** How likely the same one goes on: now and then, so that they are well mixed, but mostly in spells. */
const GOES_ON = 0.7;

/** One of those at once: not there yet, between statements, before one, in one, or done. */
class Party implements Gate {
  state: 'coming' | 'running' | 'waiting' | 'sent' | 'done' = 'coming';
  pid = 0;
  deadlocks = 0;
  private release: () => void = () => undefined;
  private tail: Promise<unknown> = Promise.resolve();

  constructor(private readonly changed: () => void) {}

  /** One statement after the other, in the order in which they came. */
  pass(sent: Sent): Promise<unknown> {
    const passed = this.tail.then(() => this.next(sent));
    this.tail = passed.catch(() => undefined);
    return passed;
  }

  private async next(sent: Sent): Promise<unknown> {
    if (this.state === 'done') return sent.go();
    this.pid = sent.pid;
    this.become('waiting');
    await new Promise<void>((release) => (this.release = release));
    try {
      return await sent.go();
    } catch (error) {
      if ((error as { code?: string }).code === '40P01') this.deadlocks++;
      throw error;
    } finally {
      if ((this.state as Party['state']) !== 'done') this.become('running');
    }
  }

  go(): void {
    this.state = 'sent';
    this.release();
  }

  become(state: Party['state']): void {
    this.state = state;
    this.changed();
  }
}

/**
 * Several requests at once, statement by statement, in an order that the dice decide: which of them sends its next statement
 * whenever several could. One that waits for another's lock lets it go on. So the same dice give the same interleaving.
 */
export class Turns {
  /** Who went, statement by statement: `0010111`. */
  order = '';
  private wake: () => void = () => undefined;
  private parties: Party[] = [];

  constructor(
    private readonly admin: pg.Client,
    private readonly dice: Dice,
  ) {}

  /** Deadlocks that the database broke: a lock taken out of order. */
  get deadlocks(): number {
    return this.parties.reduce((sum, { deadlocks }) => sum + deadlocks, 0);
  }

  /** Runs all to their ends; each is given its gate. */
  async run<T>(works: readonly ((gate: Gate) => Promise<T>)[]): Promise<T[]> {
    this.parties = works.map(() => new Party(() => this.wake()));
    const until = Date.now() + PATIENCE_MS;
    const started: Promise<T>[] = [];
    for (const [at, work] of works.entries()) {
      started.push(this.start(this.parties[at]!, work));
      // Another comes when those before have come as far as they can: what each does before its first statement has an order too.
      await this.settled(until);
    }
    const [done] = await Promise.all([Promise.all(started), this.direct(until)]);
    return done;
  }

  private async start<T>(party: Party, work: (gate: Gate) => Promise<T>): Promise<T> {
    party.become('running');
    try {
      return await work(party);
    } finally {
      party.become('done');
    }
  }

  private async direct(until: number): Promise<void> {
    let last: Party | null = null;
    for (;;) {
      const blocked = await this.settled(until);
      const waiting = this.parties.filter(({ state }) => state === 'waiting');
      if (waiting.length === 0 && blocked === 0) return;
      if (waiting.length === 0) await this.change();
      else {
        const stays = waiting.find((party) => party === last);
        const next: Party =
          stays && (waiting.length === 1 || this.dice.chance(GOES_ON)) ? stays : this.dice.pick(waiting);
        this.order += this.parties.indexOf(next);
        last = next;
        next.go();
      }
    }
  }

  /** Until each waits for its turn, for another's lock, or for nothing any more; how many wait for a lock. */
  private async settled(until: number): Promise<number> {
    for (;;) {
      const moving = this.parties.filter(({ state }) => state === 'running' || state === 'sent');
      let blocked = true;
      for (const party of moving) blocked = (await this.isBlocked(party)) && blocked;
      const still = this.parties.filter(({ state }) => state === 'running' || state === 'sent').length;
      if (still === moving.length && blocked) return moving.length;
      if (Date.now() > until) throw new Error(`Several at once came to no end after ${this.order}`);
      await this.change();
    }
  }

  private async isBlocked(party: Party): Promise<boolean> {
    if (party.state !== 'sent') return false;
    const others = this.parties.filter((one) => one !== party).map(({ pid }) => pid);
    const { rows } = await this.admin.query<{ blocked: boolean }>(
      'SELECT pg_blocking_pids($1) && $2::int[] AS blocked',
      [party.pid, others],
    );
    return rows[0]!.blocked && (party.state as Party['state']) === 'sent';
  }

  private change(): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, LOOK_MS);
      this.wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}
