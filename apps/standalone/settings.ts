import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname } from 'node:path';
import { clockFrom, systemClock, type Clock } from '#kernel';
import { ConfigError, loadConfig, type AppConfig } from '#platform/config';
import { StartFailure, systemCode } from './embedded/failure.js';

/** The settings, or one line about all that is wrong with them. */
export function settings(): AppConfig {
  try {
    return loadConfig();
  } catch (error) {
    if (error instanceof ConfigError) throw new StartFailure(`Settings: ${error.problems.join(' ')}`);
    throw error;
  }
}

/** The machine's clock, or the one that starts from TEST_CLOCK. */
export function businessClock({ testClock }: AppConfig): Clock {
  return testClock === null ? systemClock : clockFrom(testClock);
}

export function refuseUnwritable(dataDir: string): void {
  try {
    makeFolder(dataDir);
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartFailure(
      `DATA_DIR ${dataDir} cannot be written (${systemCode(error)}): make it writable for this user, or set DATA_DIR to another folder`,
    );
  }
}

/** One folder after the other: Node's own recursive mkdir never ends below one that takes no entries, as /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** Before anything is started, so that a mistake costs no waiting. @throws StartFailure */
export async function refusePortInUse(port: number, host: string): Promise<void> {
  await new Promise<void>((free, refused) => {
    const server = createServer();
    server.once('error', (error) => refused(portFailure(error, port, host)));
    server.listen({ port, host, exclusive: true }, () => server.close(() => free()));
  });
}

/** A Redis that is set must answer: jobs would wait for it without a word. @throws StartFailure */
export async function refuseSilentRedis(redisUrl: string | null): Promise<void> {
  if (redisUrl === null) return;
  const { hostname, port } = new URL(redisUrl);
  await new Promise<void>((answered, refused) => {
    const socket = connect({ host: hostname, port: Number(port || 6379), timeout: 10_000 }, () => {
      socket.destroy();
      answered();
    });
    const fail = (reason: string) => {
      socket.destroy();
      refused(
        new StartFailure(
          `REDIS_URL: Redis at ${hostname}:${port || 6379} does not answer (${reason}): start it, or correct REDIS_URL`,
        ),
      );
    };
    socket.once('error', (error) => fail(systemCode(error)));
    socket.once('timeout', () => fail('ETIMEDOUT'));
  });
}

/** The same words whether the port was taken before the start or during it. */
export function portFailure(error: unknown, port: number, host: string): unknown {
  const code = systemCode(error);
  if (code === 'EADDRINUSE') {
    return new StartFailure(
      `Port ${port} is in use: stop what uses it, or set PORT to another one (PORT=${port + 1} npm start)`,
    );
  }
  if (code === 'EACCES')
    return new StartFailure(`Port ${port} may not be used by this user: set PORT to one above 1023`);
  if (code === 'EADDRNOTAVAIL') return new StartFailure(`HOST ${host} is no address of this machine: correct HOST`);
  return error;
}
