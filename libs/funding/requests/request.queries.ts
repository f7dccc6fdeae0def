import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { londonDate } from '#kernel';
import { requireMay } from '#identity';
import { categoryOf, PARTY_CODE, TermsStore } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { DocumentStorage } from '#platform/storage';
import { EmptyInput, EnumField, kinds } from '#platform/validation';
import { askedFor, REQUEST_STATES } from '../domain/index.js';
import { termsToday } from '../programme-funding.js';
import {
  loadRequest,
  notSubmitted,
  REQUEST_COLUMNS,
  requestListItems,
  requestView,
  type RequestRow,
} from './request-record.js';
import { type RequestClaimItem, type RequestListItem, type RequestView, type ScheduleLine } from './request.view.js';
import { schedulePdf } from './schedule/make-schedule.js';
import { scheduleRows } from './schedule/read-schedule.js';

/** The schedule of a request, checked against its hash. */
export interface ScheduleFile {
  fileName: string;
  mediaType: 'application/pdf';
  sha256: string;
  bytes: Buffer;
}

export class RequestFilters {
  @EnumField(REQUEST_STATES, { optional: true })
  state?: string;
}

@Injectable()
export class RequestQueries {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
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
      return page(await requestListItems(tx, rows), wanted.limit, (last) => [last.id]);
    });
  }

  /** The claims of a request, by id; of a cancelled one, those it had. Throws malformed, not_found. */
  claims(actor: Actor, id: string, query: unknown): Promise<Page<RequestClaimItem>> {
    const { page: wanted } = listQuery(EmptyInput, query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      const { state } = await readable(tx, id);
      const rows = await tx.query<RequestClaimItem>(
        `SELECT c.id AS "claimId", c.authority_code AS authority, c.invoice_number AS "invoiceNumber", q.pence AS "amountPence", c.state
           FROM funding_request_claim q JOIN claim c ON c.id = q.claim_id
          WHERE q.request_id = $1 AND (q.live OR $4) AND ($2::uuid IS NULL OR q.claim_id > $2) ORDER BY q.claim_id LIMIT $3`,
        [id, wanted.after?.[0] ?? null, wanted.limit + 1, state === 'cancelled'],
      );
      return page(rows, wanted.limit, (last) => [last.claimId]);
    });
  }

  /** The schedule for the funder: pence by authority and category. Throws malformed, not_found. */
  schedule(actor: Actor, id: string, query: unknown): Promise<Page<ScheduleLine>> {
    const { page: wanted } = listQuery(EmptyInput, query, [kinds.code(PARTY_CODE), kinds.text()]);
    return this.uow.read(actor, async (tx) => {
      const row = await readable(tx, id);
      const terms = await termsToday(tx, this.terms, row.programme_code);
      const rows = await scheduleRows(tx, id, wanted.after, wanted.limit + 1);
      const lines: ScheduleLine[] = rows.map((row) => ({
        ...row,
        label: categoryOf(terms, row.category)?.label ?? row.category,
      }));
      // After the last of them, so that no page ends with it: what follows it is nothing.
      if (rows.length <= wanted.limit && row.recovered_pence > 0) lines.push(recoveredLine(row));
      return page(lines, wanted.limit, (last) => [last.authority!, last.category]);
    });
  }

  /**
   * The schedule as the funder got it. Throws not_found, forbidden, refused `request_not_submitted`, unavailable
   * `stored_file_damaged`.
   */
  async schedulePdf(actor: Actor, id: string): Promise<ScheduleFile> {
    const { number, stored, made } = await this.uow.read(actor, async (tx) => {
      const row = await readable(tx, id);
      if (row.number === null) throw notSubmitted();
      const { number, schedule_key: key, schedule_sha256: sha256 } = row;
      if (key !== null && sha256 !== null) return { number, stored: { key, sha256 }, made: null };
      return { number, stored: null, made: await this.madeAgain(tx, { ...row, number }) };
    });
    const bytes = made ?? (await this.storage.readVerified(stored.key, stored.sha256));
    const sha256 = stored?.sha256 ?? createHash('sha256').update(bytes).digest('hex');
    return { fileName: `${number}.pdf`, mediaType: 'application/pdf', sha256, bytes };
  }

  /** Of a request that was submitted before schedules were kept: made each time, of what was frozen with it. */
  private async madeAgain(tx: Tx, row: RequestRow & { number: string }): Promise<Buffer> {
    const { id, number, programme_code: programme, claim_count: claimCount } = row;
    const submittedAt = row.submitted_at!;
    const { terms } = await this.terms.inForce(tx, programme, londonDate(submittedAt));
    const asked = askedFor(row.total_pence, row.recovered_pence);
    return schedulePdf(tx, { id, programme, number, submittedAt, claimCount, ...asked }, terms);
  }
}

const recoveredLine = ({ recovered_pence }: RequestRow): ScheduleLine => ({
  authority: null,
  category: 'recovered',
  label: 'Less money recovered from authorities',
  claimCount: 0,
  amountPence: -recovered_pence,
});

async function readable(tx: Tx, id: string): Promise<RequestRow> {
  const request = await loadRequest(tx, id);
  requireMay(tx.actor, 'funding.read');
  return request;
}
