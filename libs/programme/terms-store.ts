import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { notFound } from '#kernel';
import { type Tx } from '#platform/database';
import { parseTerms, type ProgrammeTerms } from './domain/index.js';
import { ProgrammeTermsEntity } from './programme-terms.entity.js';

/** One version of a programme's terms as it is stored. */
export interface StoredTerms {
  id: string;
  version: number;
  terms: ProgrammeTerms;
}

/** Rows of programme_terms never change, so each is parsed once a process and kept. */
const parsed = new Map<string, StoredTerms>();

/** Reads terms. Which version applies is decided by a date; which one a submitted claim has, by its frozen id. */
@Injectable()
export class TermsStore {
  /** The terms a claim was submitted under. */
  async byId(tx: Tx, id: string): Promise<StoredTerms> {
    const known = parsed.get(id);
    if (known) return known;
    const row = await tx.manager.findOneBy(ProgrammeTermsEntity, { id });
    if (!row) throw notFound('version of the terms');
    return remember(row);
  }

  /** The terms in force on a date; of several from the same date, the latest version. Throws not_found. */
  async inForce(tx: Tx, programme: string, date: string): Promise<StoredTerms> {
    return this.byId(tx, (await idsUpTo(tx, programme, date, 1))[0]);
  }

  /** The terms in force on a date, then those before them, newest first; at most twenty. Throws not_found. */
  async upTo(tx: Tx, programme: string, date: string): Promise<[StoredTerms, ...StoredTerms[]]> {
    const [first, ...rest] = await idsUpTo(tx, programme, date, 20);
    const found: [StoredTerms, ...StoredTerms[]] = [await this.byId(tx, first)];
    for (const id of rest) found.push(await this.byId(tx, id));
    return found;
  }
}

/** Of every calculation and submission, hence plain SQL; the terms themselves are remembered. */
async function idsUpTo(tx: Tx, programme: string, date: string, limit: number): Promise<[string, ...string[]]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM programme_terms WHERE programme_code = $1 AND in_force_from <= $2
      ORDER BY in_force_from DESC, version DESC LIMIT $3`,
    [programme, date, limit],
  );
  const [first, ...rest] = rows.map(({ id }) => id);
  if (first === undefined) throw notFound('programme');
  return [first, ...rest];
}

function remember(row: ProgrammeTermsEntity): StoredTerms {
  const stored = { id: row.id, version: row.version, terms: parseTerms(row.terms) };
  parsed.set(row.id, stored);
  return stored;
}

/** SHA-256 of terms with their keys sorted, so that the order they are written in does not make a new version. */
export function termsHash(terms: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(terms)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
