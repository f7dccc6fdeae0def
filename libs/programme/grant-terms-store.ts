import { refused } from '#kernel';
import { type AuditRecord } from '#audit';
import { type Tx } from '#platform/database';
import { type GrantTerms, type Seed } from './domain/index.js';
import { termsHash } from './terms-store.js';

/** The newest terms of a programme's grant, or null for a programme without one. */
export async function grantTermsOf(tx: Tx, programme: string): Promise<GrantTerms | null> {
  const [row] = await tx.query<{ terms: GrantTerms }>(
    'SELECT terms FROM grant_terms WHERE programme_code = $1 ORDER BY version DESC LIMIT 1',
    [programme],
  );
  return row?.terms ?? null;
}

/** Programmes with a grant that an authority takes part in, at most two: enough to know whether there is only one. */
export async function grantProgrammesOf(tx: Tx, authority: string, programme: string | null): Promise<string[]> {
  const rows = await tx.query<{ code: string }>(
    `SELECT programme_code AS code FROM programme_authority pa
      WHERE authority_code = $1 AND ($2::text IS NULL OR programme_code = $2)
        AND EXISTS (SELECT FROM grant_terms g WHERE g.programme_code = pa.programme_code)
      ORDER BY 1 LIMIT 2`,
    [authority, programme],
  );
  return rows.map(({ code }) => code);
}

/** Adds the grant's terms of a programme file. Throws refused `terms_changed` for a version that says something else. */
export async function addGrantTerms(tx: Tx, { programme, grant }: Seed): Promise<AuditRecord[]> {
  if (!grant) return [];
  const sha256 = termsHash(grant);
  const key = [programme.code, grant.version];
  const added = await tx.execute(
    `INSERT INTO grant_terms (programme_code, version, terms, sha256, loaded_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [...key, JSON.stringify(grant), sha256, tx.now],
  );
  if (added === 0) {
    const [known] = await tx.query<{ sha256: string }>(
      'SELECT sha256 FROM grant_terms WHERE programme_code = $1 AND version = $2',
      key,
    );
    if (known?.sha256 !== sha256) throw grantTermsChanged(programme.code, grant.version);
    return [];
  }
  const after = { version: grant.version, sha256 };
  const subject = { subjectType: 'programme', subjectId: programme.code };
  return [{ chain: programme.code, action: 'programme.grant_terms_loaded', ...subject, after }];
}

const grantTermsChanged = (programme: string, version: number) =>
  refused(
    'terms_changed',
    `Version ${version} of the grant’s terms of ${programme} is already loaded and says something else. Give the new terms a new version.`,
  );
