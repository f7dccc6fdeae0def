import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { categoryOf, TermsStore } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { listQuery, page, pageOf, type Page } from '#platform/http';
import { EmptyInput, EnumField, kinds, validateQuery } from '#platform/validation';
import { REQUEST_STATES } from '../domain/index.js';
import { termsToday } from '../programme-funding.js';
import { loadRequest, REQUEST_COLUMNS, requestListItem, requestView, type RequestRow } from './request-record.js';
import { type RequestClaimItem, type RequestListItem, type RequestView, type ScheduleLine } from './request.view.js';

export class RequestFilters {
  @EnumField(REQUEST_STATES, { optional: true })
  state?: string;
}

@Injectable()
export class RequestQueries {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** Throws not_found. */
  get(actor: Actor, id: string): Promise<RequestView> {
    return this.uow.read(actor, async (tx) => {
      await readable(tx, id);
      return requestView(tx, id);
    });
  }

  /** Requests, newest first. Throws malformed, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<RequestListItem>> {
    const { filters, page: wanted } = listQuery(RequestFilters, query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'funding.read');
      const rows = await tx.query<RequestRow>(
        `SELECT ${REQUEST_COLUMNS} FROM funding_request
          WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
        [filters.state ?? null, wanted.after?.[0] ?? null, wanted.limit + 1],
      );
      return page(rows.map(requestListItem), wanted.limit, (last) => [last.id]);
    });
  }

  /** The claims of a request, by id. Throws malformed, not_found. */
  claims(actor: Actor, id: string, query: unknown): Promise<Page<RequestClaimItem>> {
    validateQuery(EmptyInput, query, ['limit', 'cursor']);
    const wanted = pageOf(query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      await readable(tx, id);
      const rows = await tx.query<RequestClaimItem>(
        `SELECT c.id AS "claimId", c.authority_code AS authority, c.invoice_number AS "invoiceNumber", q.pence AS "amountPence", c.state
           FROM funding_request_claim q JOIN claim c ON c.id = q.claim_id
          WHERE q.request_id = $1 AND q.live AND ($2::uuid IS NULL OR q.claim_id > $2) ORDER BY q.claim_id LIMIT $3`,
        [id, wanted.after?.[0] ?? null, wanted.limit + 1],
      );
      return page(rows, wanted.limit, (last) => [last.claimId]);
    });
  }

  /** The schedule for the funder: pence by authority and category. Throws malformed, not_found. */
  schedule(actor: Actor, id: string, query: unknown): Promise<Page<ScheduleLine>> {
    validateQuery(EmptyInput, query, ['limit', 'cursor']);
    const wanted = pageOf(query, [kinds.code(/^[A-Z0-9]{2,12}$/), kinds.text()]);
    return this.uow.read(actor, async (tx) => {
      const { programme_code } = await readable(tx, id);
      const terms = await termsToday(tx, this.terms, programme_code);
      const rows = await tx.query<Omit<ScheduleLine, 'label'>>(
        `SELECT q.authority_code AS authority, a.key AS category, count(*)::int AS "claimCount",
                sum((a.value ->> 'reimbursementPence')::bigint)::bigint AS "amountPence"
           FROM funding_request_claim q, jsonb_each(q.amounts) a
          WHERE q.request_id = $1 AND q.live AND (a.value ->> 'reimbursementPence')::bigint > 0
            AND ($2::text IS NULL OR (q.authority_code, a.key) > ($2, $3))
          GROUP BY q.authority_code, a.key ORDER BY q.authority_code, a.key LIMIT $4`,
        [id, ...(wanted.after ?? [null, null]), wanted.limit + 1],
      );
      const lines = rows.map((row) => ({ ...row, label: categoryOf(terms, row.category)?.label ?? row.category }));
      return page(lines, wanted.limit, (last) => [last.authority, last.category]);
    });
  }
}

async function readable(tx: Tx, id: string): Promise<RequestRow> {
  const request = await loadRequest(tx, id);
  requireMay(tx.actor, 'funding.read');
  return request;
}
