import { Module } from '@nestjs/common';
import { ClaimsModule } from '#claims';
import { FundingModule } from '#funding';
import { ProgrammeModule } from '#programme';
import { AdjustPages } from './adjust.controller.js';
import { AdjustmentPages } from './adjustments.controller.js';
import { ApprovePages } from './approve.controller.js';
import { AssignPages } from './assign.controller.js';
import { EvidenceBesidePages } from './evidence.controller.js';
import { FindingsPages } from './findings.controller.js';
import { QueuePages } from './queue.controller.js';
import { ReviewPages } from './review.controller.js';
import { StepPages } from './steps.controller.js';

/** MTM's work on claims: the queue, the review of one, its approval, and what is taken back later. */
@Module({
  imports: [ClaimsModule, FundingModule, ProgrammeModule],
  controllers: [
    QueuePages,
    AssignPages,
    ReviewPages,
    EvidenceBesidePages,
    FindingsPages,
    ApprovePages,
    StepPages,
    AdjustPages,
    AdjustmentPages,
  ],
})
export class ReviewPagesModule {}
