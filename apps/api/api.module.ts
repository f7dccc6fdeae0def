import { Inject, Module, Optional, type OnModuleInit, type Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ApiDescription, DocsController } from './docs.controller.js';
import { ErrorsController } from './errors.controller.js';
import { AuditApiModule } from './audit/audit-api.module.js';
import { Readiness } from './health/readiness.js';
import { UsersApiModule } from './users/users-api.module.js';

/** The features whose controllers make up the API: add a module of controllers here. */
export const API_FEATURES: Type[] = [AuditApiModule, UsersApiModule];

/**
 * The API. The process that mounts it brings what is one a process: ConfigModule, DatabaseModule, HealthModule and a
 * provider of `Authenticator`.
 */
@Module({ imports: API_FEATURES, controllers: [ErrorsController, DocsController], providers: [ApiDescription] })
export class ApiModule implements OnModuleInit {
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
  }
}
