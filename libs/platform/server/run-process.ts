import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { ConfigError, ConfigModule, loadConfig, type AppConfig } from '#platform/config';
import { DatabaseModule } from '#platform/database';
import { createLogger, describeError } from '#platform/telemetry';
import { HealthModule } from './health.module.js';
import { createHttpApp, type HttpAppOptions } from './http-app.js';

/** What is one a process: its settings, its pool of connections, its health; and the modules it is there for. */
@Module({})
class HttpProcess {
  static of(name: string, config: AppConfig, module: Type): DynamicModule {
    return {
      module: HttpProcess,
      imports: [ConfigModule.forRoot(config), DatabaseModule.forRoot(name), HealthModule.forRoot(name), module],
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

/** Runs a module as a process of its own that answers requests until it is told to stop. `name` is for logs and metrics. */
export async function runHttpProcess(
  name: string,
  module: Type,
  options: Pick<HttpAppOptions, 'extend' | 'filters'> = {},
): Promise<void> {
  const config = readConfig();
  const logger = createLogger({ level: config.logLevel, process: name });
  try {
    const app = await createHttpApp(HttpProcess.of(name, config, module), {
      ...options,
      config,
      process: name,
      logger,
    });
    app.enableShutdownHooks();
    await app.listen(config.http.port, config.http.host);
    logger.info({ port: config.http.port }, 'listening');
  } catch (error) {
    logger.fatal({ error: describeError(error) }, `the ${name} process could not start`);
    process.exit(1);
  }
}
