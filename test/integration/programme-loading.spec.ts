import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type DataSource } from 'typeorm';
import { systemClock } from '#kernel';
import { createDataSource, UnitOfWork } from '#platform/database';
import { loadProgramme } from '#programme';
import { loadDemoAuthorities, seedFile } from '#seeds';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

interface Authority {
  code: string;
  onsCode: string;
}
interface File {
  code: string;
  terms: { programme: string; version: number; inForceFrom: string; numberPrefix: string }[];
  authorities: Authority[];
}

const eip2 = () => seedFile('eip2.json') as File;
const second = (): File =>
  JSON.parse(readFileSync(new URL('../fixtures/programmes/second.json', import.meta.url), 'utf8')) as File;

/** The second programme with changes; its authorities' ONS codes stay their own. */
function changed(change: (file: File) => void): File {
  const file = second();
  change(file);
  return file;
}
const named = (file: File, code: string): void => {
  file.code = code;
  for (const terms of file.terms) terms.programme = code;
};

let database: TestDatabase;
let admin: pg.Client;
let source: DataSource;
let uow: UnitOfWork;
beforeAll(async () => {
  database = await createTestDatabase();
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  source = await createDataSource(database.url, { poolSize: 2 }).initialize();
  uow = new UnitOfWork(source, systemClock);
  await loadProgramme(uow, eip2());
});
afterAll(async () => {
  await source?.destroy();
  await admin?.end();
  await database?.drop();
});

const trail = async (chain: string): Promise<Record<string, unknown>[]> =>
  (
    await admin.query<Record<string, unknown>>(
      `SELECT action, subject_type AS subject, before, after FROM audit_entry WHERE chain = $1 ORDER BY seq`,
      [chain],
    )
  ).rows;

describe('loading a programme', () => {
  it('is in the trail: the programme’s terms and reserve, each authority’s own allotments', async () => {
    expect(await trail('EIP2')).toMatchObject([
      { action: 'programme.created', after: { code: 'EIP2' } },
      { action: 'programme.terms_loaded', after: { version: 1, inForceFrom: '2017-09-01' } },
      {
        action: 'allocation.reserve_set',
        after: { category: 'practice_leader', maximumDays: '160', reserveDays: '4' },
      },
      { action: 'programme.grant_terms_loaded', after: { version: 1 } },
    ]);
    const brent = await trail('BRENT');
    expect(brent.slice(0, 2)).toMatchObject([
      { action: 'authority.created', subject: 'authority', after: { onsCode: 'E09000005' } },
      { action: 'authority.joined_programme', after: { programme: 'EIP2' } },
    ]);
    expect(brent.slice(2).map(({ action, after }) => [action, after])).toEqual(
      [
        ['targeted', '10'],
        ['coaching_qa', '2'],
        ['practice_leader', '8'],
      ].map(([category, allottedDays]) => ['allocation.allotted', { programme: 'EIP2', category, allottedDays }]),
    );
  });

  it('says what the demonstration entered for an authority, and nothing twice', async () => {
    const before = (await trail('BRENT')).length;
    await loadDemoAuthorities(uow);
    expect((await trail('BRENT')).slice(before)).toMatchObject([
      { action: 'authority.address_changed', after: { addressLines: ['1 Invented Way', 'Wembley'], version: 1 } },
      { action: 'authority.bank_details_changed', after: { version: 1, lastFour: '1111', demo: true } },
      { action: 'authority.bank_details_confirmed', after: { version: 1, lastFour: '1111' } },
    ]);
    await loadProgramme(uow, eip2());
    await loadDemoAuthorities(uow);
    expect([(await trail('BRENT')).length, (await trail('EIP2')).length]).toEqual([before + 3, 4]);
  });
});

describe('a code', () => {
  const taken = { kind: 'refused', code: 'code_taken' };

  it('of an authority is no programme’s, and the other way round', async () => {
    await expect(
      loadProgramme(
        uow,
        changed((file) => named(file, 'BRENT')),
      ),
    ).rejects.toMatchObject(taken);
    const asProgramme = changed((file) => (file.authorities[0]!.code = 'EIP2'));
    await expect(loadProgramme(uow, asProgramme)).rejects.toMatchObject(taken);
    expect((await admin.query('SELECT code FROM programme')).rows).toEqual([{ code: 'EIP2' }]);
  });

  it.each(['MTM', 'SYSTEM', 'RESERVE'])('%s is nobody’s, also for who writes to the database', async (code) => {
    const invalid = { kind: 'malformed', code: 'terms_invalid' };
    await expect(
      loadProgramme(
        uow,
        changed((file) => named(file, code)),
      ),
    ).rejects.toMatchObject(invalid);
    const programme = admin.query(`INSERT INTO programme (code, name, created_at) VALUES ($1, 'x', now())`, [code]);
    await expect(programme).rejects.toMatchObject({ code: '23514' });
    const authority = admin.query(`INSERT INTO authority (code, name, ons_code) VALUES ($1, 'x', 'E99999999')`, [code]);
    await expect(authority).rejects.toMatchObject({ code: '23514' });
  });
});

