import { Module } from '@nestjs/common';
import { ClaimsModule } from '#claims';
import { DocumentsModule } from '#documents';
import { ProgrammeModule } from '#programme';
import { FundingModule } from '../funding.module.js';
import { AgedClaims } from './aged-claims.js';
import { AgeingReport } from './ageing-report.js';
import { DigestReader } from './digest-reader.js';
import { PaymentTimes } from './payment-times.js';
import { SendDigests } from './send-digests.js';
import { WarningQueries } from './warnings.queries.js';
import { WarnOfClaims } from './warn-of-claims.js';

const USE_CASES = [WarnOfClaims, WarningQueries, DigestReader, SendDigests, AgeingReport, AgedClaims, PaymentTimes];

/** The clock of days: its sweeps, and the reports of what waits and how long it took. */
@Module({
  imports: [FundingModule, ProgrammeModule, DocumentsModule, ClaimsModule],
  providers: USE_CASES,
  exports: USE_CASES,
})
export class ClockModule {}
