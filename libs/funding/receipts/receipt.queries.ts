import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { EnumField, kinds, UuidField } from '#platform/validation';
import { RECEIPT_SOURCES, RECEIPT_STATES } from '../domain/index.js';
import { loadReceipt, RECEIPT_COLUMNS, receiptListItem, receiptView, type ReceiptRow } from './receipt-record.js';
import { type ReceiptListItem, type ReceiptView } from './receipt.view.js';

export class ReceiptFilters {
  @EnumField(RECEIPT_STATES, { optional: true })
  state?: string;

  @EnumField(RECEIPT_SOURCES, { optional: true })
  source?: string;

  @UuidField({ optional: true })
  fundingRequestId?: string;
}

@Injectable()
export class ReceiptQueries {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws not_found. */
  get(actor: Actor, id: string): Promise<ReceiptView> {
    return this.uow.read(actor, async (tx) => {
      await loadReceipt(tx, id);
      requireMay(actor, 'funding.read');
      return receiptView(tx, id);
    });
  }

  /** Receipts, newest first. Throws malformed, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<ReceiptListItem>> {
    const { filters, page: wanted } = listQuery(ReceiptFilters, query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'funding.read');
      const rows = await tx.query<ReceiptRow>(
        `SELECT ${RECEIPT_COLUMNS} FROM funding_receipt
          WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid IS NULL OR request_id = $2) AND ($3::text IS NULL OR source = $3)
            AND ($4::uuid IS NULL OR id < $4) ORDER BY id DESC LIMIT $5`,
        [
          ...[filters.state ?? null, filters.fundingRequestId ?? null, filters.source ?? null],
          ...[wanted.after?.[0] ?? null, wanted.limit + 1],
        ],
      );
      return page(rows.map(receiptListItem), wanted.limit, (last) => [last.id]);
    });
  }
}
