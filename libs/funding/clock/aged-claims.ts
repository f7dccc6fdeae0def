import { Inject, Injectable } from '@nestjs/common';
import { addDays, londonDate, malformed } from '#kernel';
import { ClaimQueries, type ClaimListItem } from '#claims';
import { UNPAID_STATES } from '#claims/domain';
import { requireMay } from '#identity';
import { AuthorityField, TermsStore, WhichProgramme, type ProgrammeTerms } from '#programme';
import { UnitOfWork, type Actor } from '#platform/database';
import { listQuery, page, type Page, type PageRequest } from '#platform/http';
import { CodeField, kinds } from '#platform/validation';
import { ageBands } from '../domain/index.js';
import { programmeMeant, termsToday } from '../programme-funding.js';

/** Which sum of the report of ages is asked about. */
export class AgedClaimsInput {
  @WhichProgramme()
  programme?: string;

  @AuthorityField({ optional: true })
  authority?: string;

  @CodeField(/^(\d{1,4}-\d{1,4}|overdue)$/, {
    optional: true,
    example: '0-29',
    description: 'Of every age, when left out.',
  })
  band?: string;
}

const STATES = UNPAID_STATES.map((state) => `'${state}'`).join(', ');

/** Due between two days and after the page before; bounds that are not there leave an index its range. */
const DUE = `c.programme_code = $1 AND c.due_on >= coalesce($2::date, '-infinity') AND c.due_on <= coalesce($3::date, 'infinity')
       AND (c.due_on, c.id) > (coalesce($4::date, '-infinity'), coalesce($5::uuid, '00000000-0000-0000-0000-000000000000'))`;

/** An authority's claims that the report of ages adds up, those due first first: a page of the index of what is open. */
const OF_ONE = `SELECT c.id, c.due_on AS "dueOn" FROM claim c
   WHERE ${DUE} AND c.authority_code = $7 AND c.state IN (${STATES}) ORDER BY c.due_on, c.id LIMIT $6`;

/**
 * The same of all authorities, whose claims may be many: a page of each state, in the order of its own index, then the first of those.
 * Unpaid claims of another programme that are due before them are read and passed over.
 */
const OF_ALL = `SELECT o.id, o."dueOn" FROM unnest(ARRAY[${STATES}]) AS s (state) CROSS JOIN LATERAL (
    SELECT c.id, c.due_on AS "dueOn" FROM claim c
     WHERE ${DUE} AND c.state = s.state AND c.due_on IS NOT NULL ORDER BY c.due_on, c.id LIMIT $6) o ORDER BY o."dueOn", o.id LIMIT $6`;

/** The statement of a page and its parameters; `due` are the first and the last day, null where there is no end. */
export function agedSql(
  {
    programme,
    authority,
    due,
  }: { programme: string; authority: string | null; due: readonly [string | null, string | null] },
  { after, limit }: PageRequest,
): { sql: string; parameters: unknown[] } {
  const parameters = [programme, ...due, ...(after ?? [null, null]), limit + 1];
  return authority === null ? { sql: OF_ALL, parameters } : { sql: OF_ONE, parameters: [...parameters, authority] };
}

/** What a sum of the report of ages is made of: unpaid claims of an authority and an age. An authority sees its own. */
@Injectable()
export class AgedClaims {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
    @Inject(ClaimQueries) private readonly claims: ClaimQueries,
  ) {}

  /** As of now. Throws malformed, not_found, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<ClaimListItem>> {
    const { filters, page: wanted } = listQuery(AgedClaimsInput, query, [kinds.date(), kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'claim.read');
      const programme = await programmeMeant(tx, filters.programme);
      const due = dueOf(filters.band, await termsToday(tx, this.terms, programme), londonDate(tx.now));
      const authority = filters.authority ?? (actor.scope === '*' ? null : actor.scope);
      const { sql, parameters } = agedSql({ programme, authority, due }, wanted);
      const rows = await tx.query<{ id: string; dueOn: string }>(sql, parameters);
      const found = page(rows, wanted.limit, (last) => [last.dueOn, last.id]);
      const ids = found.items.map(({ id }) => id);
      const byId = new Map((await this.claims.byIds(tx, ids)).map((claim) => [claim.id, claim]));
      return { items: ids.map((id) => byId.get(id)!), nextCursor: found.nextCursor };
    });
  }
}

/** Between which days claims of an age are due, both included; null where there is no end. The age is counted back from the due date. */
function dueOf(band: string | undefined, terms: ProgrammeTerms, today: string): [string | null, string | null] {
  if (band === undefined) return [null, null];
  const known = ageBands(terms).find((one) => one.band === band);
  if (!known) {
    const message = 'Claims are not counted by this age. Choose one in the report.';
    throw malformed([{ path: 'band', code: 'not_one_of', message }]);
  }
  const dueAt = (age: number) => addDays(today, terms.payment.withinDays - age);
  return [known.toDays === null ? null : dueAt(known.toDays), dueAt(known.fromDays)];
}
