import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { TextField, validateQuery } from '#platform/validation';
import { ClaimQueries } from '../claim.queries.js';
import { type ClaimListItem } from '../claim.view.js';
import { searchTerms, type SearchTerms } from '../domain/index.js';
import { SEARCH } from './search-sql.js';

/** A search that finds more is to be narrowed; nobody reads on. */
const MOST_FOUND = 50;

export class SearchQuery {
  @TextField({
    max: 100,
    example: 'INV-0042',
    description:
      'A claim’s invoice number, an authority’s reference or purchase order as written, an amount in pounds (claimed, or approved), or the beginning (three letters) of a trainer’s name or invoice number.',
  })
  q: string;
}

export interface Found {
  items: ClaimListItem[];
  /** There are more: say more of what is looked for. */
  more: boolean;
}

/** Finds claims by what people remember of them: numbers, references, trainers, amounts. */
@Injectable()
export class SearchClaims {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimQueries) private readonly claims: ClaimQueries,
  ) {}

  /** Claims the actor may see, newest first, at most 50. Throws malformed, forbidden. */
  run(actor: Actor, query: unknown): Promise<Found> {
    const { q } = validateQuery(SearchQuery, query, []);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'claim.read');
      const ids = await search(tx, searchTerms(q), MOST_FOUND + 1);
      const items = await this.claims.byIds(tx, ids.slice(0, MOST_FOUND));
      return { items, more: ids.length > MOST_FOUND };
    });
  }
}

async function search(tx: Tx, { exact, trainer, number, amount }: SearchTerms, limit: number): Promise<string[]> {
  const scope = tx.actor.scope === '*' ? null : tx.actor.scope;
  const rows = await tx.query<{ id: string }>(SEARCH, [exact, trainer, number, amount, limit, scope]);
  return rows.map(({ id }) => id);
}
