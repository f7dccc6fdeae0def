import { Module, type DynamicModule, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { systemClock } from '#kernel';
import { ConfigModule, type AppConfig } from '#platform/config';
import { DatabaseModule } from '#platform/database';
import { seedAll } from '#seeds';
import { say } from './command.js';
import { openDatabase } from './database.js';
import { StartFailure } from './embedded/failure.js';
import { businessClock, refuseUnwritable } from './settings.js';
import { claimDataDir, readRunFile, removeRunFile } from './run-file.js';

@Module({})
class CommandProcess {
  static forRoot(config: AppConfig, features: Type[]): DynamicModule {
    return {
      module: CommandProcess,
      imports: [ConfigModule.forRoot(config), DatabaseModule.forRoot('command'), ...features],
    };
  }
}

export interface Reached {
  /** The settings with the database's address and the clock of the running service filled in. */
  config: AppConfig;
  /** As the runtime role. */
  url: string;
  stop(): Promise<void>;
}

/**
 * The database that a command works on: that of the `npm start` running on this DATA_DIR (with its clock), else that of
 * DATABASE_URL, else the embedded one, started for as long as the command takes. @throws StartFailure
 */
export async function reachDatabase(config: AppConfig): Promise<Reached> {
  const running = readRunFile(config.dataDir);
  if (running === null) return openOwn(config);
  const { database, clockOffsetMs } = running;
  if (database === null) {
    throw new StartFailure(`It is just starting on DATA_DIR ${config.dataDir}: try again when it is ready`);
  }
  const testClock = clockOffsetMs === 0 ? null : new Date(systemClock.now().getTime() + clockOffsetMs);
  const reached = { ...config, testClock, database: { ...config.database, ...database } };
  return { config: reached, url: database.url, stop: async () => undefined };
}

async function openOwn(config: AppConfig): Promise<Reached> {
  refuseUnwritable(config.dataDir);
  claimDataDir(config.dataDir, 'the command line');
  try {
    const database = await openDatabase(config, say);
    const stop = async (): Promise<void> => {
      await database.stop();
      removeRunFile(config.dataDir);
    };
    const { url, migrationUrl, server } = database;
    const reached = { ...config, database: { ...config.database, url, migrationUrl } };
    try {
      await seedAll(url, { demo: server !== null, clock: businessClock(config) });
    } catch (error) {
      await stop();
      throw error;
    }
    return { config: reached, url, stop };
  } catch (error) {
    removeRunFile(config.dataDir);
    throw error;
  }
}

/** Gives a command the use cases of some features. */
export async function besideService<T>(
  config: AppConfig,
  features: Type[],
  work: (app: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const reached = await reachDatabase(config);
  try {
    return await withApp(reached.config, features, work);
  } finally {
    await reached.stop();
  }
}

async function withApp<T>(
  config: AppConfig,
  features: Type[],
  work: (app: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const small = { ...config, database: { ...config.database, poolSize: 2 } };
  const app = await NestFactory.createApplicationContext(CommandProcess.forRoot(small, features), {
    logger: ['error', 'fatal'],
    abortOnError: false,
  });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}
