import { Module } from '@nestjs/common';
import { ClaimsModule } from '#claims';
import { DocumentsModule } from '#documents';
import { AssuranceModule, FundingModule, SummariesModule } from '#funding';
import { PaymentsModule } from '#payments';
import { ProgrammeModule } from '#programme';
import { AuthorityHome } from './authority-home.js';
import { HomePages } from './home.controller.js';
import { PayerHome } from './payer-home.js';

/** What somebody sees first: what they have to do, and how things stand. */
@Module({
  imports: [
    AssuranceModule,
    ClaimsModule,
    DocumentsModule,
    FundingModule,
    PaymentsModule,
    ProgrammeModule,
    SummariesModule,
  ],
  providers: [AuthorityHome, PayerHome],
  controllers: [HomePages],
})
export class HomePagesModule {}
