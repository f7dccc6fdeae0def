import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { type ExportJournal, type TrialBalance, type TrialBalanceView } from '#ledger';
import { systemActor } from '#platform/database';
import { judge, type Verdict } from './judges.js';

/** The books move on while they are exported; what is compared must be of one state. */
const ATTEMPTS = 5;

interface Books {
  exportJournal: Pick<ExportJournal, 'run'>;
  trialBalance: Pick<TrialBalance, 'run'>;
}

/** Writes the books into a file and has both judges compare them with the trial balance. */
export async function checkBooks({ exportJournal, trialBalance }: Books, file: string): Promise<Verdict[]> {
  const balances = async () => (await trialBalance.run(systemActor, {})).accounts;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = await balances();
    await exportTo(exportJournal, file);
    const after = await balances();
    if (JSON.stringify(before) === JSON.stringify(after)) return judge(file, penceByAccount(after));
  }
  throw new Error(`The books changed each of the ${ATTEMPTS} times they were exported; check them at a quieter time.`);
}

const penceByAccount = (accounts: TrialBalanceView['accounts']): Map<string, number> =>
  new Map(accounts.map(({ account, balancePence }) => [account, balancePence]));

async function exportTo(exportJournal: Pick<ExportJournal, 'run'>, file: string): Promise<void> {
  const out = createWriteStream(file);
  await once(out, 'open');
  await exportJournal.run(systemActor, {}, async (text) => {
    if (!out.write(text)) await once(out, 'drain');
  });
  out.end();
  await finished(out);
}
