import { Module } from '@nestjs/common';
import { ClaimsModule } from '#claims';
import { DocumentsModule } from '#documents';
import { FundingModule } from '#funding';
import { AdjustmentsController, ClaimAdjustmentsController } from './adjustments.controller.js';
import { ClaimStepsController } from './claim-steps.controller.js';
import { CalculationsController, ClaimsController } from './claims.controller.js';
import { ClaimMessagesController } from './messages.controller.js';
import { ClaimDocumentsController, DocumentsController } from './documents.controller.js';

@Module({
  imports: [ClaimsModule, DocumentsModule, FundingModule],
  controllers: [
    CalculationsController,
    ClaimsController,
    ClaimStepsController,
    ClaimMessagesController,
    ClaimDocumentsController,
    DocumentsController,
    ClaimAdjustmentsController,
    AdjustmentsController,
  ],
})
export class ClaimsApiModule {}
