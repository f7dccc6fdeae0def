import { Module } from '@nestjs/common';
import { MoveAllocation } from './move-allocation.js';
import { ProgrammeQueries } from './programme.queries.js';
import { ReplaceBankDetails } from './replace-bank-details.js';
import { TermsStore } from './terms-store.js';
import { UpdateAuthority } from './update-authority.js';

@Module({
  providers: [TermsStore, ProgrammeQueries, MoveAllocation, ReplaceBankDetails, UpdateAuthority],
  exports: [TermsStore, ProgrammeQueries, MoveAllocation, ReplaceBankDetails, UpdateAuthority],
})
export class ProgrammeModule {}
