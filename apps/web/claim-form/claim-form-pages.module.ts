import { Module } from '@nestjs/common';
import { ClaimsModule } from '#claims';
import { FundingModule } from '#funding';
import { EvidencePagesModule } from '../evidence/evidence-pages.module.js';
import { CheckPages } from './check.controller.js';
import { ConflictPages } from './conflict.controller.js';
import { EvidencePages } from './evidence.controller.js';
import { InvoicePages } from './invoice.controller.js';
import { PastePages } from './paste.controller.js';
import { StartPages } from './start.controller.js';
import { TaskListPages } from './task-list.controller.js';

/** A new claim, from "what you need" to its confirmation. */
@Module({
  imports: [ClaimsModule, FundingModule, EvidencePagesModule],
  controllers: [StartPages, TaskListPages, InvoicePages, ConflictPages, PastePages, EvidencePages, CheckPages],
})
export class ClaimFormPagesModule {}
