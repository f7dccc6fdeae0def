import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module, type DynamicModule } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { pino } from 'pino';
import { IssueToken } from '#identity';
import { ConfigModule, loadConfig } from '#platform/config';
import { DatabaseModule, UnitOfWork } from '#platform/database';
import { ApiCoreModule } from '../../apps/api/api.module.js';
import { createApiApp } from '../../apps/api/app.js';
import { AuditApiModule } from '../../apps/api/audit/audit-api.module.js';
import { HealthModule } from '#platform/server';
import { UsersApiModule } from '../../apps/api/users/users-api.module.js';
import { loadDemoUsers } from '../../seeds/demo-users.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

@Module({})
class TestRoot {}

describe('users and audit over HTTP', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  let app: NestFastifyApplication;
  let base: string;
  let dataDir: string;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    await admin.query(`INSERT INTO authority (code, name, ons_code) VALUES ('BRENT', 'Brent', 'E09000005')`);
    dataDir = await mkdtemp(join(tmpdir(), 'identity-http-'));
    const config = loadConfig({ NODE_ENV: 'test', DATABASE_URL: database.url, DATA_DIR: dataDir });
    const root: DynamicModule = {
      module: TestRoot,
      imports: [
        ConfigModule.forRoot(config),
        DatabaseModule.forRoot('test'),
        HealthModule.forRoot('test'),
        UsersApiModule,
        AuditApiModule,
        ApiCoreModule,
      ],
    };
    app = await createApiApp(root, { config, process: 'test', logger: pino({ level: 'silent' }) });
    await app.listen(0, '127.0.0.1');
    base = `${await app.getUrl()}/api/v1`;
    await loadDemoUsers(app.get(UnitOfWork), config);
    const issue = app.get(IssueToken);
    for (const who of [
      'admin@mtm',
      'auditor@mtm',
      'finance@mtm',
      'coordinator@mtm',
      'finance@brent',
      'finance@bristol',
    ]) {
      tokens.set(who, (await issue.forEmail(`${who}.example`, { label: 'test' })).token);
    }
  });
  afterAll(async () => {
    await app.close();
    await admin.end();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function call(
    who: string | null,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) {
    const token = who === null ? undefined : (tokens.get(who) ?? who);
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = (answer.headers.get('content-type') ?? '').includes('json')
      ? (JSON.parse(text) as Record<string, unknown>)
      : {};
    return { status: answer.status, headers: answer.headers, text, json };
  }
  const create = (email: string, more: object = {}, headers?: Record<string, string>) =>
    call(
      'admin@mtm',
      'POST',
      '/users',
      { email, name: 'N', organisation: 'BRENT', roles: ['la_manager'], ...more },
      headers,
    );

  it('tells who one is, and 401 with its reason to who is nobody', async () => {
    expect((await call('finance@brent', 'GET', '/me')).json).toMatchObject({
      email: 'finance@brent.example',
      organisation: 'BRENT',
      roles: ['la_finance'],
    });
    expect(await call(null, 'GET', '/me')).toMatchObject({ status: 401, json: { code: 'unauthenticated' } });
    expect(await call(`pct_${'A'.repeat(43)}`, 'GET', '/me')).toMatchObject({ status: 401 });
  });

  it('makes a user once for one Idempotency-Key, and changes them with If-Match', async () => {
    const key = { 'idempotency-key': 'user-1' };
    const first = await create('one@brent.example', {}, key);
    expect(first).toMatchObject({ status: 201, json: { version: 1, active: true } });
    const path = String(first.headers.get('location')).replace('/api/v1', '');
    const again = await create('one@brent.example', {}, key);
    expect(again.json).toEqual(first.json);
    expect(again.headers.get('idempotency-hit')).toBe('true');
    const change = { email: 'one@brent.example', name: 'M', roles: ['la_finance'] };
    expect(await call('admin@mtm', 'PUT', path, change)).toMatchObject({ status: 428 });
    const read = await call('admin@mtm', 'GET', path);
    const changed = await call('admin@mtm', 'PUT', path, change, { 'if-match': String(read.headers.get('etag')) });
    expect(changed).toMatchObject({ status: 200, json: { name: 'M', roles: ['la_finance'], version: 2 } });
    expect(await call('admin@mtm', 'PUT', path, change, { 'if-match': '"v1"' })).toMatchObject({ status: 412 });
    expect(await call('admin@mtm', 'POST', `${path}/deactivate`, {}, { 'if-match': '"v1"' })).toMatchObject({
      status: 412,
    });
    expect(await call('admin@mtm', 'POST', `${path}/deactivate`, {})).toMatchObject({
      status: 200,
      json: { active: false },
    });
    expect(await call('admin@mtm', 'POST', `${path}/activate`)).toMatchObject({ status: 200, json: { active: true } });
    expect(await call('admin@mtm', 'PUT', path, { ...change, organisation: 'MTM' })).toMatchObject({ status: 400 });
  });

  it('issues a token that is told once and kept nowhere, whatever Idempotency-Key comes with it', async () => {
    const { json: user } = await create('two@brent.example');
    const issue = () =>
      call(
        'admin@mtm',
        'POST',
        `/users/${String(user['id'])}/tokens`,
        { label: 'x' },
        { 'idempotency-key': 'token-1' },
      );
    const first = await issue();
    const second = await issue();
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.headers.get('location')).toBeNull();
    expect(second.json['token']).not.toBe(first.json['token']);
    const kept = await admin.query(`SELECT count(*)::int AS n FROM idempotency_key WHERE answer::text LIKE '%pct_%'`);
    expect(kept.rows).toEqual([{ n: 0 }]);
    const token = String(first.json['token']);
    expect(await call(token, 'GET', '/me')).toMatchObject({ status: 200, json: { email: 'two@brent.example' } });
    expect(await call(token, 'POST', `/tokens/${String(first.json['id'])}/revoke`, {})).toMatchObject({ status: 200 });
    expect(await call(token, 'GET', '/me')).toMatchObject({ status: 401, json: { code: 'token_revoked' } });
    const listed = await call('admin@mtm', 'GET', `/users/${String(user['id'])}/tokens`);
    expect(listed.json['items']).toHaveLength(2);
    expect(listed.text).not.toContain(token);
    const csv = await call('admin@mtm', 'GET', `/users/${String(user['id'])}/tokens`, undefined, {
      accept: 'text/csv',
    });
    expect(csv.text.split('\r\n')[0]).toBe('id,userId,label,createdAt,expiresAt,revokedAt');
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(3);
    expect(csv.text).not.toContain(token);
  });

  it('answers 404 for another authority’s user, 403 with a reason for a role that may not, 400 for rubbish', async () => {
    const brent = (await call('finance@brent', 'GET', '/me')).json;
    const path = `/users/${String(brent['id'])}`;
    for (const [method, url] of [
      ['GET', path],
      ['PUT', path],
      ['POST', `${path}/deactivate`],
      ['POST', `${path}/activate`],
      ['GET', `${path}/tokens`],
      ['POST', `${path}/tokens`],
    ] as const) {
      const body = url.endsWith('tokens')
        ? { label: 'x' }
        : method === 'PUT'
          ? { email: 'a@b.example', name: 'N', roles: ['la_finance'] }
          : {};
      expect(await call('finance@bristol', method, url, method === 'GET' ? undefined : body)).toMatchObject({
        status: 404,
      });
    }
    expect(await call('finance@brent', 'GET', '/users')).toMatchObject({
      status: 403,
      json: { code: 'role_not_allowed', detail: 'You may not read users. Who may: auditor, administrator.' },
    });
    expect(await call('admin@mtm', 'GET', '/users/no-id')).toMatchObject({ status: 404 });
    expect(await call('admin@mtm', 'GET', '/users?limit=0')).toMatchObject({ status: 400 });
    expect(await call('admin@mtm', 'GET', '/users?colour=red')).toMatchObject({ status: 400 });
    expect(await create('not an address')).toMatchObject({ status: 400 });
    expect(await create('x@brent.example', { roles: ['coordinator'] })).toMatchObject({
      status: 422,
      json: { code: 'role_not_of_organisation' },
    });
    const me = (await call('admin@mtm', 'GET', '/me')).json;
    const own = await call(
      'admin@mtm',
      'PUT',
      `/users/${String(me['id'])}`,
      { email: me['email'], name: 'N', roles: ['auditor'] },
      { 'if-match': '"v1"' },
    );
    expect(own).toMatchObject({ status: 403, json: { code: 'own_roles' } });
  });

  it('gives the trail as pages and as CSV: all to MTM, its own to an authority', async () => {
    const all = await call('auditor@mtm', 'GET', '/audit?limit=200&action=user.created');
    const items = all.json['items'] as { chain: string; after: object; hash: string }[];
    expect(new Set(items.map((item) => item.chain)).size).toBe(11);
    expect(items[0]).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const own = (await call('finance@brent', 'GET', '/audit')).json['items'] as { chain: string }[];
    expect([...new Set(own.map((item) => item.chain))]).toEqual(['BRENT']);
    expect((await call('finance@brent', 'GET', '/audit?chain=BRISTOL')).json['items']).toEqual([]);
    const csv = await call('coordinator@mtm', 'GET', '/audit?limit=2', undefined, { accept: 'text/csv' });
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.text.split('\r\n')).toHaveLength(4);
    expect(await call('auditor@mtm', 'GET', '/audit?from=yesterday')).toMatchObject({ status: 400 });
    expect(await call('auditor@mtm', 'GET', '/audit?cursor=abc')).toMatchObject({
      status: 400,
      json: { code: 'cursor_unknown' },
    });
  });

  it('verifies the trail, and names the entry that was changed', async () => {
    expect(await call('auditor@mtm', 'POST', '/audit/checkpoints')).toMatchObject({ status: 403 });
    const sealed = await call('admin@mtm', 'POST', '/audit/checkpoints');
    expect(sealed).toMatchObject({ status: 201, json: { number: 1 } });
    expect(sealed.json['heads']).toHaveLength(11);
    const file = JSON.parse(
      await readFile(join(dataDir, 'checkpoints', 'checkpoint-000000001.json'), 'utf8'),
    ) as object;
    expect(file).toEqual({ format: 'audit-checkpoint-v1', ...sealed.json });
    expect((await call('finance@mtm', 'GET', '/audit/verify')).json).toMatchObject({
      ok: true,
      chains: 11,
      checkpoints: 1,
      findings: [],
    });
    await admin.query('SET session_replication_role = replica');
    await admin.query(
      `UPDATE audit_entry SET after = '{"roles": ["la_finance", "mtm_approver"]}' WHERE chain = 'BRENT' AND seq = 1`,
    );
    await admin.query('SET session_replication_role = origin');
    expect(await call('auditor@mtm', 'GET', '/audit/verify?chain=BRENT')).toMatchObject({
      status: 200,
      json: { ok: false, findings: [{ chain: 'BRENT', seq: 1, kind: 'changed', detail: expect.any(String) }] },
    });
    expect(await call('coordinator@mtm', 'GET', '/audit/verify')).toMatchObject({
      status: 403,
      json: { code: 'role_not_allowed' },
    });
    expect(await call('finance@brent', 'GET', '/audit/verify')).toMatchObject({ status: 403 });
  });
});
