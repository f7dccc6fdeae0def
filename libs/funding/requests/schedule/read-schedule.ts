import { londonDate } from '#kernel';
import { categoryOf, type ProgrammeTerms } from '#programme';
import { type Tx } from '#platform/database';
import { type Asked } from '../../domain/index.js';
import { type ScheduleModel } from './schedule-model.js';

/** So much for an authority in a category, of the claims of a request. */
export interface ScheduleRow {
  authority: string;
  category: string;
  claimCount: number;
  amountPence: number;
}

const ROWS = `
  SELECT q.authority_code AS authority, a.key AS category, count(*)::int AS "claimCount",
         sum((a.value ->> 'reimbursementPence')::bigint)::bigint AS "amountPence"
    FROM funding_request r JOIN funding_request_claim q ON q.request_id = r.id AND (q.live OR r.state = 'cancelled'),
         jsonb_each(q.amounts) a
   WHERE r.id = $1 AND (a.value ->> 'reimbursementPence')::bigint > 0
     AND ($2::text IS NULL OR (q.authority_code, a.key) > ($2, $3))
   GROUP BY q.authority_code, a.key ORDER BY q.authority_code, a.key LIMIT $4`;

/** By authority and category, in this order; from after a place, at most so many. */
export const scheduleRows = (
  tx: Tx,
  requestId: string,
  after: readonly unknown[] | null = null,
  limit: number | null = null,
): Promise<ScheduleRow[]> => tx.query<ScheduleRow>(ROWS, [requestId, ...(after ?? [null, null]), limit]);

/** A request as far as its schedule says. */
export interface RequestToPrint extends Asked {
  id: string;
  programme: string;
  number: string;
  claimCount: number;
  submittedAt: Date;
}

/** What the schedule of a request prints, all of it frozen with the request but names and labels, which are those of `terms`. */
export async function scheduleModel(tx: Tx, request: RequestToPrint, terms: ProgrammeTerms): Promise<ScheduleModel> {
  const { number, claimCount, totalPence, recoveredPence, requestedPence } = request;
  const rows = await scheduleRows(tx, request.id);
  const authorities = await tx.query<{ code: string; name: string; claimCount: number; totalPence: number }>(
    `SELECT a.code, a.name, q.claims AS "claimCount", q.pence AS "totalPence"
       FROM (SELECT authority_code, count(*)::int AS claims, sum(pence)::bigint AS pence FROM funding_request_claim
              WHERE request_id = $1 AND live GROUP BY authority_code) q
       JOIN authority a ON a.code = q.authority_code ORDER BY a.name, a.code`,
    [request.id],
  );
  const { payer } = terms;
  return {
    ...{ number, claimCount, totalPence, recoveredPence, requestedPence },
    submittedOn: londonDate(request.submittedAt),
    currency: terms.currency,
    programme: { code: request.programme, name: await programmeName(tx, request.programme) },
    payer: {
      legalName: payer.legalName,
      shortName: payer.shortName,
      address: payer.address,
      identifier: `${payer.identifier.label} ${payer.identifier.value}`,
    },
    funder: terms.funder.name,
    categories: categoriesOf(rows, terms),
    authorities: authorities.map((one) => ({
      ...one,
      amounts: Object.fromEntries(
        rows.filter(({ authority }) => authority === one.code).map((row) => [row.category, row.amountPence]),
      ),
    })),
  };
}

/** In the order of the terms; one that newer terms have lost comes last, under its code. */
function categoriesOf(rows: readonly ScheduleRow[], terms: ProgrammeTerms): ScheduleModel['categories'] {
  const known = terms.categories.map(({ code }) => code);
  const lost = new Set(rows.map(({ category }) => category).filter((code) => !known.includes(code)));
  return [...known, ...[...lost].sort()].map((code) => {
    const of = rows.filter(({ category }) => category === code);
    return {
      code,
      label: categoryOf(terms, code)?.label ?? code,
      claimCount: of.reduce((sum, row) => sum + row.claimCount, 0),
      totalPence: of.reduce((sum, row) => sum + row.amountPence, 0),
    };
  });
}

async function programmeName(tx: Tx, code: string): Promise<string> {
  const [row] = await tx.query<{ name: string }>('SELECT name FROM programme WHERE code = $1', [code]);
  return row!.name;
}
