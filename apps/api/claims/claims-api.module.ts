import { Module } from '@nestjs/common';
import { ClaimsModule } from '#claims';
import { DocumentsModule } from '#documents';
import { ClaimStepsController } from './claim-steps.controller.js';
import { CalculationsController, ClaimsController } from './claims.controller.js';
import { ClaimDocumentsController, DocumentsController } from './documents.controller.js';

@Module({
  imports: [ClaimsModule, DocumentsModule],
  controllers: [
    CalculationsController,
    ClaimsController,
    ClaimStepsController,
    ClaimDocumentsController,
    DocumentsController,
  ],
})
export class ClaimsApiModule {}
