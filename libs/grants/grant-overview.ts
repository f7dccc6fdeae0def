import { Inject, Injectable } from '@nestjs/common';
import { londonDate, malformed, notFound, sumPence, type Pence } from '#kernel';
import { requireMay } from '#identity';
import { grantTermsOf } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { kinds } from '#platform/validation';
import { summariseGrant, type GrantFacts, type GrantSummary } from './domain/index.js';
import { GrantFilters } from './grant.queries.js';
import { readFactsOf } from './grant-record.js';

/** One authority's grant in a line. Amounts in pence. */
export interface GrantOverviewRow {
  programme: string;
  authority: string;
  name: string;
  amountPence: Pence;
  /** `YYYY-MM-DD`; null while it is not received. */
  receivedOn: string | null;
  spentPence: Pence;
  forecastPence: Pence;
  leftPence: Pence;
  /** Amount less spent less forecast; below zero the post costs more than the grant. */
  forecastUnderspendPence: Pence;
  /** Spent less expected, over the quarters that are recorded. */
  variancePence: Pence;
  /** Quarters that are over without any spending recorded. */
  awaitedQuarters: number;
}

export const GRANT_OVERVIEW_CSV = [
  ...['authority', 'name', 'amountPence', 'receivedOn', 'spentPence', 'forecastPence', 'leftPence'],
  ...['forecastUnderspendPence', 'variancePence', 'awaitedQuarters'],
] as const;

/** Grants of all authorities side by side. */
@Injectable()
export class GrantOverview {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** A page of the grants the actor may see, by authority. Throws malformed, not_found for a programme without a grant, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<GrantOverviewRow>> {
    const { filters, page: wanted } = listQuery(GrantFilters, query, [kinds.text()]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'grant.read');
      const programme = filters.programme ?? (await onlyProgramme(tx));
      const terms = await grantTermsOf(tx, programme);
      if (terms === null) throw notFound('grant of this programme');
      const authorities = await tx.query<{ code: string; name: string }>(
        // The profile is not there of an authority that is not the actor's to see.
        `SELECT a.code, a.name FROM programme_authority pa JOIN authority a ON a.code = pa.authority_code
           JOIN authority_profile p ON p.authority_code = a.code
          WHERE pa.programme_code = $1 AND a.code > $2 ORDER BY a.code LIMIT $3`,
        [programme, wanted.after?.[0] ?? '', wanted.limit + 1],
      );
      const of = { programme, terms, authorities: authorities.map(({ code }) => code) };
      const facts = await readFactsOf(tx, of, londonDate(tx.now));
      const rows = authorities.map(({ code, name }, at) => overviewRow(programme, code, name, facts[at]!));
      return page(rows, wanted.limit, (last) => [last.authority]);
    });
  }
}

function overviewRow(programme: string, authority: string, name: string, facts: GrantFacts): GrantOverviewRow {
  const summary: GrantSummary = summariseGrant(facts);
  const { amountPence, spentPence, forecastPence, leftPence, forecastUnderspendPence, quarters } = summary;
  return {
    ...{ programme, authority, name, amountPence, receivedOn: facts.receipt?.receivedOn ?? null },
    ...{ spentPence, forecastPence, leftPence, forecastUnderspendPence },
    variancePence: sumPence(quarters.map(({ variancePence }) => variancePence ?? 0)),
    awaitedQuarters: quarters.filter(({ state, heldDays }) => state === 'awaited' && heldDays > 0).length,
  };
}

async function onlyProgramme(tx: Tx): Promise<string> {
  const [only, another] = await tx.query<{ code: string }>(
    'SELECT DISTINCT programme_code AS code FROM grant_terms ORDER BY 1 LIMIT 2',
  );
  if (only === undefined) throw notFound('programme with a grant');
  if (another === undefined) return only.code;
  throw malformed([{ path: 'programme', code: 'required', message: 'There are several programmes. Name one.' }]);
}
