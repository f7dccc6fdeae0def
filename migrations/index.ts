import { runMigrations } from '#platform/database';
import { migrateQueue } from '#platform/queue';
import { Platform1514764800001 } from './1514764800001-platform.js';
import { Identity1514764800002 } from './1514764800002-identity.js';
import { Audit1514764800003 } from './1514764800003-audit.js';
import { Programme1514764800004 } from './1514764800004-programme.js';
import { Claims1514764800005 } from './1514764800005-claims.js';
import { Outbox1514764800006 } from './1514764800006-outbox.js';
import { Documents1514764800007 } from './1514764800007-documents.js';
import { Evidence1514764800008 } from './1514764800008-evidence.js';
import { Ledger1514764800009 } from './1514764800009-ledger.js';
import { Funding1514764800010 } from './1514764800010-funding.js';
import { Grants1514764800011 } from './1514764800011-grants.js';
import { BankDetailsConfirmed1514764800012 } from './1514764800012-bank-details-confirmed.js';
import { Payments1514764800013 } from './1514764800013-payments.js';
import { BankStatements1514764800014 } from './1514764800014-bank-statements.js';
import { Reconciliation1514764800015 } from './1514764800015-reconciliation.js';
import { Adjustments1514764800016 } from './1514764800016-adjustments.js';
import { FundingRecovered1514764800017 } from './1514764800017-funding-recovered.js';
import { PaymentClock1514764800018 } from './1514764800018-payment-clock.js';
import { Assurance1514764800019 } from './1514764800019-assurance.js';
import { AuditInSets1514764800020 } from './1514764800020-audit-in-sets.js';
import { AuditHeads1514764800021 } from './1514764800021-audit-heads.js';
import { NarrowScopes1514764800022 } from './1514764800022-narrow-scopes.js';
import { LinesComeMatched1514764800023 } from './1514764800023-lines-come-matched.js';
import { RunsHeldUp1514764800024 } from './1514764800024-runs-held-up.js';
import { RecoveredReleased1514764800025 } from './1514764800025-recovered-released.js';
import { SignIn1514764800026 } from './1514764800026-sign-in.js';
import { ClaimForms1514764800027 } from './1514764800027-claim-forms.js';
import { Assignment1514764800028 } from './1514764800028-assignment.js';
import { DailySummaries1514764800029 } from './1514764800029-daily-summaries.js';
import { StatementOrder1514764800030 } from './1514764800030-statement-order.js';
import { ClaimMessages1514764800031 } from './1514764800031-claim-messages.js';
import { ClaimSearch1514764800032 } from './1514764800032-claim-search.js';
import { DeskCounts1514764800033 } from './1514764800033-desk-counts.js';
import { SearchApproved1514764800034 } from './1514764800034-search-approved.js';
import { PutAwayForms1514764800035 } from './1514764800035-put-away-forms.js';

/** Every migration, oldest first. A released one is never edited: a change is a new one. */
export const MIGRATIONS = [
  Platform1514764800001,
  Identity1514764800002,
  Audit1514764800003,
  Programme1514764800004,
  Claims1514764800005,
  Outbox1514764800006,
  Documents1514764800007,
  Evidence1514764800008,
  Ledger1514764800009,
  Funding1514764800010,
  Grants1514764800011,
  BankDetailsConfirmed1514764800012,
  Payments1514764800013,
  BankStatements1514764800014,
  Reconciliation1514764800015,
  Adjustments1514764800016,
  FundingRecovered1514764800017,
  PaymentClock1514764800018,
  Assurance1514764800019,
  AuditInSets1514764800020,
  AuditHeads1514764800021,
  NarrowScopes1514764800022,
  LinesComeMatched1514764800023,
  RunsHeldUp1514764800024,
  RecoveredReleased1514764800025,
  SignIn1514764800026,
  ClaimForms1514764800027,
  Assignment1514764800028,
  DailySummaries1514764800029,
  StatementOrder1514764800030,
  ClaimMessages1514764800031,
  ClaimSearch1514764800032,
  DeskCounts1514764800033,
  SearchApproved1514764800034,
  PutAwayForms1514764800035,
];

/** Brings a database, the job queue's tables included, to the current schema. `url` is the owner's. Returns the names that ran now. */
export async function migrate(url: string): Promise<string[]> {
  const names = await runMigrations(url, MIGRATIONS);
  await migrateQueue(url);
  return names;
}
