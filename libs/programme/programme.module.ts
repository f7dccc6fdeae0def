import { Module } from '@nestjs/common';
import { MoveAllocation } from './move-allocation.js';
import { TermsStore } from './terms-store.js';
import { UpdateAuthority } from './update-authority.js';

@Module({
  providers: [TermsStore, MoveAllocation, UpdateAuthority],
  exports: [TermsStore, MoveAllocation, UpdateAuthority],
})
export class ProgrammeModule {}
