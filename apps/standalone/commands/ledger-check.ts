import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExportJournal, LedgerModule, TrialBalance } from '#ledger';
import { besideService } from '../beside.js';
import { checkBooks } from '../books/check-books.js';
import { runCommand, say } from '../command.js';
import { StartFailure } from '../embedded/failure.js';
import { settings } from '../settings.js';

/** Has hledger and ledger read the books and compares every account with the trial balance. */
await runCommand(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'claims-books-'));
  try {
    const verdicts = await besideService(settings(), [LedgerModule], (app) =>
      checkBooks(
        { exportJournal: app.get(ExportJournal), trialBalance: app.get(TrialBalance) },
        join(folder, 'books.journal'),
      ),
    );
    for (const { judge, faults } of verdicts) {
      if (faults === null) say(`${judge} is not installed: the books were not checked by it`);
      else if (faults.length === 0) say(`${judge} accepts the books and agrees with the trial balance`);
      else say([`${judge} does not agree:`, ...faults].join('\n  '));
    }
    const missing = verdicts.some(({ faults }) => faults === null);
    if (verdicts.some(({ faults }) => faults !== null && faults.length > 0))
      throw new StartFailure('The books are wrong');
    if (missing && process.env['CI'] === 'true') throw new StartFailure('CI=true, and a judge is not installed');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
