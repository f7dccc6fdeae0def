import { malformed, notFound } from '#kernel';
import { grantProgrammesOf, grantTermsOf, loadAuthority, type AuthorityProfile } from '#programme';
import { type GrantTerms, type Underspend } from '#programme/domain';
import { type Tx } from '#platform/database';
import {
  workOutGrant,
  type GrantFacts,
  type GrantReceipt,
  type HeldPeriod,
  type QuarterRecord,
} from './domain/index.js';

/** One authority's grant: whose, of which programme, under which terms. */
export interface GrantKey {
  programme: string;
  authority: string;
  terms: GrantTerms;
}

/** What an authority has recorded of its grant; version 0 before anything is. */
export interface GrantDetails {
  post: string | null;
  receipt: GrantReceipt | null;
  /** What its own conditions say of underspend; null: as the terms. */
  underspend: Underspend | null;
  holders: HeldPeriod[];
  version: number;
}

/**
 * The grant of an authority. Throws not_found, also for another's authority and for a programme without a grant; malformed
 * when it has several and none is named.
 */
export async function findGrant(tx: Tx, code: string, programme: string | null): Promise<GrantKey> {
  return (await findGrantOf(tx, code, programme)).key;
}

/** `findGrant` together with the authority. */
export async function findGrantOf(
  tx: Tx,
  code: string,
  programme: string | null,
): Promise<{ key: GrantKey; profile: AuthorityProfile }> {
  const profile = await loadAuthority(tx, code);
  const [only, another] = await grantProgrammesOf(tx, code, programme);
  if (only === undefined) throw notFound('grant');
  if (another !== undefined) {
    const message = 'The authority has a grant from several programmes. Name one.';
    throw malformed([{ path: 'programme', code: 'required', message }]);
  }
  const terms = await grantTermsOf(tx, only);
  return { key: { programme: only, authority: code, terms: terms! }, profile };
}

/**
 * Locks the grant's row until commit, making it when it is not there yet: writers of one grant come one after another. Until
 * the grant is received, newer terms change what may be spent, though not below what was spent already.
 */
export async function lockGrant(tx: Tx, key: GrantKey): Promise<void> {
  const of = [key.programme, key.authority];
  const { amountPence } = workOutGrant(key.terms);
  await tx.execute(
    `INSERT INTO grant_award (programme_code, authority_code, worked_out_pence, updated_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (programme_code, authority_code)
     DO UPDATE SET worked_out_pence = greatest($3, grant_award.spent_pence) WHERE grant_award.received_pence IS NULL`,
    [...of, amountPence, tx.now],
  );
  await tx.query('SELECT 1 FROM grant_award WHERE programme_code = $1 AND authority_code = $2 FOR UPDATE', of);
}

interface AwardRow {
  authority: string;
  post: string | null;
  received_on: string | null;
  received_pence: number | null;
  receipt_reason: string | null;
  underspend: Underspend | null;
  version: number;
  holders: HeldPeriod[];
}

const NOTHING: GrantDetails = { post: null, receipt: null, underspend: null, holders: [], version: 0 };

/** What is recorded of the grant itself. */
export async function readDetails(tx: Tx, { programme, authority }: GrantKey): Promise<GrantDetails> {
  return (await readDetailsOf(tx, programme, [authority])).get(authority) ?? NOTHING;
}

/** `readDetails` of several authorities, by their codes; those without a record are left out. */
async function readDetailsOf(
  tx: Tx,
  programme: string,
  authorities: readonly string[],
): Promise<Map<string, GrantDetails>> {
  const rows = await tx.query<AwardRow>(
    `SELECT authority_code AS authority, post, received_on, received_pence, receipt_reason, underspend, version,
            coalesce((SELECT json_agg(json_build_object('startsOn', starts_on, 'endsOn', ends_on) ORDER BY position)
                        FROM grant_holder h WHERE h.programme_code = a.programme_code AND h.authority_code = a.authority_code),
                     '[]') AS holders
       FROM grant_award a WHERE programme_code = $1 AND authority_code = ANY ($2)`,
    [programme, authorities],
  );
  return new Map(rows.map((row) => [row.authority, detailsOf(row)]));
}

function detailsOf({ received_on, received_pence, receipt_reason, ...row }: AwardRow): GrantDetails {
  const { post, underspend, version, holders } = row;
  const receipt =
    received_on === null || received_pence === null
      ? null
      : { amountPence: received_pence, receivedOn: received_on, reason: receipt_reason };
  return { post, receipt, underspend, holders, version };
}

interface QuarterRow {
  authority: string;
  quarter: string;
  spent: number;
  entries: number;
  forecast: number | null;
  reason: string | null;
}

type Quarters = Map<string, QuarterRecord>;

/** Spending, forecasts and reasons of one grant, by quarter. */
export async function readQuarters(tx: Tx, programme: string, authority: string): Promise<Quarters> {
  return (await readQuartersOf(tx, programme, [authority])).get(authority) ?? new Map();
}

/** `readQuarters` of several authorities, by their codes. */
async function readQuartersOf(
  tx: Tx,
  programme: string,
  authorities: readonly string[],
): Promise<Map<string, Quarters>> {
  const rows = await tx.query<QuarterRow>(
    `SELECT authority, quarter, coalesce(e.spent, 0) AS spent, coalesce(e.entries, 0) AS entries,
            q.forecast_pence AS forecast, q.variance_reason AS reason
       FROM (SELECT e.authority_code AS authority, e.quarter, sum(e.amount_pence)::bigint AS spent, count(*)::int AS entries
               FROM grant_entry e
              WHERE e.programme_code = $1 AND e.authority_code = ANY ($2)
                AND NOT EXISTS (SELECT FROM grant_entry r WHERE r.replaces = e.id)
              GROUP BY e.authority_code, e.quarter) e
       FULL JOIN (SELECT authority_code AS authority, quarter, forecast_pence, variance_reason FROM grant_quarter
                   WHERE programme_code = $1 AND authority_code = ANY ($2)) q USING (authority, quarter)`,
    [programme, authorities],
  );
  const found = new Map<string, Quarters>();
  for (const { authority, quarter, spent, entries, forecast, reason } of rows) {
    const quarters = found.get(authority) ?? new Map<string, QuarterRecord>();
    const record = { spentPence: spent, entryCount: entries, enteredForecastPence: forecast, varianceReason: reason };
    found.set(authority, quarters.set(quarter, record));
  }
  return found;
}

/** All that the grant's figures are worked out from. */
export async function readFacts(
  tx: Tx,
  key: GrantKey,
  today: string,
): Promise<{ details: GrantDetails; facts: GrantFacts }> {
  const details = await readDetails(tx, key);
  const quarters = await readQuarters(tx, key.programme, key.authority);
  return { details, facts: factsOf(key.terms, details, quarters, today) };
}

/** `readFacts` of several authorities of one programme, in their order: two statements, however many they are. */
export async function readFactsOf(
  tx: Tx,
  of: { programme: string; terms: GrantTerms; authorities: readonly string[] },
  today: string,
): Promise<GrantFacts[]> {
  const details = await readDetailsOf(tx, of.programme, of.authorities);
  const quarters = await readQuartersOf(tx, of.programme, of.authorities);
  return of.authorities.map((code) =>
    factsOf(of.terms, details.get(code) ?? NOTHING, quarters.get(code) ?? new Map(), today),
  );
}

const factsOf = (terms: GrantTerms, details: GrantDetails, quarters: Quarters, today: string): GrantFacts => ({
  terms,
  receipt: details.receipt,
  underspend: details.underspend ?? terms.underspend,
  holders: details.holders,
  quarters,
  today,
});
