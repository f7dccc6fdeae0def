import { type Tx } from '#platform/database';
import { type StoredTerms, type TermsStore } from './terms-store.js';

/** A programme with its terms in force on a date. */
export interface ProgrammeView {
  code: string;
  name: string;
  termsVersion: number;
  inForceFrom: string;
  terms: StoredTerms['terms'];
}

/** Throws not_found when there is no such programme or no terms of it are in force yet. */
export async function readProgramme(tx: Tx, store: TermsStore, code: string, date: string): Promise<ProgrammeView> {
  const stored = await store.inForce(tx, code, date);
  const [row] = await tx.query<{ name: string }>('SELECT name FROM programme WHERE code = $1', [code]);
  return {
    code,
    name: row!.name,
    termsVersion: stored.version,
    inForceFrom: stored.terms.inForceFrom,
    terms: stored.terms,
  };
}
