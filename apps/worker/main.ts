import { once } from 'node:events';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AppConfig, ConfigError, ConfigModule, loadConfig } from '#platform/config';
import { DatabaseModule } from '#platform/database';
import { StorageModule } from '#platform/storage';
import { createLogger, describeError, Metrics, NestLogger } from '#platform/telemetry';
import { probeServer } from './probe-server.js';
import { WorkerModule } from './worker.module.js';

const PROCESS = 'worker';

@Global()
@Module({
  providers: [{ provide: Metrics, useFactory: () => new Metrics({ process: PROCESS }) }],
  exports: [Metrics],
})
class MetricsModule {}

/** The worker as a process of its own. */
@Module({})
class WorkerProcess {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: WorkerProcess,
      imports: [
        ConfigModule.forRoot(config),
        DatabaseModule.forRoot(PROCESS),
        StorageModule,
        MetricsModule,
        WorkerModule,
      ],
    };
  }
}

function readConfig(): AppConfig {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

const config = readConfig();
const logger = createLogger({ level: config.logLevel, process: PROCESS });
try {
  const app = await NestFactory.createApplicationContext(WorkerProcess.forRoot(config), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  app.enableShutdownHooks();
  if (config.worker.port !== null) {
    const source = app.get(DataSource);
    const probes = probeServer({
      ready: async () => void (await source.query('SELECT 1')),
      metrics: () => app.get(Metrics).text(),
    });
    await once(probes.listen(config.worker.port, config.http.host).unref(), 'listening');
  }
  logger.info('taking jobs');
} catch (error) {
  logger.fatal({ error: describeError(error) }, 'the worker could not start');
  process.exit(1);
}
