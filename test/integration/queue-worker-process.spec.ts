import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../apps/standalone/embedded/ports.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/postgres.js';

const LOADER = new URL('../support/source-loader.mjs', import.meta.url).href;
const MAIN = fileURLToPath(new URL('../../apps/worker/main.ts', import.meta.url));

describe('apps/worker as a process', () => {
  let database: TestDatabase;
  let empty: TestDatabase;
  let dataDir: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    empty = await createEmptyDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'claims-worker-'));
  });
  afterAll(async () => {
    await database.drop();
    await empty.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  function start(env: Record<string, string>) {
    const child = spawn(process.execPath, ['--no-warnings', '--import', LOADER, MAIN], {
      env: { PATH: process.env['PATH'], NODE_ENV: 'test', TZ: 'UTC', DATA_DIR: dataDir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const exit = once(child, 'exit') as Promise<[number | null]>;
    const said = new Promise<void>((resolve) => {
      const hear = (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('taking jobs')) resolve();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
    });
    return { child, exit, ready: Promise.race([said, exit]), output: () => output };
  }

  it('answers its probes, shows its measures and stops in an orderly way', async () => {
    const port = await freePort();
    const worker = start({ DATABASE_URL: database.url, WORKER_PORT: String(port) });
    await worker.ready;
    try {
      const get = async (path: string) => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`);
        return { status: answer.status, text: await answer.text() };
      };
      expect((await get('/health/live')).status).toBe(200);
      expect((await get('/health/ready')).status).toBe(200);
      const { text } = await get('/metrics');
      for (const name of [
        'queue_jobs_waiting',
        'queue_jobs_failed',
        'outbox_waiting',
        'outbox_oldest_seconds',
        'deliveries_failed',
      ]) {
        expect(text).toMatch(new RegExp(`^${name}\\{process="worker"\\} 0$`, 'm'));
      }
      expect((await get('/other')).status).toBe(404);
    } finally {
      worker.child.kill('SIGTERM');
    }
    await worker.exit;
    expect([0, 'SIGTERM']).toContain(worker.child.signalCode ?? worker.child.exitCode);
  }, 60_000);

  it('does not start on a database that is not migrated', async () => {
    const worker = start({ DATABASE_URL: empty.adminUrl });
    const [code] = await worker.exit;
    expect(code).toBe(1);
    expect(worker.output()).toContain('the worker could not start');
  }, 60_000);

  it('does not start with settings it cannot use', async () => {
    const worker = start({ DATABASE_URL: 'http://nowhere', WORKER_PORT: 'x' });
    const [code] = await worker.exit;
    expect(code).toBe(2);
    expect(worker.output()).toContain('WORKER_PORT');
  }, 60_000);
});
