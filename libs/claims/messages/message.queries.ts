import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { EmptyInput, kinds } from '#platform/validation';
import { requireClaim } from '../claim.queries.js';
import { type MessageView } from './message.view.js';

/** Reads of what was written about a claim. */
@Injectable()
export class MessageQueries {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** A claim's messages, newest first. Throws malformed, not_found, forbidden. */
  list(actor: Actor, claimId: string, query: unknown = {}): Promise<Page<MessageView>> {
    const { page: wanted } = listQuery(EmptyInput, query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      await requireClaim(tx, claimId);
      requireMay(actor, 'claim.read');
      const rows = await tx.query<Omit<MessageView, 'sentAt'> & { sentAt: Date }>(
        `SELECT id, claim_id AS "claimId", author_id AS "authorId", organisation, body AS text, sent_at AS "sentAt"
           FROM claim_message WHERE claim_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
        [claimId, wanted.after?.[0] ?? null, wanted.limit + 1],
      );
      const items = rows.map((row) => ({ ...row, sentAt: row.sentAt.toISOString() }));
      return page(items, wanted.limit, (last) => [last.id]);
    });
  }
}
