import { londonDate } from '#kernel';
import { type Tx } from '#platform/database';
import { UNPAID_STATES } from '#claims/domain';
import { type ProgrammeTerms } from '#programme';
import { ageBands, type AgeBand } from '../domain/index.js';

/** What is unpaid of one authority in one band of age. */
export interface OpenBand extends AgeBand {
  authority: string;
  claimCount: number;
  heldCount: number;
  /** Approved, or claimed while it is not approved yet. */
  amountPence: number;
  firstDueOn: string | null;
}

const STATES = UNPAID_STATES.map((state) => `'${state}'`).join(', ');

/**
 * What is submitted and not paid, by authority and age, an authority's every band once it has any: in one statement that
 * reads the index of what is open and no claim. The age is counted back from the due date.
 */
export async function readOpenBands(
  tx: Tx,
  terms: ProgrammeTerms,
  of: { programme: string; authority: string | null },
): Promise<OpenBand[]> {
  const bands = ageBands(terms);
  const rows = await tx.query<Omit<OpenBand, keyof AgeBand> & { at: number }>(
    `SELECT c.authority_code AS authority, width_bucket($2::date - c.due_on + $3, $4::int[]) AS at, count(*)::int AS "claimCount",
            (count(*) FILTER (WHERE c.held_at IS NOT NULL))::int AS "heldCount",
            sum(coalesce(c.approved_pence, c.total_pence))::bigint AS "amountPence", min(c.due_on) AS "firstDueOn"
       FROM claim c WHERE c.programme_code = $1 AND c.state IN (${STATES})
        ${of.authority === null ? '' : 'AND c.authority_code = $5'} GROUP BY 1, 2`,
    [
      of.programme,
      londonDate(tx.now),
      terms.payment.withinDays,
      bands.map(({ fromDays }) => fromDays),
      ...(of.authority === null ? [] : [of.authority]),
    ],
  );
  const found = new Map(rows.map(({ at, ...row }) => [`${row.authority} ${at}`, row]));
  const authorities = [...new Set(rows.map(({ authority }) => authority))].sort();
  return authorities.flatMap((authority) =>
    bands.map((band, at) => ({
      ...band,
      ...(found.get(`${authority} ${at + 1}`) ?? nothing(authority)),
    })),
  );
}

const nothing = (authority: string) => ({
  authority,
  claimCount: 0,
  heldCount: 0,
  amountPence: 0,
  firstDueOn: null,
});
