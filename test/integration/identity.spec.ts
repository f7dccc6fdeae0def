import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type DataSource } from 'typeorm';
import {
  CreateUser,
  IssueToken,
  ListUsers,
  RevokeToken,
  SetUserActive,
  TokenAuthenticator,
  UpdateUser,
  type Role,
} from '#identity';
import { Notices } from '#documents';
import { loadConfig } from '#platform/config';
import { createDataSource, systemActor, UnitOfWork, type Actor } from '#platform/database';
import { DEMO_USERS, loadDemoUsers } from '../../seeds/demo-users.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const DAY_MS = 86_400_000;

describe('users and tokens', () => {
  let database: TestDatabase;
  let source: DataSource;
  let admin: pg.Client;
  let uow: UnitOfWork;
  let now = new Date('2018-03-20T09:00:00Z');
  const clock = { now: () => now };
  let authenticator: TokenAuthenticator;
  let root: Actor;
  const notices = new Notices(loadConfig({ NODE_ENV: 'test' }));
  const use = () => ({
    create: new CreateUser(uow),
    update: new UpdateUser(uow, notices),
    active: new SetUserActive(uow),
    list: new ListUsers(uow),
    issue: new IssueToken(uow, notices),
    revoke: new RevokeToken(uow),
  });

  beforeAll(async () => {
    database = await createTestDatabase();
    source = await createDataSource(database.url, { poolSize: 4 }).initialize();
    admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    uow = new UnitOfWork(source, clock);
    authenticator = new TokenAuthenticator(source, clock);
    const codes = [...new Set(DEMO_USERS.map((user) => user.organisation))].filter((code) => code !== 'MTM');
    for (const [index, code] of codes.entries()) {
      await admin.query('INSERT INTO authority (code, name, ons_code) VALUES ($1, $1, $2)', [
        code,
        `E${String(index).padStart(8, '0')}`,
      ]);
    }
    await loadDemoUsers(uow, { env: 'test' });
    root = await actorOf('admin@mtm.example');
  });
  afterAll(async () => {
    await source.destroy();
    await admin.end();
    await database.drop();
  });

  const tokenFor = async (email: string, days?: number) =>
    use().issue.forEmail(email, { label: 'test', ...(days === undefined ? {} : { days }) });
  const actorOf = async (email: string): Promise<Actor> => {
    const actor = await authenticator.authenticate((await tokenFor(email)).token);
    if (!actor) throw new Error('not authenticated');
    return actor;
  };
  let made = 0;
  const someone = (organisation = 'BRENT', roles: Role[] = ['la_finance']) =>
    use().create.run(root, { email: `Someone${++made}@Brent.Example`, name: 'Some One', organisation, roles });

  describe('the demo', () => {
    it('has the users the contract promises, and loading it again changes nothing', async () => {
      const emails = DEMO_USERS.map((user) => user.email);
      expect(emails).toHaveLength(27);
      expect(emails).toEqual(
        expect.arrayContaining([
          'finance@brent.example',
          'manager@towerham.example',
          'finance2@mtm.example',
          'admin@mtm.example',
        ]),
      );
      expect(DEMO_USERS.every((user) => user.name.endsWith('(demo)'))).toBe(true);
      const { rows } = await admin.query('SELECT email FROM user_account ORDER BY email');
      expect(rows.map((row: { email: string }) => row.email)).toEqual([...emails].sort());
      expect(await loadDemoUsers(uow, { env: 'test' })).toBe(0);
    });
    it('is refused in production', () => {
      expect(() => loadDemoUsers(uow, { env: 'production' })).toThrow('production');
    });
  });

  describe('a token', () => {
    it('stands for its user, with the scope of the organisation', async () => {
      expect(await actorOf('finance@brent.example')).toMatchObject({
        organisation: 'BRENT',
        scope: 'BRENT',
        roles: ['la_finance'],
      });
      expect(await actorOf('finance@mtm.example')).toMatchObject({
        organisation: 'MTM',
        scope: '*',
        roles: ['mtm_finance'],
      });
      expect(await actorOf(' Finance@Brent.EXAMPLE ')).toMatchObject({ organisation: 'BRENT' });
    });

    it('is kept by its SHA-256 only', async () => {
      const { token, id } = await tokenFor('finance@brent.example');
      const { rows } = await admin.query('SELECT t::text AS text FROM api_token t WHERE id = $1', [id]);
      expect((rows[0] as { text: string }).text).not.toContain(token.slice(4));
      const dump = await admin.query(
        `SELECT count(*)::int AS n FROM audit_entry e WHERE e::text LIKE '%' || $1 || '%'`,
        [token.slice(4)],
      );
      expect(dump.rows).toEqual([{ n: 0 }]);
      await expect(uow.run(systemActor, (tx) => tx.query('SELECT sha256 FROM api_token'))).rejects.toMatchObject({
        code: '42501',
      });
    });

    it('is nobody’s when it was never issued', async () => {
      for (const token of ['x', `pct_${'A'.repeat(43)}`, `pct_${'A'.repeat(43)}'`])
        expect(await authenticator.authenticate(token)).toBeNull();
    });

    it('works for 90 days unless told otherwise, and at most 366', async () => {
      const start = now;
      const usual = await tokenFor('finance@brent.example');
      const short = await tokenFor('finance@brent.example', 1);
      expect(usual.expiresAt).toBe(new Date(start.getTime() + 90 * DAY_MS).toISOString());
      now = new Date(start.getTime() + DAY_MS - 1);
      await expect(authenticator.authenticate(short.token)).resolves.not.toBeNull();
      now = new Date(start.getTime() + DAY_MS);
      await expect(authenticator.authenticate(short.token)).rejects.toMatchObject({
        kind: 'unauthenticated',
        code: 'token_expired',
      });
      await expect(authenticator.authenticate(usual.token)).resolves.not.toBeNull();
      now = start;
      for (const days of [0, 367, 1.5]) {
        await expect(async () => tokenFor('finance@brent.example', days)).rejects.toMatchObject({ kind: 'malformed' });
      }
    });

    it('works at once on a host whose clock is behind', async () => {
      const start = now;
      const { token } = await tokenFor('finance@brent.example');
      now = new Date(start.getTime() - 2000);
      await expect(authenticator.authenticate(token)).resolves.not.toBeNull();
      now = start;
    });

    it('ends when it is revoked, by its user or an administrator and nobody else', async () => {
      const { token, id, userId } = await tokenFor('finance@brent.example');
      const owner = await actorOf('finance@brent.example');
      await expect(use().revoke.run(await actorOf('manager@brent.example'), id, {})).rejects.toMatchObject({
        kind: 'forbidden',
      });
      await expect(use().revoke.run(await actorOf('finance@bristol.example'), id, {})).rejects.toMatchObject({
        kind: 'not_found',
      });
      expect(await use().revoke.run(owner, id, {})).toMatchObject({ id, userId, revokedAt: now.toISOString() });
      await expect(authenticator.authenticate(token)).rejects.toMatchObject({ code: 'token_revoked' });
      expect(await use().revoke.run(root, id, {})).toMatchObject({ revokedAt: now.toISOString() });
      const listed = await use().revoke.list(owner, userId, {});
      expect(listed.items.find((one) => one.id === id)).toMatchObject({ revokedAt: now.toISOString() });
      expect(JSON.stringify(listed)).not.toContain(token);
    });

    it('is issued by an administrator only', async () => {
      const user = await someone();
      for (const email of ['auditor@mtm.example', 'finance@mtm.example', 'finance@brent.example']) {
        await expect(use().issue.run(await actorOf(email), user.id, { label: 'x' })).rejects.toMatchObject({
          code: 'role_not_allowed',
        });
      }
      expect((await use().issue.run(root, user.id, { label: 'x' })).token).toMatch(/^pct_/);
    });
  });

  describe('a user', () => {
    it('is made with a lower-case address, read, listed and changed', async () => {
      const user = await someone();
      expect(user).toMatchObject({ email: `someone${made}@brent.example`, active: true, version: 1 });
      expect(await use().list.one(root, user.id)).toEqual(user);
      const changed = await use().update.run(
        root,
        user.id,
        { email: user.email, name: 'New Name', roles: ['la_manager'] },
        1,
      );
      expect(changed).toMatchObject({ name: 'New Name', roles: ['la_manager'], version: 2 });
      const trail = await admin.query(
        'SELECT action, chain, before, after FROM audit_entry WHERE subject_id = $1 ORDER BY seq',
        [user.id],
      );
      expect(trail.rows).toEqual([
        { action: 'user.created', chain: 'BRENT', before: null, after: { roles: ['la_finance'], active: true } },
        {
          action: 'user.changed',
          chain: 'BRENT',
          before: { roles: ['la_finance'] },
          after: { roles: ['la_manager'], fieldsChanged: ['name'] },
        },
      ]);
    });

    it('needs If-Match with the version that is there', async () => {
      const user = await someone();
      const body = { email: user.email, name: 'A', roles: ['la_finance'] };
      await expect(use().update.run(root, user.id, body, undefined)).rejects.toMatchObject({
        kind: 'precondition_required',
      });
      await expect(use().update.run(root, user.id, body, 7)).rejects.toMatchObject({ kind: 'stale' });
    });

    it('has an address of their own and roles that fit the organisation, which exists', async () => {
      const user = await someone();
      const make = (change: object) =>
        use().create.run(root, {
          email: 'new@x.example',
          name: 'N',
          organisation: 'BRENT',
          roles: ['la_finance'],
          ...change,
        });
      await expect(make({ email: user.email.toUpperCase() })).rejects.toMatchObject({
        kind: 'conflict',
        code: 'email_taken',
      });
      await expect(make({ organisation: 'NOWHERE' })).rejects.toMatchObject({
        kind: 'refused',
        code: 'organisation_unknown',
      });
      await expect(make({ roles: ['mtm_approver'] })).rejects.toMatchObject({ code: 'role_not_of_organisation' });
      await expect(make({ organisation: 'MTM' })).rejects.toMatchObject({ code: 'role_not_of_organisation' });
      await expect(make({ organisation: 'MTM', roles: ['administrator', 'mtm_finance'] })).rejects.toMatchObject({
        code: 'roles_conflict',
      });
      await expect(async () => make({ roles: ['system'] })).rejects.toMatchObject({ kind: 'malformed' });
      await expect(
        use().update.run(root, user.id, { email: user.email, name: 'N', roles: ['coordinator'] }, 1),
      ).rejects.toMatchObject({ code: 'role_not_of_organisation' });
    });

    it('never changes their own roles, nor their own account', async () => {
      const me = await use().list.one(root, root.userId);
      const change = (roles: Role[]) =>
        use().update.run(root, me.id, { email: me.email, name: me.name, roles }, me.version);
      await expect(change(['auditor'])).rejects.toMatchObject({ kind: 'forbidden', code: 'own_roles' });
      // An id is the same in capitals.
      for (const id of [me.id, me.id.toUpperCase()]) {
        await expect(use().active.run(root, id, false, {}, undefined)).rejects.toMatchObject({ code: 'own_account' });
        const roles = { email: me.email, name: me.name, roles: ['auditor'] };
        await expect(use().update.run(root, id, roles, me.version)).rejects.toMatchObject({ code: 'own_roles' });
      }
      expect(await change(['administrator'])).toMatchObject({ roles: ['administrator'], version: me.version + 1 });
    });

    it('who is deactivated is let in no more, until activated again', async () => {
      const user = await someone();
      const { token } = await use().issue.run(root, user.id, { label: 'x' });
      await use().active.run(root, user.id, false, {}, 1);
      await expect(authenticator.authenticate(token)).rejects.toMatchObject({ code: 'token_revoked' });
      await expect(use().issue.run(root, user.id, { label: 'x' })).rejects.toMatchObject({ code: 'user_inactive' });
      await expect(use().active.run(root, user.id, false, {}, undefined)).rejects.toMatchObject({ code: 'user_state' });
      await use().active.run(root, user.id, true, {}, undefined);
      await expect(authenticator.authenticate(token)).resolves.toMatchObject({ userId: user.id });
    });

    it('sees themselves, and others only by role and organisation', async () => {
      const finance = await actorOf('finance@brent.example');
      const bristol = await actorOf('finance@bristol.example');
      expect(await use().list.one(finance, finance.userId)).toMatchObject({ email: 'finance@brent.example' });
      await expect(use().list.one(finance, bristol.userId)).rejects.toMatchObject({ kind: 'not_found' });
      await expect(use().list.one(finance, (await actorOf('manager@brent.example')).userId)).rejects.toMatchObject({
        kind: 'forbidden',
      });
      await expect(use().list.one(root, 'no-id')).rejects.toMatchObject({ kind: 'not_found' });
      await expect(use().list.run(finance, {})).rejects.toMatchObject({ code: 'role_not_allowed' });
      const auditor = await actorOf('auditor@mtm.example');
      expect(
        (await use().list.run(auditor, { organisation: 'BRISTOL', role: 'la_manager' })).items.map((one) => one.email),
      ).toEqual(['manager@bristol.example']);
      await expect(someoneBy(auditor)).rejects.toMatchObject({ code: 'role_not_allowed' });
    });
    const someoneBy = (actor: Actor) =>
      use().create.run(actor, { email: 'a@b.example', name: 'N', organisation: 'BRENT', roles: ['la_finance'] });

    it('is listed page by page in order', async () => {
      const emails: string[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await use().list.run(root, { limit: '10', active: 'true', ...(cursor ? { cursor } : {}) });
        emails.push(...page.items.map((one) => one.email));
        cursor = page.nextCursor;
      } while (cursor);
      expect(emails.length).toBeGreaterThanOrEqual(27);
      const { rows } = await admin.query('SELECT email FROM user_account WHERE active ORDER BY email');
      expect(emails).toEqual(rows.map((row: { email: string }) => row.email));
    });
  });

  it('leaves no name and no address in the trail', async () => {
    const { rows } = await admin.query(
      `SELECT u.email FROM user_account u JOIN audit_entry e ON e::text ILIKE '%' || u.email || '%' OR e::text ILIKE '%' || u.name || '%'`,
    );
    expect(rows).toEqual([]);
  });
});
