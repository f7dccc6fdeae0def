import { Module } from '@nestjs/common';
import { DocumentsModule } from '#documents';
import { AllocationOverview } from './allocation-overview.js';
import { BankDetailsHistory } from './bank-details-history.js';
import { ConfirmBankDetails } from './confirm-bank-details.js';
import { MoveAllocation } from './move-allocation.js';
import { PreviewMove } from './preview-move.js';
import { ProgrammeQueries } from './programme.queries.js';
import { ReplaceBankDetails } from './replace-bank-details.js';
import { TermsStore } from './terms-store.js';
import { TermsVersions } from './terms-versions.js';
import { UpdateAuthority } from './update-authority.js';
import { AuthoritiesWaiting } from './waiting.queries.js';

const USE_CASES = [
  ProgrammeQueries,
  MoveAllocation,
  PreviewMove,
  AllocationOverview,
  BankDetailsHistory,
  ConfirmBankDetails,
  ReplaceBankDetails,
  UpdateAuthority,
  AuthoritiesWaiting,
  TermsVersions,
];

@Module({ imports: [DocumentsModule], providers: [TermsStore, ...USE_CASES], exports: [TermsStore, ...USE_CASES] })
export class ProgrammeModule {}
