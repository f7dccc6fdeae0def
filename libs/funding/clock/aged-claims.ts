import { Inject, Injectable } from '@nestjs/common';
import { addDays, londonDate, malformed } from '#kernel';
import { ClaimQueries, type ClaimListItem } from '#claims';
import { UNPAID_STATES } from '#claims/domain';
import { requireMay } from '#identity';
import { AuthorityField, TermsStore, WhichProgramme, type ProgrammeTerms } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
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

/**
 * Claims that the report of ages adds up, those due first first. The inner statement has no order, so that it reads the index of what
 * is open: in the order of the due dates all that was ever paid would lie before them.
 */
const AGED = `SELECT o.id, o.due_on AS "dueOn" FROM (
    SELECT c.id, c.due_on FROM claim c
     WHERE c.programme_code = $1 AND c.state IN (${STATES}) AND ($2::text IS NULL OR c.authority_code = $2)
       AND ($3::date IS NULL OR c.due_on >= $3) AND ($4::date IS NULL OR c.due_on <= $4) OFFSET 0) o
  WHERE $5::date IS NULL OR (o.due_on, o.id) > ($5, $6::uuid) ORDER BY o.due_on, o.id LIMIT $7`;

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
      const found = page(await readAged(tx, [programme, authority, ...due], wanted), wanted.limit, (last) => [
        ...[last.dueOn, last.id],
      ]);
      const ids = found.items.map(({ id }) => id);
      const byId = new Map((await this.claims.byIds(tx, ids)).map((claim) => [claim.id, claim]));
      return { items: ids.map((id) => byId.get(id)!), nextCursor: found.nextCursor };
    });
  }
}

const readAged = (tx: Tx, of: readonly (string | null)[], { after, limit }: PageRequest) =>
  tx.query<{ id: string; dueOn: string }>(AGED, [...of, ...(after ?? [null, null]), limit + 1]);

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
