import { createHash } from 'node:crypto';
import { MTM } from '../support/people.js';
import { random, type Dice } from '../support/random.js';
import { Service } from '../support/service.js';
import { anyStep, type Act, type Step } from './act.js';
import { Bank } from './bank.js';
import { Changes } from './changes.js';
import { Checks } from './checks.js';
import { GateModule } from './gate.module.js';
import { watchPool } from './gates.js';
import { Player, type Played } from './player.js';
import { STEPS } from './steps/index.js';
import { APPROVER3, AUTHORITIES, BOTH, World } from './world.js';

export interface SimulationOptions {
  seed: number;
  steps: number;
  /** Told of every step. */
  onStep?: (at: number, line: string) => void;
}

/** How a step is played, in parts of a hundred: the rest undisturbed. */
const CRASHED = 22;
const AT_ONCE = 16;
const TWICE = 4;
/** Every so many steps what takes longer is checked too. */
const NOW_AND_THEN = 60;
/** What a failure shows of what went before it. */
const TAIL = 12;
/** How many kinds of step are tried until one finds something to do. */
const TRIES = 25;

/** Something that always holds did not. The message says what, after what, and how to see it again. */
export class SimulationFailure extends Error {
  override name = 'SimulationFailure';
}

/**
 * Random people do random things, one after another, two at once, and with crashes between any two statements; after each
 * step all that always holds is checked. All of it follows from the seed, so the same seed does the same.
 */
export class Simulation {
  readonly counts = new Map<string, number>();
  readonly lines: string[] = [];
  private readonly names = new Map<string, string>();
  private readonly bank: Bank;
  private readonly checks: Checks;
  private readonly digest = createHash('sha256');

  private constructor(
    readonly service: Service,
    readonly player: Player,
    private readonly options: SimulationOptions,
  ) {
    this.bank = new Bank(options.seed);
    this.checks = new Checks(service, this.bank);
  }

  static async start(options: SimulationOptions): Promise<Simulation> {
    const service = await Service.start({ modules: [GateModule], env: { DATABASE_POOL_SIZE: '6' } });
    try {
      watchPool(service);
      const add = (email: string, roles: string[]) =>
        service.post(MTM.admin, '/users', { email, name: 'Simulated', organisation: 'MTM', roles });
      await add(BOTH, ['mtm_finance', 'mtm_approver']);
      await add(APPROVER3, ['mtm_approver']);
      await service.admin.query('SET jit = off');
      // Whoever stops a simulation stops its database first; what is asked then fails anyway.
      service.admin.on('error', () => undefined);
      const player = new Player(service, await Changes.watch(service.admin));
      return new Simulation(service, player, options);
    } catch (error) {
      await service.stop();
      throw error;
    }
  }

  /** All steps. @throws SimulationFailure at the first that breaks something. */
  async run(): Promise<void> {
    for (let at = 1; at <= this.options.steps; at++) await this.step(at);
    await this.requireNothing(this.options.steps, await this.checks.trail());
  }

  /** The same for the same seed and steps. */
  async result(): Promise<string> {
    const { rows } = await this.service.admin.query(
      `SELECT a.name, sum(p.amount_pence)::text AS pence FROM posting p JOIN ledger_account a ON a.id = p.account_id GROUP BY 1 ORDER BY 1`,
    );
    return this.digest.copy().update(JSON.stringify(rows)).digest('hex');
  }

  /** How many of a kind: `crash killed`, `two at once`, `approve 200`. */
  count(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  private async step(at: number): Promise<void> {
    const dice = random(Math.imul(this.options.seed, 0x9e3779b1) + Math.imul(at, 0x85ebca6b));
    this.passTime(dice);
    let played: Played;
    try {
      played = await this.play(dice);
    } catch (error) {
      throw this.failure(at, [`the step could not be played: ${(error as Error).stack ?? String(error)}`]);
    }
    const line = `${at} ${this.named(played.line)}`;
    this.lines.push(line);
    this.digest.update(`${line}\n`);
    for (const key of played.counts) this.counts.set(key, this.count(key) + 1);
    this.options.onStep?.(at, line);
    await this.requireNothing(at, played.wrong);
    const broken = await this.checks.always();
    if (Object.keys(broken).length > 0) throw this.failure(at, [JSON.stringify(broken, null, 2)]);
    if (at % NOW_AND_THEN === 0) {
      await this.requireNothing(at, await this.checks.trail());
      await this.requireNothing(at, await this.checks.isolation(dice.pick(AUTHORITIES)));
    }
  }

  private async play(dice: Dice): Promise<Played> {
    const world = new World(this.service, dice, this.bank);
    const { act, step } = await anyAct(world);
    const how = dice.upTo(100);
    if (how < CRASHED) return this.player.crashed(act, dice);
    if (how < CRASHED + TWICE) return this.player.twice(act, dice);
    if (how < CRASHED + TWICE + AT_ONCE) {
      // Half of them the same kind of thing, so that they meet.
      const other = dice.chance(0.5) ? await step.plan(world) : null;
      return this.player.atOnce([act, other ?? (await anyAct(world)).act], dice);
    }
    return this.player.plain(act);
  }

  /** Seconds mostly, now and then a day; always office hours. */
  private passTime(dice: Dice): void {
    const { clock } = this.service;
    const seconds = dice.chance(0.02) ? 86_400 : 1 + dice.upTo(30);
    const later = new Date(clock.now().getTime() + seconds * 1000);
    if (later.getUTCHours() >= 17)
      later.setTime(Date.UTC(later.getUTCFullYear(), later.getUTCMonth(), later.getUTCDate() + 1, 9));
    clock.set(later.toISOString());
  }

  /** Ids by the order in which they were first met: they are others in every run. */
  private named(line: string): string {
    return line.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
      const name = this.names.get(id) ?? `#${this.names.size + 1}`;
      this.names.set(id, name);
      return name;
    });
  }

  private async requireNothing(at: number, wrong: readonly string[]): Promise<void> {
    if (wrong.length > 0) throw this.failure(at, wrong);
  }

  private failure(at: number, wrong: readonly string[]): SimulationFailure {
    const { seed } = this.options;
    const ids = [...this.names].map(([id, name]) => `${name} ${id}`).slice(-TAIL);
    const parts = [
      `Seed ${seed}, step ${at}: ${wrong.join('\n')}`,
      `\nBefore it:\n${this.lines.slice(-TAIL).join('\n')}`,
      `\nThe latest ids:\n${ids.join('\n')}`,
      `\nTo see it again: npm run simulate -- --seed ${seed} --steps ${at}`,
    ];
    return new SimulationFailure(parts.join('\n'));
  }
}

async function anyAct(world: World): Promise<{ act: Act; step: Step }> {
  for (let tried = 0; tried < TRIES; tried++) {
    const step = anyStep(world.dice, STEPS);
    const act = await step.plan(world);
    if (act) return { act, step };
  }
  throw new Error('nobody finds anything to do');
}
