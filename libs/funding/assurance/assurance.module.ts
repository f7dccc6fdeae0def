import { Module } from '@nestjs/common';
import { ClaimsModule } from '#claims';
import { DocumentsModule } from '#documents';
import { ProgrammeModule } from '#programme';
import { AskForEvidence } from './ask-for-evidence.js';
import { AssuranceQueries } from './assurance.queries.js';
import { DrawSample } from './draw-sample.js';
import { RecordOutcome } from './record-outcome.js';

const USE_CASES = [DrawSample, RecordOutcome, AssuranceQueries];

/** Samples of approved claims, and what checking them came to. */
@Module({
  imports: [ClaimsModule, ProgrammeModule, DocumentsModule],
  providers: [AskForEvidence, ...USE_CASES],
  exports: USE_CASES,
})
export class AssuranceModule {}
