import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppConfig, ConfigModule, loadConfig } from '#platform/config';
import { DatabaseModule } from '#platform/database';
import { StorageModule } from '#platform/storage';
import { DEFAULT_TUNING, WorkerTuning } from '../../apps/worker/tuning.js';

/** Quick enough for tests: what production waits a minute for takes a fraction of a second here. */
export const QUICK: WorkerTuning = {
  ...DEFAULT_TUNING,
  lockMs: 1_000,
  pollMs: 100,
  sweepMs: 200,
  shutdownMs: 5_000,
  patience: { sendingMs: 5_000, documentMs: 3_000, deliveryMs: 3_000 },
};

@Module({})
export class TestRoot {}

/** The modules of one process around `parts`, with quick tuning for a worker among them. */
export function testRoot(
  config: AppConfig,
  parts: DynamicModule['imports'],
  tuning: WorkerTuning = QUICK,
): DynamicModule {
  const tuned = {
    module: class Tuning {},
    global: true,
    providers: [{ provide: WorkerTuning, useValue: tuning }],
    exports: [WorkerTuning],
  };
  return {
    module: TestRoot,
    imports: [
      ConfigModule.forRoot(config),
      DatabaseModule.forRoot('test-worker'),
      StorageModule,
      tuned,
      ...(parts ?? []),
    ],
  };
}

/** An application context without HTTP; `env` is what a process would find in its environment. */
export function startContext(
  env: Record<string, string>,
  parts: DynamicModule['imports'],
  tuning?: WorkerTuning,
): Promise<INestApplicationContext> {
  const config = loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', ...env });
  return NestFactory.createApplicationContext(testRoot(config, parts, tuning), { logger: false, abortOnError: false });
}
