import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { DocumentStorage } from '#platform/storage';
import { EmptyInput, kinds } from '#platform/validation';
import type { ReceivedFile } from './statement.queries.js';
import {
  loadStatusFileRow,
  STATUS_FILE_COLUMNS,
  statusesAfter,
  statusFileView,
  type StatusFileRow,
} from './status-file-record.js';
import { StatusFileFilters, type PaymentStatusView, type StatusFileView } from './status-file.view.js';

/** Reads of the bank's reports on payment runs. Allowed: `payment.read`; to an authority they are not there. */
@Injectable()
export class StatusFileQueries {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
  ) {}

  /** Loaded last first. Throws malformed, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<StatusFileView>> {
    const { filters, page: wanted } = listQuery(StatusFileFilters, query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'payment.read');
      const rows = await tx.query<StatusFileRow>(
        `SELECT ${STATUS_FILE_COLUMNS} FROM payment_status_file WHERE ($1::text IS NULL OR state = $1)
            AND ($2::text IS NULL OR programme_code = $2) AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
        [filters.state ?? null, filters.programme ?? null, wanted.after?.[0] ?? null, wanted.limit + 1],
      );
      return page(rows.map(statusFileView), wanted.limit, (last) => [last.id]);
    });
  }

  /** Throws not_found, forbidden. */
  async one(actor: Actor, id: string): Promise<StatusFileView> {
    return statusFileView(await this.row(actor, id));
  }

  /** What it says of each payment. Throws malformed, not_found, forbidden. */
  statuses(actor: Actor, id: string, query: unknown): Promise<Page<PaymentStatusView>> {
    const { page: wanted } = listQuery(EmptyInput, query, [kinds.integer()]);
    return this.uow.read(actor, async (tx) => {
      await loadStatusFileRow(tx, id);
      requireMay(actor, 'payment.read');
      const rows = await statusesAfter(tx, id, Number(wanted.after?.[0] ?? 0), wanted.limit + 1);
      return page(rows, wanted.limit, (last) => [last.seq]);
    });
  }

  /** The file as it came. Throws not_found, forbidden. */
  async file(actor: Actor, id: string): Promise<ReceivedFile> {
    const { file_key: key, file_sha256: sha256 } = await this.row(actor, id);
    const fileName = `payment-status-${sha256.slice(0, 12)}.xml`;
    return { fileName, mediaType: 'application/xml', sha256, bytes: () => this.storage.openVerified(key, sha256) };
  }

  private row(actor: Actor, id: string): Promise<StatusFileRow> {
    return this.uow.read(actor, async (tx) => {
      const row = await loadStatusFileRow(tx, id);
      requireMay(actor, 'payment.read');
      return row;
    });
  }
}
