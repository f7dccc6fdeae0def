import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { AuthorityField, WhichProgramme } from '#programme';
import { UnitOfWork, type Actor } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { kinds } from '#platform/validation';
import { programmeMeant } from '../programme-funding.js';

export class RequestableFilters {
  @WhichProgramme()
  programme?: string;

  @AuthorityField({ optional: true })
  authority?: string;
}

/** A claim that the funder can be asked for. */
export interface RequestableItem {
  claimId: string;
  authority: string;
  invoiceNumber: string;
  amountPence: number;
  dueOn: string;
}

type Row = RequestableItem & { submitted: string };

/** What is approved, not on hold and in no live request, for somebody to choose from; in queue order. */
@Injectable()
export class RequestableQueries {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Allowed: `funding_request.prepare`. Throws malformed, not_found, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<RequestableItem>> {
    const shape = [kinds.date(), kinds.instant(), kinds.uuid()];
    const { filters, page: wanted } = listQuery(RequestableFilters, query, shape);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'funding_request.prepare');
      const programme = await programmeMeant(tx, filters.programme);
      const [due = null, submitted = null, id = null] = wanted.after ?? [];
      const rows = await tx.query<Row>(
        `SELECT c.id AS "claimId", c.authority_code AS authority, c.invoice_number AS "invoiceNumber", c.approved_pence AS "amountPence",
                c.due_on AS "dueOn", to_char(c.submitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS submitted
           FROM claim c
          WHERE c.programme_code = $1 AND c.state = 'approved' AND c.held_at IS NULL AND ($2::text IS NULL OR c.authority_code = $2)
            AND ($3::date IS NULL OR (c.due_on, c.submitted_at, c.id) > ($3::date, $4::timestamptz, $5::uuid))
            AND NOT EXISTS (SELECT 1 FROM funding_request_claim q WHERE q.claim_id = c.id AND q.live)
          ORDER BY c.due_on, c.submitted_at, c.id LIMIT $6`,
        [programme, filters.authority ?? null, due, submitted, id, wanted.limit + 1],
      );
      const shown = page(rows, wanted.limit, (last) => [last.dueOn, last.submitted, last.claimId]);
      return {
        items: shown.items.map(({ submitted: _, ...item }) => item),
        nextCursor: shown.nextCursor,
      };
    });
  }
}
