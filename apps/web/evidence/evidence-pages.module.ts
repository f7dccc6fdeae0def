import { Module } from '@nestjs/common';
import { ClaimsModule } from '#claims';
import { AssuranceModule } from '#funding';
import { ClaimEvidencePages } from './claim-evidence.controller.js';
import { EvidenceDesk } from './evidence-desk.js';

/** The evidence of a claim, and what the form of a claim in preparation does the same way. */
@Module({
  imports: [ClaimsModule, AssuranceModule],
  controllers: [ClaimEvidencePages],
  providers: [EvidenceDesk],
  exports: [EvidenceDesk],
})
export class EvidencePagesModule {}
