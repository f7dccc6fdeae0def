import { v7 as uuid } from 'uuid';
import { formatDays, refused } from '#kernel';
import { appendAudit } from '#audit';
import { systemActor, type Tx, type UnitOfWork } from '#platform/database';
import { parseSeed, type Seed } from './domain/index.js';
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
    const [known] = await tx.query<{ sha256: string }>(
      'SELECT sha256 FROM programme_terms WHERE programme_code = $1 AND version = $2',
      [seed.programme.code, terms.version],
    );
    if (known && known.sha256 !== sha256) throw termsChanged(seed.programme.code, terms.version);
    if (known) continue;
    await tx.execute(
      `INSERT INTO programme_terms (id, programme_code, version, in_force_from, terms, sha256, loaded_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [uuid(), seed.programme.code, terms.version, terms.inForceFrom, JSON.stringify(terms), sha256, tx.now],
    );
    await appendAudit(tx, {
      chain: seed.programme.code,
      action: 'programme.terms_loaded',
      subjectType: 'programme',
      subjectId: seed.programme.code,
      after: { version: terms.version, inForceFrom: terms.inForceFrom, sha256 },
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
    await tx.execute(
      `INSERT INTO authority_profile (authority_code, legal_name, address_lines, postcode, country, contact_name, contact_email, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
      [
        authority.code,
        authority.legalName,
        authority.address?.lines ?? [],
        authority.address?.postcode ?? null,
        authority.country,
        authority.invoiceContact?.name ?? null,
        authority.invoiceContact?.email ?? null,
        tx.now,
      ],
    );
  }
  return added;
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
