import { v7 as uuid } from 'uuid';
import { formatDays, refused, type Problem } from '#kernel';
import { appendAudits, type AuditRecord } from '#audit';
import { systemActor, type Tx, type UnitOfWork } from '#platform/database';
import { kinds } from '#platform/validation';
import { AuthorityProfileEntity } from './authority-profile.entity.js';
import { parseSeed, termsInvalid, type Seed } from './domain/index.js';
import { addGrantTerms } from './grant-terms-store.js';
import { ProgrammeTermsEntity } from './programme-terms.entity.js';
import { termsHash } from './terms-store.js';

/** What loading a programme file did: how many rows are new. Loading the same file again gives zeros. */
export interface LoadResult {
  programme: string;
  newTerms: number;
  newAuthorities: number;
  newAllocations: number;
}

/**
 * Loads a programme from its file: terms, authorities, what each is allotted. Idempotent: what is there stays as it is,
 * also what people have changed since. Every new row is in the trail, of the authority where it has one, else of the
 * programme. Throws malformed `terms_invalid`; refused `terms_changed` when a version that is already loaded says
 * something else, since claims may have been submitted under it; refused `code_taken` when a programme and an authority
 * would have one code, `number_prefix_taken` when two programmes' documents would have one number. `people` (ids of users) is who
 * answers for it; the terms that come with the service have nobody.
 */
export async function loadProgramme(
  uow: UnitOfWork,
  file: unknown,
  people?: { loadedBy: string; confirmedBy: string },
): Promise<LoadResult> {
  const seed = parseSeed(file);
  requireCountries(seed);
  return uow.run(systemActor, async (tx) => {
    // One loader at a time, so that two processes that start together load once.
    await tx.query('SELECT pg_advisory_xact_lock(1514764801)');
    await requireOwnCodes(tx, seed);
    const programme = await addProgramme(tx, seed);
    const terms = await addTerms(tx, seed, people);
    const [authorities, participants] = [await addAuthorities(tx, seed), await addParticipants(tx, seed)];
    const [reserves, allocations] = [await addReserves(tx, seed), await addAllocations(tx, seed)];
    const grant = await addGrantTerms(tx, seed);
    const all = [...programme, ...terms, ...authorities, ...participants, ...reserves, ...allocations, ...grant];
    await appendAudits(tx, all);
    return {
      programme: seed.programme.code,
      newTerms: terms.length,
      newAuthorities: authorities.length,
      newAllocations: allocations.length,
    };
  });
}

/** Documents print the countries of both parties. Asked on loading only: terms that are in use stay readable. */
function requireCountries({ terms, authorities }: Seed): void {
  const entered = [
    ...terms.map(({ payer }, at) => ({ path: `terms[${at}].payer.country`, country: payer.country })),
    ...authorities.map(({ country }, at) => ({ path: `authorities[${at}].country`, country })),
  ];
  const problems = entered.flatMap(({ path, country }): Problem[] => {
    const wrong = kinds.country().check(country);
    return wrong ? [{ path, ...wrong }] : [];
  });
  if (problems.length > 0) throw termsInvalid(problems);
}

/** A chain of the trail is named by the code alone, so a programme and an authority never share one. */
async function requireOwnCodes(tx: Tx, seed: Seed): Promise<void> {
  const { code } = seed.programme;
  const [taken] = await tx.query<{ code: string; by: string }>(
    `SELECT code, 'an authority' AS by FROM authority WHERE code = $1
     UNION ALL SELECT code, 'a programme' FROM programme WHERE code = ANY ($2)`,
    [code, seed.authorities.map((authority) => authority.code)],
  );
  if (taken) throw refused('code_taken', `${taken.code} is the code of ${taken.by} already. Choose another.`);
}

async function addProgramme(tx: Tx, seed: Seed): Promise<AuditRecord[]> {
  const { code, name } = seed.programme;
  const added = await tx.query<{ code: string }>(
    'INSERT INTO programme (code, name, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING code',
    [code, name, tx.now],
  );
  return added.map(() => ofProgramme(seed, 'programme.created', { code }));
}

