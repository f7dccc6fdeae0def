import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigModule, type AppConfig } from '#platform/config';
import { DatabaseModule } from '#platform/database';
import { ApiModule } from '../api/api.module.js';
import { createApiApp } from '../api/app.js';
import { HealthModule } from '../api/health/health.module.js';

const PROCESS = 'standalone';

/** The API, the worker and standalone's own pages, sharing one configuration and one pool of connections. */
@Module({})
class StandaloneProcess {
  static forRoot(config: AppConfig, parts: (Type | DynamicModule)[]): DynamicModule {
    return {
      module: StandaloneProcess,
      imports: [
        ConfigModule.forRoot(config),
        DatabaseModule.forRoot([], PROCESS),
        HealthModule.forRoot(PROCESS),
        ApiModule,
        ...parts,
      ],
    };
  }
}

/** Initialised, jobs being taken, not yet listening. */
export async function createStandaloneApp(config: AppConfig): Promise<NestFastifyApplication> {
  const worker = await optional('../worker/worker.module', 'WorkerModule');
  const parts = [worker].filter((part): part is Type => part !== null);
  return createApiApp(StandaloneProcess.forRoot(config, parts), { config, process: PROCESS });
}

async function optional(path: string, name: string): Promise<unknown> {
  const url = new URL(`${path}.js`, import.meta.url);
  if (!existsSync(fileURLToPath(url))) return null;
  return ((await import(url.href)) as Record<string, unknown>)[name] ?? null;
}
