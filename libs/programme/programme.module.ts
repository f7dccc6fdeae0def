import { Module } from '@nestjs/common';
import { DocumentsModule } from '#documents';
import { ConfirmBankDetails } from './confirm-bank-details.js';
import { MoveAllocation } from './move-allocation.js';
import { ProgrammeQueries } from './programme.queries.js';
import { ReplaceBankDetails } from './replace-bank-details.js';
import { TermsStore } from './terms-store.js';
import { UpdateAuthority } from './update-authority.js';
import { AuthoritiesWaiting } from './waiting.queries.js';

const USE_CASES = [
  ProgrammeQueries,
  MoveAllocation,
  ConfirmBankDetails,
  ReplaceBankDetails,
  UpdateAuthority,
  AuthoritiesWaiting,
];

@Module({ imports: [DocumentsModule], providers: [TermsStore, ...USE_CASES], exports: [TermsStore, ...USE_CASES] })
export class ProgrammeModule {}
