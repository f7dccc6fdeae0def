import { spawnSync } from 'node:child_process';
import { pence, type Pence } from '#kernel';

/** An outside program that reads the books and says what every account comes to. */
interface Judge {
  name: string;
  /** Each must end without an error; the last one's output is the balances. */
  runs: (file: string) => string[][];
  /** Account and amount out of the last run's output. */
  read: (output: string) => [account: string, amount: string][];
}

/** `hledger check -s`: every account and commodity declared, dates in order; assertions are checked by reading alone. */
const HLEDGER: Judge = {
  name: 'hledger',
  runs: (file) => [
    ['-f', file, 'check', '-s', 'accounts', 'commodities', 'ordereddates'],
    ['-f', file, 'bal', '--flat', '-N', '-E', '-O', 'csv'],
  ],
  read: (output) =>
    [...output.matchAll(/^"(.+)","([^"]+)"$/gm)]
      .map(([, account, amount]): [string, string] => [account!, amount!])
      .filter(([account]) => account !== 'account'),
};

/** `--pedantic`: what is not declared is an error. `--args-only`: nobody's own settings. */
const LEDGER: Judge = {
  name: 'ledger',
  runs: (file) => [
    [
      ...['--args-only', '--pedantic', '-f', file, 'bal', '--flat', '--empty', '--no-total'],
      ...['--balance-format', '%(account)\\t%(scrub(display_total))\\n'],
    ],
  ],
  read: (output) =>
    output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t') as [string, string]),
};

export const JUDGES: readonly Judge[] = [HLEDGER, LEDGER];

export interface Verdict {
  judge: string;
  /** What is wrong; nothing when it agrees. Null when the program is not installed. */
  faults: string[] | null;
}

/** Books of millions of postings take these programs minutes, and their answer is short. */
const TIMEOUT_MS = 30 * 60_000;

/** Has both read a file of the books and compares what every account comes to with ours. */
export function judge(file: string, ours: ReadonlyMap<string, Pence>): Verdict[] {
  return JUDGES.map((one) => ({ judge: one.name, faults: faultsOf(one, file, ours) }));
}

function faultsOf(one: Judge, file: string, ours: ReadonlyMap<string, Pence>): string[] | null {
  let output = '';
  for (const words of one.runs(file)) {
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    const run = spawnSync(one.name, words, { encoding: 'utf8', env, timeout: TIMEOUT_MS, maxBuffer: 100_000_000 });
    if ((run.error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return null;
    if (run.error) return [run.error.message];
    if (run.status !== 0) return [run.stderr.trim() || `it ended with ${run.status}`];
    output = run.stdout;
  }
  return differences(new Map(one.read(output).map(([account, amount]) => [account, penceOf(amount)])), ours);
}

/** `-1078.20 GBP` → -107820; nothing is `0`. Throws InvalidValue. */
function penceOf(amount: string): Pence {
  const found = /^(-?)(\d+)\.(\d\d) GBP$/.exec(amount);
  if (found) return pence(Number(`${found[1]}${found[2]}${found[3]}`) + 0);
  return pence(amount === '0' ? 0 : NaN);
}

function differences(theirs: ReadonlyMap<string, Pence>, ours: ReadonlyMap<string, Pence>): string[] {
  const accounts = [...new Set([...theirs.keys(), ...ours.keys()])].sort();
  return accounts.flatMap((account) => {
    const [their, our] = [theirs.get(account) ?? 0, ours.get(account) ?? 0];
    return their === our ? [] : [`${account}: it finds ${their} pence, the trial balance says ${our}`];
  });
}
