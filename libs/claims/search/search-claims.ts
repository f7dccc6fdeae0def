import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { TextField, validateQuery } from '#platform/validation';
import { ClaimQueries } from '../claim.queries.js';
import { type ClaimListItem } from '../claim.view.js';
import { searchTerms, type SearchTerms } from '../domain/index.js';

/** A search that finds more is to be narrowed; nobody reads on. */
const MOST_FOUND = 50;

export class SearchQuery {
  @TextField({
    max: 100,
    example: 'INV-0042',
    description:
      'A claim’s invoice number, an authority’s reference or purchase order as written, an amount in pounds, or the beginning (three letters) of a trainer’s name or invoice number.',
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

/** As a row of the key begins, as bytes: a range, which row-level security lets an index answer where it does not let LIKE. */
const beginsWith = (key: string, given: string): string =>
  `${key} ~>=~ ${given}::text AND ${key} ~<~ (${given}::text || chr(1114111))`;

/** Each way is a range of an index within one authority, read no further than the limit, whatever else there is. */
async function search(tx: Tx, { exact, trainer, number, amount }: SearchTerms, limit: number): Promise<string[]> {
  const scope = tx.actor.scope === '*' ? null : tx.actor.scope;
  const rows = await tx.query<{ id: string }>(
    `WITH whose AS (SELECT code FROM authority WHERE $6::text IS NULL OR code = $6), found AS (
       SELECT id FROM claim WHERE invoice_number = upper($1)
       UNION (SELECT id FROM claim WHERE authority_reference = $1 AND ($6::text IS NULL OR authority_code = $6) ORDER BY id DESC LIMIT $5)
       UNION (SELECT id FROM claim WHERE purchase_order = $1 AND ($6::text IS NULL OR authority_code = $6) ORDER BY id DESC LIMIT $5)
       UNION SELECT f.id FROM whose w CROSS JOIN LATERAL (SELECT t.claim_id AS id FROM trainer_invoice t
         WHERE t.authority_code = w.code AND ${beginsWith('t.trainer_key', '$2')} LIMIT $5) f WHERE $2::text IS NOT NULL
       UNION SELECT f.id FROM whose w CROSS JOIN LATERAL (SELECT t.claim_id AS id FROM trainer_invoice t
         WHERE t.authority_code = w.code AND ${beginsWith('t.number_key', '$3')} LIMIT $5) f WHERE $3::text IS NOT NULL
       UNION SELECT f.id FROM whose w CROSS JOIN LATERAL (SELECT c.id FROM claim c
         WHERE c.authority_code = w.code AND c.total_pence = $4 ORDER BY c.id DESC LIMIT $5) f WHERE $4::bigint IS NOT NULL
     ) SELECT id FROM found ORDER BY id DESC LIMIT $5`,
    [exact, trainer, number, amount, limit, scope],
  );
  return rows.map(({ id }) => id);
}
