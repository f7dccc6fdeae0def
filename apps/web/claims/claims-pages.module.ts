import { Module } from '@nestjs/common';
import { ClaimsModule, EvidenceModule } from '#claims';
import { DocumentsModule } from '#documents';
import { AssuranceModule } from '#funding';
import { ClaimBundle } from './claim-bundle.js';
import { ClaimPage } from './claim-page.js';
import { ClaimMessagePages } from './messages.controller.js';
import { ClaimPages } from './claims.controller.js';

@Module({
  imports: [ClaimsModule, EvidenceModule, DocumentsModule, AssuranceModule],
  controllers: [ClaimPages, ClaimMessagePages],
  providers: [ClaimPage, ClaimBundle],
})
export class ClaimsPagesModule {}
