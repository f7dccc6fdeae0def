import { v7 as uuid } from 'uuid';
import { formatDays, refused } from '#kernel';
import { appendAudit } from '#audit';
import { systemActor, type Tx, type UnitOfWork } from '#platform/database';
import { AuthorityProfileEntity } from './authority-profile.entity.js';
import { parseSeed, type Seed } from './domain/index.js';
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
 * also what people have changed since. Throws malformed `terms_invalid`; refused `terms_changed` when a version that is
 * already loaded says something else, since claims may have been submitted under it.
 */
export async function loadProgramme(uow: UnitOfWork, file: unknown): Promise<LoadResult> {
  const seed = parseSeed(file);
  return uow.run(systemActor, async (tx) => {
    // One loader at a time, so that two processes that start together load once.
    await tx.query('SELECT pg_advisory_xact_lock(1514764801)');
    await tx.execute('INSERT INTO programme (code, name, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      seed.programme.code,
      seed.programme.name,
      tx.now,
    ]);
    return {
      programme: seed.programme.code,
      newTerms: await loadTerms(tx, seed),
      newAuthorities: await loadAuthorities(tx, seed),
      newAllocations: await loadAllocations(tx, seed),
    };
  });
}

async function loadTerms(tx: Tx, seed: Seed): Promise<number> {
  let added = 0;
  for (const terms of seed.terms) {
    const sha256 = termsHash(terms);
    const key = { programmeCode: seed.programme.code, version: terms.version };
    const known = await tx.manager.findOneBy(ProgrammeTermsEntity, key);
    if (known && known.sha256 !== sha256) throw termsChanged(seed.programme.code, terms.version);
    if (known) continue;
    const { inForceFrom } = terms;
    await tx.manager.insert(ProgrammeTermsEntity, { ...key, id: uuid(), inForceFrom, terms, sha256, loadedAt: tx.now });
    await appendAudit(tx, {
      chain: seed.programme.code,
      action: 'programme.terms_loaded',
      subjectType: 'programme',
      subjectId: seed.programme.code,
      after: { version: terms.version, inForceFrom, sha256 },
    });
    added++;
  }
  return added;
}

async function loadAuthorities(tx: Tx, seed: Seed): Promise<number> {
  let added = 0;
  for (const authority of seed.authorities) {
    added += await tx.execute(
      'INSERT INTO authority (code, name, ons_code) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING',
      [authority.code, authority.name, authority.onsCode],
    );
    await tx.execute('INSERT INTO programme_authority VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      seed.programme.code,
      authority.code,
    ]);
  }
  await loadProfiles(tx, seed);
  return added;
}

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

async function loadAllocations(tx: Tx, seed: Seed): Promise<number> {
  const newest = seed.terms.at(-1)!;
  for (const reserve of seed.reserves) {
    const pool = newest.allocations[reserve.allocation]!;
    await tx.execute('INSERT INTO allocation_pool VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
      seed.programme.code,
      reserve.allocation,
      pool.kind === 'pool' ? pool.maximumDays : null,
      formatDays(reserve.days),
    ]);
  }
  return tx.execute(
    `WITH added AS (
       INSERT INTO allocation (id, programme_code, authority_code, category, allotted_days)
       SELECT * FROM unnest($2::uuid[], array_fill($1::text, ARRAY[cardinality($2::uuid[])]), $3::text[], $4::text[], $5::numeric[])
       ON CONFLICT (programme_code, authority_code, category) DO NOTHING
       RETURNING id, authority_code, allotted_days
     )
     INSERT INTO allocation_entry (allocation_id, authority_code, kind, days, at, actor_id)
     SELECT id, authority_code, 'allotted', allotted_days, $6, $7 FROM added`,
    [
      seed.programme.code,
      seed.allocations.map(() => uuid()),
      seed.allocations.map((item) => item.authority),
      seed.allocations.map((item) => item.allocation),
      seed.allocations.map((item) => formatDays(item.days)),
      tx.now,
      tx.actor.userId,
    ],
  );
}

const termsChanged = (programme: string, version: number) =>
  refused(
    'terms_changed',
    `Version ${version} of the terms of ${programme} is already loaded and says something else. Give the new terms a new version and the date they are in force from.`,
  );
