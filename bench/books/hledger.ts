import { spawn } from 'node:child_process';
import { findProgram } from '../support/processes.js';

export const hasHledger = (): boolean => findProgram('hledger') !== null;

/** `hledger bal` of a journal: every account's balance in pence, and the milliseconds that it took. */
export function hledgerBalances(file: string): Promise<{ ms: number; balances: Map<string, number> }> {
  return new Promise((done, failed) => {
    const started = performance.now();
    const words = ['-f', file, 'bal', '--flat', '-N', '-E', '-O', 'csv'];
    const child = spawn('hledger', words, {
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let answer = '';
    let said = '';
    child.stdout.on('data', (part: Buffer) => (answer += part.toString('utf8')));
    child.stderr.on('data', (part: Buffer) => (said += part.toString('utf8')));
    child.once('error', failed);
    child.once('close', (code) => {
      if (code === 0) done({ ms: performance.now() - started, balances: read(answer) });
      else failed(new Error(`hledger: ${said.slice(0, 500)}`));
    });
  });
}

/** Lines such as `"assets:bank","-1078.20 GBP"`; nothing is `0`. */
const read = (csv: string): Map<string, number> =>
  new Map(
    [...csv.matchAll(/^"(.+)","(-?)(\d+)(?:\.(\d\d) GBP)?"$/gm)].map(([, account, sign, whole, rest]) => [
      account!,
      Number(`${sign}${whole}${rest ?? '00'}`) + 0,
    ]),
  );
