import { londonDate, malformed, notFound } from '#kernel';
import { type ProgrammeTerms, type TermsStore } from '#programme';
import { type Tx } from '#platform/database';

/** The programme that is meant: the one named, or the only one there is. Throws not_found, malformed. */
export async function programmeMeant(tx: Tx, named: string | undefined): Promise<string> {
  const [only, another] = await tx.query<{ code: string }>(
    'SELECT code FROM programme WHERE $1::text IS NULL OR code = $1 ORDER BY code LIMIT 2',
    [named ?? null],
  );
  if (only === undefined) throw notFound('programme');
  if (another === undefined) return only.code;
  throw malformed([{ path: 'programme', code: 'required', message: 'There are several programmes. Name one.' }]);
}

/** One act of funding of a programme after another: held until commit, first in the lock order. */
export async function lockFunding(tx: Tx, programme: string): Promise<void> {
  await tx.execute('INSERT INTO programme_funding (programme_code) VALUES ($1) ON CONFLICT DO NOTHING', [programme]);
  await tx.query('SELECT 1 FROM programme_funding WHERE programme_code = $1 FOR UPDATE', [programme]);
}

/** The terms in force today: who the funder is, and what numbers begin with. */
export async function termsToday(tx: Tx, terms: TermsStore, programme: string): Promise<ProgrammeTerms> {
  return (await terms.inForce(tx, programme, londonDate(tx.now))).terms;
}
