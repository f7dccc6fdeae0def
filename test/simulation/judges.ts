import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExportJournal, TrialBalance } from '#ledger';
import { checkBooks } from '../../apps/standalone/books/check-books.js';
import { MTM } from '../support/people.js';
import { type Simulation } from './simulation.js';

const PAIN001 = fileURLToPath(new URL('../fixtures/iso20022/pain.001.001.09.xsd', import.meta.url));

/**
 * Leaves the steps, the books and the bank files in a folder and has hledger, ledger and xmllint judge them. False when one
 * of them does not agree, or, where CI=true, is not installed.
 */
export async function judgeOutside(
  simulation: Simulation,
  folder: string,
  say: (line: string) => void,
): Promise<boolean> {
  writeFileSync(join(folder, 'steps.txt'), `${simulation.lines.join('\n')}\n`);
  const { app } = simulation.service;
  const journal = join(folder, 'books.journal');
  const books = { exportJournal: app.get(ExportJournal), trialBalance: app.get(TrialBalance) };
  const verdicts: [string, string[] | null][] = (await checkBooks(books, journal)).map(({ judge, faults }) => [
    judge,
    faults,
  ]);
  const files = await bankFiles(simulation, join(folder, 'pain.001'));
  verdicts.push(['xmllint', schemaFaults(files)]);
  for (const [judge, faults] of verdicts) {
    const what = judge === 'xmllint' ? `${files.length} bank files` : 'the books';
    if (faults === null) say(`${judge} is not installed: it has not seen ${what}`);
    else if (faults.length === 0) say(`${judge} accepts ${what}`);
    else say([`${judge} does not accept ${what}:`, ...faults].join('\n  '));
  }
  say(`The steps, the books and the bank files are in ${folder}`);
  const missing = verdicts.some(([, faults]) => faults === null);
  return verdicts.every(([, faults]) => (faults ?? []).length === 0) && !(missing && process.env['CI'] === 'true');
}

/** The bank file of every run that has one. */
async function bankFiles({ service }: Simulation, folder: string): Promise<string[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { rows } = await service.admin.query<{ id: string; number: string }>(
    'SELECT id, number FROM payment_run WHERE file_key IS NOT NULL ORDER BY seq',
  );
  const files: string[] = [];
  for (const { id, number } of rows) {
    const answer = await service.get(MTM.finance, `/payment-runs/${id}/pain001`);
    if (answer.status !== 200) throw new Error(`The bank file of ${number} was answered ${answer.status}`);
    files.push(join(folder, `${number}.xml`));
    writeFileSync(files.at(-1)!, answer.text);
  }
  return files;
}

/** What xmllint says against the files; null when it is not installed. */
function schemaFaults(files: readonly string[]): string[] | null {
  if (files.length === 0) return [];
  const run = spawnSync('xmllint', ['--nonet', '--noout', '--schema', PAIN001, ...files], {
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  });
  if ((run.error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return null;
  if (run.error) return [run.error.message];
  return run.stderr.split('\n').filter((line) => line !== '' && !line.endsWith(' validates'));
}
