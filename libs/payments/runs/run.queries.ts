import { Inject, Injectable } from '@nestjs/common';
import { conflict, DomainError } from '#kernel';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { DocumentStorage } from '#platform/storage';
import { PARTY_CODE } from '#programme';
import { EmptyInput, kinds } from '#platform/validation';
import { loadRun, paymentsOf, RUN_COLUMNS, runListItem, runView, type RunRow } from './run-record.js';
import { RunFilters, type PaymentView, type RunListItem, type RunView } from './run.view.js';

/** A bank file as it was made, checked against its hash. */
export interface BankFile {
  fileName: string;
  mediaType: 'application/xml';
  sha256: string;
  bytes: Buffer;
}

/** Reads of payment runs. Allowed: `payment.read`, the bank file `payment.read_bank_file`; to an authority they are not there. */
@Injectable()
export class RunQueries {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
  ) {}

  /** Newest first. Throws malformed, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<RunListItem>> {
    const { filters, page: wanted } = listQuery(RunFilters, query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'payment.read');
      const rows = await tx.query<RunRow>(
        `SELECT ${RUN_COLUMNS} FROM payment_run WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR programme_code = $2)
            AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
        [filters.state ?? null, filters.programme ?? null, wanted.after?.[0] ?? null, wanted.limit + 1],
      );
      return page(rows.map(runListItem), wanted.limit, (last) => [last.id]);
    });
  }

  /** Throws not_found, forbidden. */
  one(actor: Actor, id: string): Promise<RunView> {
    return this.uow.read(actor, async (tx) => {
      const view = await runView(tx, id);
      requireMay(actor, 'payment.read');
      return view;
    });
  }

  /** The payments of a run, by authority. Throws malformed, not_found, forbidden. */
  payments(actor: Actor, id: string, query: unknown): Promise<Page<PaymentView>> {
    const { page: wanted } = listQuery(EmptyInput, query, [kinds.code(PARTY_CODE)]);
    return this.uow.read(actor, async (tx) => {
      await loadRun(tx, id);
      requireMay(actor, 'payment.read');
      const after = wanted.after?.[0] ?? '';
      const rows = (await paymentsOf(tx, id)).filter(({ authority }) => authority > after!);
      return page(rows.slice(0, wanted.limit + 1), wanted.limit, (last) => [last.authority]);
    });
  }

  /** What the bank got. Throws not_found (also `no_bank_file`), forbidden, conflict `run_not_approved`, unavailable `stored_file_damaged`. */
  async bankFile(actor: Actor, id: string): Promise<BankFile> {
    const run = await this.uow.read(actor, async (tx) => {
      const row = await loadRun(tx, id);
      requireMay(actor, 'payment.read_bank_file');
      return row;
    });
    if (run.state === 'approved' && run.total_pence === 0) {
      const why = `${run.number} has no bank file: all that was due was set off, so the bank is not asked for anything.`;
      throw new DomainError('not_found', 'no_bank_file', why);
    }
    if (run.file_key === null || run.file_sha256 === null) {
      throw conflict('run_not_approved', `${run.number} is ${run.state}: only an approved run has a bank file.`);
    }
    const bytes = await this.storage.readVerified(run.file_key, run.file_sha256);
    return { fileName: `${run.number}.xml`, mediaType: 'application/xml', sha256: run.file_sha256, bytes };
  }
}
