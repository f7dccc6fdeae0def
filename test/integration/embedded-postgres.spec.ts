import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { awayFolder } from '../../apps/standalone/embedded/live-folder.js';
import { isAlive } from '../../apps/standalone/embedded/postmaster.js';
import { startPostgres, type RunningPostgres } from '../../apps/standalone/embedded/postgres.js';

describe('the embedded PostgreSQL', () => {
  let root: string;
  let folder: string;
  const started: RunningPostgres[] = [];

  async function start(said: string[] = []): Promise<RunningPostgres> {
    const server = await startPostgres({ folder, durable: false, say: (line) => said.push(line) });
    started.push(server);
    return server;
  }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'claims-postgres-'));
    chmodSync(root, 0o711);
    folder = join(root, 'data');
  });
  afterEach(async () => {
    for (const server of started.splice(0)) await server.stop();
    rmSync(awayFolder(folder), { recursive: true, force: true });
    rmSync(root, { recursive: true, force: true });
  });

  it('keeps its password in a file of its owner only and asks for it', async () => {
    const server = await start();
    expect(statSync(join(folder, 'postgres.password')).mode & 0o777).toBe(0o600);
    const wrong = new URL(server.url('postgres'));
    wrong.password = 'wrong';
    const client = new pg.Client({ connectionString: wrong.href });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  it('listens on the loopback address alone', async () => {
    const server = await start();
    const rows = await ask(
      server,
      `SELECT current_setting('listen_addresses') AS l, current_setting('unix_socket_directories') AS s`,
    );
    expect(rows).toEqual([{ l: '127.0.0.1', s: '' }]);
  });

  it('starts again on the data of a run that was killed, and stops the server that it left behind', async () => {
    const first = await start();
    await ask(first, 'CREATE TABLE kept AS SELECT 1 AS one');
    const said: string[] = [];
    const second = await start(said); // the first was never told to stop, as after a SIGKILL
    expect(isAlive(first.pid)).toBe(false);
    expect(said).toContain('Stopped the PostgreSQL that an earlier run had left behind');
    expect(await ask(second, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  });

  it('starts although the number in its pid file is now another program', async () => {
    const first = await start();
    const data = join(folder, 'postgres');
    cpSync(join(data, 'postmaster.pid'), join(root, 'pid'));
    await first.stop();
    writeFileSync(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n1\n1\n\n127.0.0.1\n0 0\nready   \n`);
    const second = await start();
    expect(await ask(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses data of another major version and says so in one line', async () => {
    mkdirSync(join(folder, 'postgres'), { recursive: true });
    writeFileSync(join(folder, 'postgres/PG_VERSION'), '14\n');
    await expect(start()).rejects.toThrow(
      /holds data of PostgreSQL 14 but this release runs PostgreSQL 18: .*set DATA_DIR to another folder$/,
    );
  });

  it('takes up a start that was cut short while making the data folder', async () => {
    mkdirSync(join(folder, 'postgres.new/base'), { recursive: true });
    const server = await start();
    expect(await ask(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(existsSync(join(folder, 'postgres.new'))).toBe(false);
  });

  const asRoot = process.getuid?.() === 0 ? it : it.skip;
  asRoot('works in a copy where its user cannot enter the folder, and brings it home when it stops', async () => {
    chmodSync(root, 0o700);
    const first = await start();
    await ask(first, 'CREATE TABLE kept AS SELECT 1 AS one');
    await first.stop();
    expect(existsSync(awayFolder(folder))).toBe(false);
    expect(existsSync(join(folder, 'postgres/PG_VERSION'))).toBe(true);
    const second = await start();
    expect(await ask(second, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  });
});

async function ask(server: RunningPostgres, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  client.on('error', () => undefined); // the test may stop the server first
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
