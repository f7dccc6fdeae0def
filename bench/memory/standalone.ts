import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HttpClient } from '../support/http-client.js';
import { freePort, KEPT, launch, ROOT, until } from '../support/processes.js';
import { type Services } from '../support/services.js';
import { type MemorySample } from './probe.js';

export interface Standalone {
  client: HttpClient;
  /** As the runtime role, and as the owner. */
  url: string;
  ownerUrl: string;
  memory(): Promise<MemorySample>;
  /** E-mails in the embedded mailbox. */
  mails(): number;
  stop(): Promise<void>;
}

interface RunFile {
  database: { url: string; migrationUrl: string };
}

/** What `npm start` runs, on an empty data folder of its own. */
export async function startStandalone(services: Services): Promise<Standalone> {
  const dataDir = join(KEPT, 'standalone');
  rmSync(dataDir, { recursive: true, force: true });
  const port = await freePort();
  const probe = pathToFileURL(join(ROOT, 'dist/bench/memory/probe.js')).href;
  const running = launch({
    name: 'standalone',
    words: ['--expose-gc', '--import', probe, join(ROOT, 'dist/apps/standalone/main.js')],
    env: { PORT: String(port), DATA_DIR: dataDir, RATE_LIMIT_PER_MINUTE: '1000000' },
    ipc: true,
  });
  services.onStop(running);
  const client = new HttpClient(`http://127.0.0.1:${port}`);
  await until(running, async () => (await client.send('GET', '/health/ready', null)).status === 200);
  const { database } = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as RunFile;
  const { child } = running;
  return {
    client,
    url: database.url,
    ownerUrl: database.migrationUrl,
    memory: () =>
      new Promise((done) => {
        child.once('message', (sample) => done(sample as MemorySample));
        child.send('sample');
      }),
    mails: () => {
      const mailbox = join(dataDir, 'mailbox'); // made with its first message
      return existsSync(mailbox) ? readdirSync(mailbox).filter((name) => name.endsWith('.eml')).length : 0;
    },
    stop: async () => {
      client.close();
      await running.stop('SIGINT');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