describe('the short name of the funder, by which the books name accounts', () => {
  it('stays, in one file and when newer terms are loaded', async () => {
    const refused = { kind: 'malformed', code: 'terms_invalid', problems: [{ path: 'terms[1].funder.shortName' }] };
    const renamed = (funder: object): File => {
      const file = eip2() as File;
      const [last] = file.terms.slice(-1);
      const terms = { ...structuredClone(last!), version: 2, inForceFrom: '2019-01-01', numberPrefix: 'EIP2' };
      const newer = { ...terms, funder: { ...(last as unknown as { funder: object }).funder, ...funder } };
      return { ...file, terms: [...file.terms, newer] } as unknown as File;
    };
    await expect(loadProgramme(uow, renamed({ shortName: 'DCSF' }))).rejects.toMatchObject(refused);
    const alone = renamed({ shortName: 'DCSF' });
    alone.terms.shift();
    await expect(loadProgramme(uow, alone)).rejects.toMatchObject({
      ...refused,
      problems: [{ path: 'terms[0].funder.shortName' }],
    });
    const { rows } = await admin.query(`SELECT version FROM programme_terms WHERE programme_code = 'EIP2'`);
    expect(rows).toEqual([{ version: 1 }]);
  });
});

describe('what document numbers begin with', () => {
  const taken = { kind: 'refused', code: 'number_prefix_taken' };

  it('is one programme’s', async () => {
    const same = changed((file) => file.terms.forEach((terms) => (terms.numberPrefix = 'EIP2')));
    await expect(loadProgramme(uow, same)).rejects.toMatchObject(taken);
    expect(await loadProgramme(uow, second())).toMatchObject({ newTerms: 2 });
  });

  it('may be new in newer terms, but not another programme’s, now or before', async () => {
    const next = (file: File, version: number, numberPrefix: string): File => {
      const [last] = file.terms.slice(-1);
      const terms = { ...structuredClone(last!), version, inForceFrom: `20${20 + version}-01-01`, numberPrefix };
      return { ...file, terms: [...file.terms, terms] };
    };
    await expect(loadProgramme(uow, next(second(), 3, 'EIP2'))).rejects.toMatchObject(taken);
    expect(await loadProgramme(uow, next(second(), 3, 'HOMES'))).toMatchObject({ newTerms: 1 });
    await expect(loadProgramme(uow, next(eip2(), 2, 'WH'))).rejects.toMatchObject(taken);
    expect(await loadProgramme(uow, next(eip2(), 2, 'SOS'))).toMatchObject({ newTerms: 1 });
  });

  it('is held by the database, whatever the loader does', async () => {
    const insert = admin.query(
      `INSERT INTO programme_terms (id, programme_code, version, in_force_from, terms, number_prefix, sha256, loaded_at)
       SELECT gen_random_uuid(), 'HOMES', 9, '2030-01-01', terms, number_prefix, sha256, now()
         FROM programme_terms WHERE programme_code = 'EIP2' LIMIT 1`,
    );
    await expect(insert).rejects.toMatchObject({ code: '23503' });
  });
});

describe('the terms of a grant', () => {
  const withGrant = (change: (grant: Record<string, unknown>) => void): File => {
    const file = eip2() as File & { grant: Record<string, unknown> };
    change(file.grant);
    return file;
  };
  const stored = async () =>
    (await admin.query('SELECT programme_code AS programme, version FROM grant_terms ORDER BY 1, 2')).rows;

  it('are there for a programme that has one, and only for it', async () => {
    await loadProgramme(uow, second());
    expect(await stored()).toEqual([{ programme: 'EIP2', version: 1 }]);
  });

  it('never change under their version; a new version is another', async () => {
    const changed = { kind: 'refused', code: 'terms_changed' };
    await expect(
      loadProgramme(
        uow,
        withGrant((grant) => (grant['annualPence'] = 4_600_000)),
      ),
    ).rejects.toMatchObject(changed);
    await expect(admin.query('UPDATE grant_terms SET version = 9')).rejects.toMatchObject({ code: '23001' });
    const next = withGrant((grant) => Object.assign(grant, { version: 2, annualPence: 4_600_000 }));
    await loadProgramme(uow, next);
    await loadProgramme(uow, eip2());
    expect(await stored()).toEqual([
      { programme: 'EIP2', version: 1 },
      { programme: 'EIP2', version: 2 },
    ]);
  });

  it.each([
    ['startsOn', '2017-09-01', 'grant.startsOn'],
    ['vacantQuarters', 8, 'grant.vacantQuarters'],
    ['annualPence', 0, 'grant.annualPence'],
    ['annualPence', 45_000.5, 'grant.annualPence'],
    ['years', 11, 'grant.years'],
    ['posts', [], 'grant.posts'],
    ['underspend', 'kept', 'grant.underspend'],
    ['shoe', 1, 'grant.shoe'],
  ])('are checked like the others: %s', async (field, value, path) => {
    await expect(
      loadProgramme(
        uow,
        withGrant((grant) => (grant[field] = value)),
      ),
    ).rejects.toMatchObject({
      code: 'terms_invalid',
      problems: [{ path }],
    });
  });
});