const ofProgramme = (seed: Seed, action: string, after: object): AuditRecord => ({
  chain: seed.programme.code,
  action,
  subjectType: 'programme',
  subjectId: seed.programme.code,
  after,
});

async function addTerms(tx: Tx, seed: Seed, people: object = {}): Promise<AuditRecord[]> {
  await takePrefixes(tx, seed);
  await requireSameFunder(tx, seed);
  const records: AuditRecord[] = [];
  for (const terms of seed.terms) {
    const sha256 = termsHash(terms);
    const key = { programmeCode: seed.programme.code, version: terms.version };
    const known = await tx.manager.findOneBy(ProgrammeTermsEntity, key);
    if (known && known.sha256 !== sha256) throw termsChanged(seed.programme.code, terms.version);
    if (known) continue;
    const { inForceFrom, numberPrefix } = terms;
    const row = { ...key, id: uuid(), inForceFrom, numberPrefix, terms, sha256, loadedAt: tx.now };
    await tx.manager.insert(ProgrammeTermsEntity, row);
    const loaded = { version: terms.version, inForceFrom, sha256, ...people };
    records.push(ofProgramme(seed, 'programme.terms_loaded', loaded));
  }
  return records;
}

/** What document numbers begin with belongs to one programme for ever, also when its newer terms choose another. */
async function takePrefixes(tx: Tx, seed: Seed): Promise<void> {
  const prefixes = [...new Set(seed.terms.map((terms) => terms.numberPrefix))];
  await tx.execute(
    'INSERT INTO number_prefix (prefix, programme_code) SELECT prefix, $2 FROM unnest($1::text[]) AS prefix ON CONFLICT DO NOTHING',
    [prefixes, seed.programme.code],
  );
  const [taken] = await tx.query<{ prefix: string; programme_code: string }>(
    'SELECT prefix, programme_code FROM number_prefix WHERE prefix = ANY ($1) AND programme_code <> $2',
    [prefixes, seed.programme.code],
  );
  if (!taken) return;
  const message = `Document numbers of ${taken.programme_code} begin with ${taken.prefix}. Choose another numberPrefix.`;
  throw refused('number_prefix_taken', message);
}

/**
 * The books name accounts by the funder's short name: with another one, what was approved before would be funded out of an account
 * that it was never in. Its name may change.
 */
async function requireSameFunder(tx: Tx, { programme, terms }: Seed): Promise<void> {
  const [known] = await tx.query<{ name: string }>(
    `SELECT terms #>> '{funder,shortName}' AS name FROM programme_terms WHERE programme_code = $1 ORDER BY version LIMIT 1`,
    [programme.code],
  );
  const name = known?.name ?? terms[0]!.funder.shortName;
  const message = `The books of ${programme.code} are kept by this name: it stays ${name}. Change the funder’s name instead.`;
  const problems = terms.flatMap(({ funder }, at): Problem[] =>
    funder.shortName === name ? [] : [{ path: `terms[${at}].funder.shortName`, code: 'terms_invalid', message }],
  );
  if (problems.length > 0) throw termsInvalid(problems);
}

async function addAuthorities(tx: Tx, seed: Seed): Promise<AuditRecord[]> {
  const { authorities } = seed;
  const added = await tx.query<{ code: string; ons_code: string }>(
    `INSERT INTO authority (code, name, ons_code) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
     ON CONFLICT (code) DO NOTHING RETURNING code, ons_code`,
    [authorities.map(({ code }) => code), authorities.map(({ name }) => name), authorities.map((one) => one.onsCode)],
  );
  await loadProfiles(tx, seed);
  return added.map(({ code, ons_code }) => ofAuthority(code, 'authority.created', { onsCode: ons_code }));
}

