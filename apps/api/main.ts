import { Module, type DynamicModule } from '@nestjs/common';
import { AppConfig, ConfigError, ConfigModule, loadConfig } from '#platform/config';
import { DatabaseModule } from '#platform/database';
import { createLogger, describeError } from '#platform/telemetry';
import { ApiModule } from './api.module.js';
import { createApiApp } from './app.js';
import { HealthModule } from './health/health.module.js';

const PROCESS = 'api';

/** The API as a process of its own; Redis or the database carries its jobs to the worker processes. */
@Module({})
class ApiProcess {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: ApiProcess,
      imports: [
        ConfigModule.forRoot(config),
        DatabaseModule.forRoot([], PROCESS),
        HealthModule.forRoot(PROCESS),
        ApiModule,
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
  const app = await createApiApp(ApiProcess.forRoot(config), { config, process: PROCESS, logger });
  app.enableShutdownHooks();
  await app.listen(config.http.port, config.http.host);
  logger.info({ port: config.http.port }, 'listening');
} catch (error) {
  logger.fatal({ error: describeError(error) }, 'the API could not start');
  process.exit(1);
}
