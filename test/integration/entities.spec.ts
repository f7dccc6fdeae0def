import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Column, Entity, PrimaryColumn, type DataSource } from 'typeorm';
import { v7 as uuid } from 'uuid';
import '#claims';
import '#identity';
import '#programme';
import { createDataSource, systemActor, UnitOfWork } from '#platform/database';
import { UserAccountEntity } from '../../libs/identity/user-account.entity.js';
import { saveUser } from '../../libs/identity/user-record.js';
import { loadUser } from '../../libs/identity/user.queries.js';
import { AuthorityProfileEntity } from '../../libs/programme/authority-profile.entity.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

/**
 * What the entities leave to the migrations: keys, checks, indexes, defaults and comments. Everything else that TypeORM
 * would change, of a table or a column, is a difference between an entity and the schema.
 */
const OF_THE_MIGRATIONS =
  /^DROP INDEX |^COMMENT ON |^ALTER TABLE "\w+" DROP CONSTRAINT |^ALTER TABLE "\w+" ALTER COLUMN "\w+" DROP DEFAULT$/;

async function differences(source: DataSource): Promise<string[]> {
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query.trim()).filter((query) => !OF_THE_MIGRATIONS.test(query));
}

describe('entities and migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  /** As the owner, who sees all there is. */
  const known = () => createDataSource(database.adminUrl, { asOwner: true, poolSize: 1 }).initialize();

  it('say the same of every column: its name, type, array or not, and whether it can be null', async () => {
    const source = await known();
    try {
      const tables = source.entityMetadatas.map(({ tableName }) => tableName);
      expect(tables).toEqual(expect.arrayContaining(['evidence', 'programme_terms', 'user_account']));
      expect(await differences(source)).toEqual([]);
    } finally {
      await source.destroy();
    }
  });

  it.each([
    ['a column that is missing', { name: 'text', ons_code: 'text', more: 'text' }, /ADD "more"/],
    ['a column too many in the table', { name: 'text' }, /DROP COLUMN "ons_code"/],
    ['another type', { name: 'text', ons_code: 'integer' }, /"ons_code"/],
    ['null where the table has none', { name: 'text?', ons_code: 'text' }, /"name" DROP NOT NULL/],
    ['an array where the table has one value', { name: 'text[]', ons_code: 'text' }, /"name"/],
  ])('differ by %s, and the comparison says so', async (_what, columns, said) => {
    const source = createDataSource(database.adminUrl, { asOwner: true, poolSize: 1 });
    source.setOptions({ entities: [authorityWith(columns)] });
    await source.initialize();
    try {
      expect((await differences(source)).join('\n')).toMatch(said);
    } finally {
      await source.destroy();
    }
  });
});

describe('repositories of a transaction', () => {
  let database: TestDatabase;
  let source: DataSource;
  let uow: UnitOfWork;
  beforeAll(async () => {
    database = await createTestDatabase();
    source = await createDataSource(database.url, { poolSize: 2 }).initialize();
    uow = new UnitOfWork(source, { now: () => new Date('2018-04-03T09:00:00Z') });
    await uow.run(systemActor, async (tx) => {
      await tx.query(
        `INSERT INTO authority VALUES ('BRENT', 'Brent', 'E00000001'), ('BRISTOL', 'Bristol', 'E00000002')`,
      );
      const profile = { legalName: 'A', addressLines: [], country: 'GB', updatedAt: tx.now };
      const codes = ['BRENT', 'BRISTOL'].map((authorityCode) => ({ ...profile, authorityCode }));
      await tx.manager.insert(AuthorityProfileEntity, codes);
    });
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });
  const BRENT = { ...systemActor, organisation: 'BRENT', scope: 'BRENT', roles: ['la_finance'] };

  it('see and write what row-level security lets their actor', async () => {
    const seen = await uow.read(BRENT, (tx) => tx.manager.find(AuthorityProfileEntity));
    expect(seen.map(({ authorityCode }) => authorityCode)).toEqual(['BRENT']);
    const written = (authorityCode: string) =>
      uow.run(BRENT, (tx) => tx.manager.update(AuthorityProfileEntity, { authorityCode }, { legalName: 'B' }));
    expect((await written('BRENT')).affected).toBe(1);
    expect((await written('BRISTOL')).affected).toBe(0);
    const others = uow.run(BRENT, (tx) =>
      tx.manager.insert(AuthorityProfileEntity, { ...seen[0]!, authorityCode: 'X' }),
    );
    await expect(others).rejects.toThrow(/row-level security/);
  });

  it('see nothing outside a transaction, where nobody has said who asks', async () => {
    expect(await source.manager.find(AuthorityProfileEntity)).toEqual([]);
  });

  it('refuse a condition that is undefined rather than forget it', async () => {
    const lost = uow.read(systemActor, (tx) =>
      tx.manager.findBy(AuthorityProfileEntity, { authorityCode: undefined as unknown as string }),
    );
    await expect(lost).rejects.toThrow(/undefined/i);
  });

  it('save a user only in the version that was read', async () => {
    const before = await uow.run(systemActor, async (tx) => {
      const user = {
        id: uuid(),
        email: 'a@b.example',
        name: 'A',
        organisation: 'BRENT',
        roles: ['la_finance' as const],
      };
      await tx.manager.insert(UserAccountEntity, { ...user, active: true, version: 1, createdAt: tx.now });
      return loadUser(tx, user.id);
    });
    const rename = (name: string) => uow.run(systemActor, (tx) => saveUser(tx, before, { name }));
    expect(await rename('B')).toEqual({ ...before, name: 'B', version: 2 });
    await expect(rename('C')).rejects.toMatchObject({ kind: 'stale', code: 'version_stale' });
    expect(await uow.read(systemActor, (tx) => loadUser(tx, before.id))).toMatchObject({ name: 'B', version: 2 });
  });
});

/** A wrong entity of the table `authority`: each column by its type, with `?` when null, `[]` when many. */
function authorityWith(columns: Record<string, string>): new () => object {
  class Wrong {}
  PrimaryColumn('text')(Wrong.prototype, 'code');
  for (const [name, type] of Object.entries(columns)) {
    const options = { nullable: type.endsWith('?'), array: type.endsWith('[]') };
    Column(type.replace(/\W+$/, '') as 'text', options)(Wrong.prototype, name);
  }
  Entity('authority')(Wrong);
  return Wrong;
}
