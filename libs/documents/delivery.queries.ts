import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '#kernel';
import { requireMay } from '#identity/domain';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { EmptyInput, kinds } from '#platform/validation';
import { type DeliveryView, type DocumentJobView, type FailedJobView, ListDeliveriesInput } from './delivery.views.js';

type DeliveryRow = Omit<DeliveryView, 'createdAt' | 'sentAt'> & { createdAt: Date; sentAt: Date | null };

const SELECT_DELIVERY = `SELECT y.id, y.document_id AS "documentId", d.claim_id AS "claimId", d.number,
    y.letter ->> 'subject' AS notice,
    y.authority_code AS authority, y.audience, y.state, y.attempts, y.last_error AS "lastError",
    y.created_at AS "createdAt", y.sent_at AS "sentAt"
  FROM delivery y LEFT JOIN document d ON d.id = y.document_id`;

const toView = (row: DeliveryRow): DeliveryView => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  sentAt: row.sentAt?.toISOString() ?? null,
});

/** One delivery as it is answered. Throws not_found. */
export async function deliveryView(tx: Tx, id: string): Promise<DeliveryView> {
  const [row] = await tx.query<DeliveryRow>(`${SELECT_DELIVERY} WHERE y.id = $1`, [id]);
  if (!row) throw notFound('delivery');
  return toView(row);
}

/** What waits in a state, for /metrics. */
export interface DeliveryFigures {
  documentsPending: number;
  documentsFailed: number;
  deliveriesQueued: number;
  deliveriesFailed: number;
  deliveriesUnconfirmed: number;
}

/** Reads of e-mails and of failed work. Allowed: `job.read`. */
@Injectable()
export class DeliveryQueries {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** E-mails, newest first. Throws malformed, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<DeliveryView>> {
    const { filters, page: request } = listQuery(ListDeliveriesInput, query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'job.read');
      const rows = await tx.query<DeliveryRow>(
        `${SELECT_DELIVERY} WHERE ($1::text IS NULL OR y.state = $1) AND ($2::text IS NULL OR y.authority_code = $2)
            AND ($3::uuid IS NULL OR y.id < $3) ORDER BY y.id DESC LIMIT $4`,
        [filters.state ?? null, filters.authority ?? null, request.after?.[0] ?? null, request.limit + 1],
      );
      return page(rows.map(toView), request.limit, (last) => [last.id]);
    });
  }

  /** One e-mail. Throws not_found, forbidden. */
  one(actor: Actor, id: string): Promise<DeliveryView> {
    return this.uow.read(actor, async (tx) => {
      const view = await deliveryView(tx, id);
      requireMay(actor, 'job.read', { authority: view.authority });
      return view;
    });
  }

  /** How the rendering of one document stands. Throws not_found, forbidden. */
  document(actor: Actor, id: string): Promise<DocumentJobView> {
    return this.uow.read(actor, async (tx) => {
      const [row] = await tx.query<DocumentJobView & { authority: string }>(
        `SELECT id, number, authority_code AS authority, state, attempts, last_error AS "lastError" FROM document WHERE id = $1`,
        [id],
      );
      if (!row) throw notFound('document');
      const { authority, ...document } = row;
      requireMay(actor, 'job.read', { authority });
      return document;
    });
  }

  /** Failed renderings, failed and unconfirmed e-mails, by id. Throws malformed, forbidden. */
  failed(actor: Actor, query: unknown): Promise<Page<FailedJobView>> {
    const { page: request } = listQuery(EmptyInput, query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'job.read');
      const rows = await tx.query<Omit<FailedJobView, 'at'> & { at: Date }>(
        `SELECT * FROM (
           SELECT id, 'document' AS kind, number, authority_code AS authority, state, attempts, last_error AS "lastError", touched_at AS at
             FROM document WHERE state = 'failed'
           UNION ALL
           SELECT y.id, 'delivery', coalesce(d.number, y.letter ->> 'subject'), y.authority_code, y.state, y.attempts, y.last_error, y.touched_at
             FROM delivery y LEFT JOIN document d ON d.id = y.document_id WHERE y.state IN ('failed', 'unconfirmed')
         ) AS failed WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
        [request.after?.[0] ?? null, request.limit + 1],
      );
      const views = rows.map((row) => ({ ...row, at: row.at.toISOString() }));
      return page(views, request.limit, (last) => [last.id]);
    });
  }

  /** How much waits and how much has failed, each counted up to 10,000. For /metrics. */
  figures(actor: Actor): Promise<DeliveryFigures> {
    const upTo = (table: string, state: string) =>
      `(SELECT count(*) FROM (SELECT FROM ${table} WHERE state = '${state}' LIMIT 10000) AS counted)`;
    return this.uow.read(actor, async (tx) => {
      const [row] = await tx.query<DeliveryFigures>(
        `SELECT ${upTo('document', 'pending')} AS "documentsPending",
                ${upTo('document', 'failed')} AS "documentsFailed",
                ${upTo('delivery', 'queued')} AS "deliveriesQueued",
                ${upTo('delivery', 'failed')} AS "deliveriesFailed",
                ${upTo('delivery', 'unconfirmed')} AS "deliveriesUnconfirmed"`,
      );
      return row!;
    });
  }
}
