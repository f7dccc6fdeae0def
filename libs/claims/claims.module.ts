import { Module } from '@nestjs/common';
import { DocumentsModule } from '#documents';
import { ProgrammeModule } from '#programme';
import { AdjustmentQueries } from './adjustments/adjustment.queries.js';
import { EndProposal } from './adjustments/end-proposal.js';
import { ProposeAdjustment } from './adjustments/propose-adjustment.js';
import { ApproveClaim } from './approve-claim.js';
import { AssignClaim } from './assign-claim.js';
import { CalculateClaim } from './calculate-claim.js';
import { ClaimQueries } from './claim.queries.js';
import { ClaimReader } from './claim-reader.js';
import { ClaimDesk } from './desk/claim-desk.js';
import { DocumentQueries } from './document.queries.js';
import { EndClaim } from './end-claim.js';
import { EvidenceModule } from './evidence/evidence.module.js';
import { FinishForm } from './forms/finish-form.js';
import { FormsModule } from './forms/forms.module.js';
import { HoldClaim } from './hold-claim.js';
import { ImportQueries } from './imports/import.queries.js';
import { ImportsModule } from './imports/imports.module.js';
import { MessageQueries } from './messages/message.queries.js';
import { PostMessage } from './messages/post-message.js';
import { RecordFindings } from './record-findings.js';
import { ReviewClaim } from './review-claim.js';
import { SaveDraft } from './save-draft.js';
import { SearchClaims } from './search/search-claims.js';
import { SubmitClaim } from './submit-claim.js';

const USE_CASES = [
  CalculateClaim,
  SaveDraft,
  SubmitClaim,
  ReviewClaim,
  RecordFindings,
  ApproveClaim,
  EndClaim,
  HoldClaim,
  AssignClaim,
  ClaimDesk,
  ClaimQueries,
  DocumentQueries,
  ProposeAdjustment,
  EndProposal,
  AdjustmentQueries,
  FinishForm,
  PostMessage,
  MessageQueries,
  ImportQueries,
  SearchClaims,
];

/**
 * Claims from draft to approved, and adjustments of approved ones. Needs DatabaseModule and DocumentStorage, which the app
 * provides, and PaymentForecast, which the feature that funds claims does.
 */
@Module({
  imports: [DocumentsModule, ProgrammeModule, EvidenceModule, ImportsModule, FormsModule],
  providers: [ClaimReader, ...USE_CASES],
  exports: [ClaimReader, ...USE_CASES, EvidenceModule, ImportsModule, FormsModule],
})
export class ClaimsModule {}
