import { Module, type Type } from '@nestjs/common';
import { AccountPagesModule } from './account/account-pages.module.js';
import { AdminPagesModule } from './admin/admin-pages.module.js';
import { AssurancePagesModule } from './assurance/assurance-pages.module.js';
import { AuditPagesModule } from './audit/audit-pages.module.js';
import { AllocationsPagesModule } from './allocations/allocations-pages.module.js';
import { AuthoritiesPagesModule } from './authorities/authorities-pages.module.js';
import { BankDetailsPagesModule } from './bank-details/bank-details-pages.module.js';
import { BankPagesModule } from './bank/bank-pages.module.js';
import { ClaimFormPagesModule } from './claim-form/claim-form-pages.module.js';
import { ClaimImportsPagesModule } from './claim-imports/claim-imports-pages.module.js';
import { ClaimsPagesModule } from './claims/claims-pages.module.js';
import { EvidencePagesModule } from './evidence/evidence-pages.module.js';
import { FundingPagesModule } from './funding/funding-pages.module.js';
import { HelpPagesModule } from './help/help-pages.module.js';
import { GrantsPagesModule } from './grants/grants-pages.module.js';
import { PageModule } from './page/page.module.js';
import { HomePagesModule } from './home/home-pages.module.js';
import { PaymentsPagesModule } from './payments/payments-pages.module.js';
import { ProgrammePagesModule } from './programme/programme-pages.module.js';
import { ReportsPagesModule } from './reports/reports-pages.module.js';
import { ReviewPagesModule } from './review/review-pages.module.js';
import { SearchPagesModule } from './search/search-pages.module.js';
import { SignInPagesModule } from './sign-in/sign-in-pages.module.js';

/** The areas whose pages make up the web: add a module of page controllers here. */
export const PAGES: Type[] = [
  SignInPagesModule,
  HomePagesModule,
  FundingPagesModule,
  ReportsPagesModule,
  ClaimsPagesModule,
  ClaimFormPagesModule,
  ClaimImportsPagesModule,
  EvidencePagesModule,
  ReviewPagesModule,
  AssurancePagesModule,
  PaymentsPagesModule,
  BankPagesModule,
  SearchPagesModule,
  AccountPagesModule,
  AdminPagesModule,
  AuditPagesModule,
  AllocationsPagesModule,
  GrantsPagesModule,
  BankDetailsPagesModule,
  AuthoritiesPagesModule,
  ProgrammePagesModule,
  HelpPagesModule,
];

/** The pages. The process that mounts it brings what is one a process, as for the API, and calls `configurePages`. */
@Module({ imports: [PageModule, ...PAGES] })
export class WebModule {}
