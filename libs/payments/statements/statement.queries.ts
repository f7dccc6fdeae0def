import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { DocumentStorage } from '#platform/storage';
import { kinds } from '#platform/validation';
import { loadLine } from '../reconciliation/line-record.js';
import { linesAfter, lineViewOf } from './line-view.js';
import { loadStatementRow, SELECT_STATEMENTS, statementView, type StatementRow } from './statement-record.js';
import { LineFilters, type StatementLineView } from './line.view.js';
import { StatementFilters, type BankStatementView } from './statement.view.js';

/** A file of the bank as it came, checked against its hash. */
export interface ReceivedFile {
  fileName: string;
  mediaType: 'application/xml' | 'text/plain' | 'text/csv';
  sha256: string;
  /** Opened when it is sent. Throws unavailable `stored_file_damaged`. */
  bytes: () => Promise<Readable>;
}

const FILES = {
  camt053: { extension: 'xml', mediaType: 'application/xml' },
  mt940: { extension: 'sta', mediaType: 'text/plain' },
  csv: { extension: 'csv', mediaType: 'text/csv' },
} as const;

/** A quarantined file that was read later is out of the quarantine, and only found among all. */
const WHERE = `($1::text IS NULL OR (s.state = $1 AND s.replaced_by IS NULL)) AND ($2::text IS NULL OR s.programme_code = $2)
  AND ($3::date IS NULL OR s.ends_on >= $3) AND ($4::date IS NULL OR s.ends_on <= $4) AND ($5::text IS NULL OR s.file_sha256 = $5)
  AND ($6::uuid IS NULL OR s.id < $6)`;

/** Reads of bank statements. Allowed: `payment.read`; to an authority they are not there. */
@Injectable()
export class StatementQueries {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
  ) {}

  /** Loaded last first; `state=quarantined` is the quarantine. Throws malformed, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<BankStatementView>> {
    const { filters, page: wanted } = listQuery(StatementFilters, query, [kinds.uuid()]);
    const { state, programme, from, to, fileSha256 } = filters;
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'payment.read');
      const rows = await tx.query<StatementRow>(`${SELECT_STATEMENTS} WHERE ${WHERE} ORDER BY s.id DESC LIMIT $7`, [
        ...[state, programme, from, to, fileSha256, wanted.after?.[0]].map((value) => value ?? null),
        wanted.limit + 1,
      ]);
      return page(rows.map(statementView), wanted.limit, (last) => [last.id]);
    });
  }

  /** Throws not_found, forbidden. */
  async one(actor: Actor, id: string): Promise<BankStatementView> {
    return statementView(await this.row(actor, id));
  }

  /** The booked entries of a statement as the bank has them in order. Throws malformed, not_found, forbidden. */
  lines(actor: Actor, id: string, query: unknown): Promise<Page<StatementLineView>> {
    const { filters, page: wanted } = listQuery(LineFilters, query, [kinds.integer()]);
    return this.uow.read(actor, async (tx) => {
      await loadStatementRow(tx, id);
      requireMay(actor, 'payment.read');
      const after = Number(wanted.after?.[0] ?? 0);
      const state = filters.state ?? null;
      const rows = await linesAfter(tx, { statementId: id, after, limit: wanted.limit + 1, state });
      const { items, nextCursor } = page(rows, wanted.limit, (last) => [last.seq]);
      return { items: items.filter((line) => state === null || line.state === state), nextCursor };
    });
  }

  /** One line of it. Throws not_found, forbidden. */
  line(actor: Actor, id: string, lineId: string): Promise<StatementLineView> {
    return this.uow.read(actor, async (tx) => {
      await loadLine(tx, id, lineId);
      requireMay(actor, 'payment.read');
      return lineViewOf(tx, lineId);
    });
  }

  /** The file it came in, quarantined or not. Throws not_found, forbidden. */
  async file(actor: Actor, id: string): Promise<ReceivedFile> {
    const row = await this.row(actor, id);
    const { extension, mediaType } = FILES[row.format];
    const bytes = () => this.storage.openVerified(row.file_key, row.file_sha256);
    const fileName = `bank-statement-${row.file_sha256.slice(0, 12)}.${extension}`;
    return { fileName, mediaType, sha256: row.file_sha256, bytes };
  }

  private row(actor: Actor, id: string): Promise<StatementRow> {
    return this.uow.read(actor, async (tx) => {
      const row = await loadStatementRow(tx, id);
      requireMay(actor, 'payment.read');
      return row;
    });
  }
}
