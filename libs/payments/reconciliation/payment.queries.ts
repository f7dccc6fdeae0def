import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '#kernel';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { kinds } from '#platform/validation';
import { isoInstant, PAYMENT_COLUMNS } from '../runs/run-record.js';
import { PaymentFilters, type PaymentDetail } from './payment.view.js';

/** Payments by themselves: all of them to the payer, its own to an authority. Allowed: `payment.read_own`. */
@Injectable()
export class PaymentQueries {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Newest first. Throws malformed, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<PaymentDetail>> {
    const { filters, page: wanted } = listQuery(PaymentFilters, query, [kinds.uuid()]);
    const { state, authority, runId } = filters;
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'payment.read_own');
      const rows = await tx.query<PaymentDetail>(
        `${SELECT} WHERE ($1::text IS NULL OR p.state = $1) AND ($2::text IS NULL OR p.authority_code = $2) AND ($3::uuid IS NULL OR p.run_id = $3)
            AND ($4::uuid IS NULL OR p.id < $4) ORDER BY p.id DESC LIMIT $5`,
        [state ?? null, authority ?? null, runId ?? null, wanted.after?.[0] ?? null, wanted.limit + 1],
      );
      return page(rows, wanted.limit, (last) => [last.id]);
    });
  }

  /** Throws not_found, also for another authority's; forbidden. */
  one(actor: Actor, id: string): Promise<PaymentDetail> {
    return this.uow.read(actor, async (tx) => {
      const view = await onePayment(tx, id);
      requireMay(actor, 'payment.read_own', { authority: view.authority });
      return view;
    });
  }
}

/** One payment as it is in the transaction. Throws not_found. */
export async function onePayment(tx: Tx, id: string): Promise<PaymentDetail> {
  const [row] = await tx.query<PaymentDetail>(`${SELECT} WHERE p.id = $1`, [id]);
  if (!row) throw notFound('payment');
  return row;
}

const SELECT = `
  SELECT ${PAYMENT_COLUMNS}, p.run_id AS "runId", ${isoInstant('p.ended_at')} AS "endedAt", p.version,
         coalesce(p.end_reason, CASE WHEN p.state = 'bounced' THEN (
           SELECT coalesce(max(l.return_reason), 'The bank returned it.') FROM bank_match m JOIN bank_line l ON l.id = m.line_id
            WHERE m.payment_id = p.id AND m.kind = 'payment_return' AND m.ended_at IS NULL) END) AS reason
    FROM payment p JOIN bank_details b ON b.authority_code = p.authority_code AND b.version = p.account_version`;
