import { Module, type DynamicModule } from '@nestjs/common';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigModule, type AppConfig } from '#platform/config';
import { DatabaseModule } from '#platform/database';
import { createHttpApp, HealthModule } from '#platform/server';
import { StorageModule } from '#platform/storage';
import { ApiModule } from '../api/api.module.js';
import { apiOptions } from '../api/app.js';
import { webOptions } from '../web/app.js';
import { WebModule } from '../web/web.module.js';
import { WorkerModule } from '../worker/worker.module.js';
import { MailboxModule } from './mailbox/mailbox.module.js';

const PROCESS = 'standalone';

/** The API, the pages and the worker, sharing one configuration, one clock and one pool of connections. */
@Module({})
class StandaloneProcess {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: StandaloneProcess,
      imports: [
        ConfigModule.forRoot(config),
        DatabaseModule.forRoot(PROCESS),
        StorageModule,
        HealthModule.forRoot(PROCESS),
        ApiModule,
        WebModule,
        WorkerModule,
        ...(config.mail.smtpUrl === null ? [MailboxModule] : []),
      ],
    };
  }
}

/** Initialised, jobs being taken, not yet listening. */
export function createStandaloneApp(config: AppConfig): Promise<NestFastifyApplication> {
  return createHttpApp(StandaloneProcess.forRoot(config), {
    config,
    process: PROCESS,
    filters: webOptions.filters,
    extend: [...apiOptions.extend, ...webOptions.extend],
  });
}