async function addParticipants(tx: Tx, seed: Seed): Promise<AuditRecord[]> {
  const { code } = seed.programme;
  const added = await tx.query<{ authority_code: string }>(
    `INSERT INTO programme_authority (programme_code, authority_code) SELECT $1, unnest($2::text[])
     ON CONFLICT DO NOTHING RETURNING authority_code`,
    [code, seed.authorities.map((authority) => authority.code)],
  );
  return added.map((row) => ofAuthority(row.authority_code, 'authority.joined_programme', { programme: code }));
}

const ofAuthority = (code: string, action: string, after: object): AuditRecord => ({
  chain: code,
  action,
  subjectType: 'authority',
  subjectId: code,
  after,
});

async function loadProfiles(tx: Tx, seed: Seed): Promise<void> {
  const profiles = seed.authorities.map((authority) => ({
    authorityCode: authority.code,
    legalName: authority.legalName,
    addressLines: [...(authority.address?.lines ?? [])],
    postcode: authority.address?.postcode ?? null,
    country: authority.country,
    contactName: authority.invoiceContact?.name ?? null,
    contactEmail: authority.invoiceContact?.email ?? null,
    updatedAt: tx.now,
  }));
  const insert = tx.manager.createQueryBuilder().insert().into(AuthorityProfileEntity).values(profiles);
  await insert.orIgnore().execute();
}

async function addReserves(tx: Tx, seed: Seed): Promise<AuditRecord[]> {
  const { code } = seed.programme;
  const pools = seed.terms.at(-1)!.allocations;
  const maximum = (allocation: string) => {
    const pool = pools[allocation];
    return pool?.kind === 'pool' ? pool.maximumDays : null;
  };
  const added = await tx.query<{ category: string; maximum_days: string; reserve_days: string }>(
    `INSERT INTO allocation_pool (programme_code, category, maximum_days, reserve_days)
     SELECT $1, * FROM unnest($2::text[], $3::numeric[], $4::numeric[])
     ON CONFLICT DO NOTHING RETURNING category, trim_scale(maximum_days)::text AS maximum_days, trim_scale(reserve_days)::text AS reserve_days`,
    [
      code,
      seed.reserves.map((reserve) => reserve.allocation),
      seed.reserves.map((reserve) => maximum(reserve.allocation)),
      seed.reserves.map((reserve) => formatDays(reserve.days)),
    ],
  );
  return added.map(({ category, maximum_days, reserve_days }) =>
    ofProgramme(seed, 'allocation.reserve_set', { category, maximumDays: maximum_days, reserveDays: reserve_days }),
  );
}

async function addAllocations(tx: Tx, seed: Seed): Promise<AuditRecord[]> {
  const { code } = seed.programme;
  const added = await tx.query<{ id: string; authority_code: string; category: string; allotted: string }>(
    `WITH added AS (
       INSERT INTO allocation (id, programme_code, authority_code, category, allotted_days)
       SELECT id, $1, authority, category, days
         FROM unnest($2::uuid[], $3::text[], $4::text[], $5::numeric[]) AS a (id, authority, category, days)
       ON CONFLICT (programme_code, authority_code, category) DO NOTHING
       RETURNING id, authority_code, category, allotted_days
     ), entered AS (
       INSERT INTO allocation_entry (allocation_id, authority_code, kind, days, at, actor_id)
       SELECT id, authority_code, 'allotted', allotted_days, $6, $7 FROM added
     )
     SELECT id, authority_code, category, trim_scale(allotted_days)::text AS allotted FROM added`,
    [
      code,
      seed.allocations.map(() => uuid()),
      seed.allocations.map((item) => item.authority),
      seed.allocations.map((item) => item.allocation),
      seed.allocations.map((item) => formatDays(item.days)),
      tx.now,
      tx.actor.userId,
    ],
  );
  return added.map((row) => ({
    chain: row.authority_code,
    action: 'allocation.allotted',
    subjectType: 'allocation',
    subjectId: row.id,
    after: { programme: code, category: row.category, allottedDays: row.allotted },
  }));
}

const termsChanged = (programme: string, version: number) =>
  refused(
    'terms_changed',
    `Version ${version} of the terms of ${programme} is already loaded and says something else. Give the new terms a new version and the date they are in force from.`,
  );
