/**
 * `npm run simulate -- [--seed N] [--steps M] [--out FOLDER] [--verbose]`: the simulation on an embedded PostgreSQL of its
 * own, with progress; at its end the books, the bank files and the list of steps are in the folder and judged from outside.
 * Exit code 0 when all that always holds held and the judges agree.
 */
import { mkdirSync, mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres, type RunningPostgres } from '../../apps/standalone/embedded/postgres.js';
import { judgeOutside } from './judges.js';
import { Progress } from './progress.js';
import { Simulation } from './simulation.js';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

interface Words {
  seed: number;
  steps: number;
  out: string;
  verbose: boolean;
}

function wordsOf(args: string[]): Words {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: '1' },
      steps: { type: 'string', default: '3000' },
      out: { type: 'string', default: 'var/simulation' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const whole = (name: 'seed' | 'steps'): number => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < 0)
      throw new Error(`--${name} takes a whole number, not "${values[name]}"`);
    return value;
  };
  return { seed: whole('seed'), steps: whole('steps'), out: resolve(values.out), verbose: values.verbose };
}

async function simulate({ seed, steps, out, verbose }: Words): Promise<number> {
  const progress = new Progress(steps, say);
  const onStep = (at: number, line: string): void => {
    if (verbose) say(line);
    else progress.at(at, simulation);
  };
  const simulation: Simulation = await Simulation.start({ seed, steps, onStep });
  try {
    await simulation.run();
    say(progress.summary(simulation));
    say(`Result ${await simulation.result()}`);
    return (await judgeOutside(simulation, out, say)) ? 0 : 1;
  } finally {
    await simulation.service.stop();
  }
}

/** Stopped and removed whatever happens, also on Ctrl-C. */
async function withPostgres(work: () => Promise<number>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'programme-claims-simulation-'));
  chmodSync(folder, 0o711); // under root the database runs as another user, who must be able to pass
  let postgres: RunningPostgres | null = null;
  const stop = async (): Promise<void> => {
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stop().then(() => process.exit(130)));
  try {
    postgres = await startPostgres({ folder: join(folder, 'database'), durable: false, say: () => undefined });
    process.env['TEST_DATABASE_ADMIN_URL'] = postgres.url('postgres');
    process.env['TEST_RUN_ID'] = String(process.pid);
    return await work();
  } finally {
    await stop();
  }
}

let code = 1;
try {
  const words = wordsOf(process.argv.slice(2));
  mkdirSync(words.out, { recursive: true });
  say(`Seed ${words.seed}, ${words.steps} steps`);
  code = await withPostgres(() => simulate(words));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
}
process.exit(code);
