import { Module } from '@nestjs/common';
import { ExportJournal } from './export-journal.js';
import { StatementOfAccount } from './statement-of-account.js';
import { TakeSnapshot } from './take-snapshot.js';
import { TrialBalance } from './trial-balance.js';

const USE_CASES = [ExportJournal, StatementOfAccount, TakeSnapshot, TrialBalance];

/** Reading the books and keeping them quick to read; features post to them by `postJournals`. Needs DatabaseModule. */
@Module({ providers: USE_CASES, exports: USE_CASES })
export class LedgerModule {}
