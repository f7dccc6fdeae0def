import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { isAlive, readPostmaster } from '../../apps/standalone/embedded/postmaster.js';
import { type RunFacts } from '../../apps/standalone/run-file.js';
import { freePort } from '../../apps/standalone/embedded/ports.js';
import { ensureBuilt, runCommand, Standalone } from '../support/standalone.js';

describe('npm start', () => {
  let root: string;
  let dataDir: string;
  let port: number;
  const running: Standalone[] = [];

  beforeAll(() => {
    ensureBuilt();
  }, 240_000);
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'claims-start-'));
    chmodSync(root, 0o711);
    dataDir = join(root, 'data');
    port = await freePort();
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.end();
    rmSync(root, { recursive: true, force: true });
  });

  function start(settings: Record<string, string> = {}): Standalone {
    const one = Standalone.spawn({ DATA_DIR: dataDir, PORT: String(port), ...settings });
    running.push(one);
    return one;
  }

  function facts(): RunFacts {
    return JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as RunFacts;
  }

  /** Starts something that must refuse, and gives its exit code and what it said on stderr. */
  function refusal(settings: Record<string, string> = {}): { code: number | null; err: string } {
    const { code, err } = runCommand([], { DATA_DIR: dataDir, PORT: String(port), ...settings });
    return { code, err };
  }

  it('serves, stops cleanly on Ctrl-C, and keeps its data over a restart and a SIGKILL', async () => {
    const first = start();
    const address = await first.ready();
    expect(address).toBe(`http://localhost:${port}`);
    expect(first.output).toContain('finance@brent.example');
    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
    expect(statSync(join(dataDir, 'run.json')).mode & 0o777).toBe(0o600);
    await change(facts().database?.migrationUrl ?? '', 'CREATE TABLE kept AS SELECT 107820 AS pence');
    expect(await first.end('SIGINT')).toBe(0);
    expect(first.output).toContain('Stopped');
    expect(existsSync(join(dataDir, 'run.json'))).toBe(false);
    expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false);

    const second = start();
    await second.ready();
    await change(facts().database?.migrationUrl ?? '', 'UPDATE kept SET pence = 7820');
    await second.end('SIGKILL');
    const left = readPostmaster(join(dataDir, 'postgres'));
    expect(left !== null && isAlive(left.pid)).toBe(true);

    const third = start();
    await third.ready();
    expect(await change(facts().database?.migrationUrl ?? '', 'SELECT pence FROM kept')).toEqual([{ pence: 7820 }]);
    expect(isAlive(left?.pid ?? 0)).toBe(false);
    expect(await third.end('SIGTERM')).toBe(0);
  }, 120_000);

  it('lets commands work beside it, refuses a second one, and works as a role that owns nothing', async () => {
    const first = start({ TEST_CLOCK: '2018-03-20T09:00:00Z' });
    await first.ready();
    const rows = await change(
      facts().database?.url ?? '',
      'SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = session_user',
    );
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false }]);
    await expect(change(facts().database?.url ?? '', 'CREATE TABLE mine ()')).rejects.toThrow(/permission denied/);

    const { code, out } = runCommand(['token', 'finance@brent.example'], { DATA_DIR: dataDir });
    const token = out.trim().split('\n').at(-1) ?? '';
    expect({ code, lines: out.trim().split('\n').length }).toEqual({ code: 0, lines: 1 });
    // Good although the service's clock says 2018: the command goes by the same one.
    expect(await authorities(token)).toBe(200);
    expect(await authorities(`${token}x`)).toBe(401);
    expect(runCommand(['token', 'nobody@brent.example'], { DATA_DIR: dataDir })).toEqual({
      code: 1,
      out: '',
      err: 'There is no user nobody@brent.example\n',
    });

    expect(refusal({ PORT: String(await freePort()) })).toEqual({
      code: 1,
      err: expect.stringMatching(
        /^It already runs on DATA_DIR .* stop that one, or set DATA_DIR and PORT to others\n$/,
      ),
    });
    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
  }, 120_000);

  it('gives a token where nothing runs, and leaves nothing running', () => {
    const { code, out } = runCommand(['token', 'approver@mtm.example'], { DATA_DIR: dataDir });
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^\S{30,}\n$/) });
    expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
    expect(existsSync(join(dataDir, 'run.json'))).toBe(false);
  }, 120_000);

  async function authorities(token: string): Promise<number> {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`http://127.0.0.1:${port}/api/v1/authorities`, { headers })).status;
  }

  describe('refuses in one line that says what to do', () => {
    let taken: Server | null = null;
    afterEach(() => {
      taken?.close();
    });

    it('when the port is in use', async () => {
      const server = createServer();
      taken = server;
      await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
      expect(refusal()).toEqual({
        code: 1,
        err: expect.stringMatching(/^Port \d+ is in use: .*set PORT to another one.*\n$/),
      });
      expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
    });

    it('when DATA_DIR cannot be written', () => {
      writeFileSync(dataDir, 'a file, not a folder');
      expect(refusal()).toEqual({
        code: 1,
        err: expect.stringMatching(/^DATA_DIR .* cannot be written .*set DATA_DIR to another folder\n$/),
      });
    });

    it('when DATA_DIR is where no folder can be made', () => {
      expect(refusal({ DATA_DIR: '/proc/claims/var' }).err).toMatch(/^DATA_DIR \/proc\/claims\/var cannot be written /);
    });

    it('when REDIS_URL is not answered', () => {
      const { code, err } = refusal({ REDIS_URL: 'redis://user:secret@127.0.0.1:1' });
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/^REDIS_URL: Redis at 127\.0\.0\.1:1 does not answer \(ECONNREFUSED\): .*\n$/),
      ]);
      expect(err).not.toContain('secret');
    });

    it('when DATA_DIR holds the data of another major version', () => {
      mkdirSync(join(dataDir, 'postgres'), { recursive: true });
      writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '15\n');
      expect(refusal()).toEqual({
        code: 1,
        err: expect.stringMatching(/^DATA_DIR .* holds data of PostgreSQL 15 but this release runs .*\n$/),
      });
    });

    it('when DATABASE_URL is not answered, without repeating its password', async () => {
      const url = `postgresql://claims:hidden1@127.0.0.1:${await freePort()}/claims`;
      const { code, err } = refusal({ DATABASE_URL: url });
      expect(err).toMatch(/^DATABASE_URL: PostgreSQL at 127\.0\.0\.1:\d+ does not let us in \(ECONNREFUSED\): .*\n$/);
      expect({ code, told: err.includes('hidden1') }).toEqual({ code: 1, told: false });
    });

    it('when a setting cannot be used', () => {
      expect(refusal({ PORT: 'high' })).toEqual({
        code: 1,
        err: expect.stringMatching(/^Settings: PORT is "high"; .*\n$/),
      });
    });

    it('when a command is not known', () => {
      expect(runCommand(['bakcup'], { DATA_DIR: dataDir })).toMatchObject({
        code: 1,
        err: expect.stringMatching(/^There is no command "bakcup": there are backup, .*\n$/),
      });
    });
  });
});

async function change(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
