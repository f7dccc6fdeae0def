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
        DatabaseModule.forRoot(PROCESS),
        HealthModule.forRoot(PROCESS),
        ApiModule,
      ],
    };
  }
}

/** One line that says what to do, and an exit code that says it did not start. */
function giveUp(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(2);
}

function readConfig(): AppConfig {
  try {
    const config = loadConfig();
    if (config.database.url === null)
      giveUp('DATABASE_URL is not set: set it, or use `npm start`, which brings a database.');
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return giveUp(error.message);
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
