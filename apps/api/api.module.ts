import { Inject, Module, Optional, type OnModuleInit, type Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { requireMigrated } from '#platform/database';
import { MIGRATIONS } from '#migrations';
import { ApiDescription, DocsController } from './docs.controller.js';
import { ErrorsController } from './errors.controller.js';
import { AuditApiModule } from './audit/audit-api.module.js';
import { EvidenceApiModule } from './evidence/evidence-api.module.js';
import { ClaimsApiModule } from './claims/claims-api.module.js';
import { GrantsApiModule } from './grants/grants-api.module.js';
import { FundingApiModule } from './funding/funding-api.module.js';
import { Readiness } from '#platform/server';
import { ImportsApiModule } from './imports/imports-api.module.js';
import { JobsApiModule } from './jobs/jobs-api.module.js';
import { LedgerApiModule } from './ledger/ledger-api.module.js';
import { PaymentsApiModule } from './payments/payments-api.module.js';
import { ProgrammeApiModule } from './programme/programme-api.module.js';
import { UsersApiModule } from './users/users-api.module.js';

/** The features whose controllers make up the API: add a module of controllers here. */
export const API_FEATURES: Type[] = [
  ProgrammeApiModule,
  ClaimsApiModule,
  EvidenceApiModule,
  FundingApiModule,
  ImportsApiModule,
  GrantsApiModule,
  PaymentsApiModule,
  JobsApiModule,
  UsersApiModule,
  AuditApiModule,
  LedgerApiModule,
];

/** What the API is without any feature: its error codes, its description, its readiness. */
@Module({ controllers: [ErrorsController, DocsController], providers: [ApiDescription] })
export class ApiCoreModule implements OnModuleInit {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Optional() @Inject(DataSource) private readonly source?: DataSource,
  ) {}

  onModuleInit(): void {
    const { source } = this;
    if (!source) return;
    this.readiness.register('database', async () => {
      await source.query('SELECT 1');
    });
    this.readiness.register('migrations', () => requireMigrated(source, MIGRATIONS));
  }
}

/**
 * The API. The process that mounts it brings what is one a process: ConfigModule, DatabaseModule, HealthModule and a
 * provider of `Authenticator` that every module sees.
 */
@Module({ imports: [ApiCoreModule, ...API_FEATURES] })
export class ApiModule {}
