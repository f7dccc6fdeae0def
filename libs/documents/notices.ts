import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { AppConfig } from '#platform/config';
import { type Tx } from '#platform/database';
import { enqueueAll } from '#platform/outbox';
import { type Audience, type Letter } from './domain/index.js';
import { sendDeliveryJob } from './jobs.js';
import { messageIdOf } from './message-id.js';

/** An e-mail without a document: a warning, a digest, word of a change. */
export interface Notice {
  /** What it is about, for ever: a second notice with the same key is not made. */
  key: string;
  /** Whose it is, for row-level security and the trail: an authority's code, or the programme's for the payer's people. */
  owner: string;
  audience: Audience;
  /** One plain e-mail address. */
  to: string;
  letter: Letter;
}

/** Sends notices as documents' e-mails are sent: recorded, retried, visibly failed or unconfirmed. */
@Injectable()
export class Notices {
  constructor(@Inject(AppConfig) private readonly config: AppConfig) {}

  /** Makes those that were not made before, in the caller's transaction, and asks for their sending. Returns how many. */
  async send(tx: Tx, notices: readonly Notice[]): Promise<number> {
    if (notices.length === 0) return 0;
    const ids = notices.map(() => uuid());
    const made = await tx.query<{ id: string }>(
      `INSERT INTO delivery (id, letter, notice_key, authority_code, audience, to_address, message_id, created_at, touched_at)
       SELECT n.id, n.letter::jsonb, n.key, n.owner, n.audience, n.address, n.message_id, $2, $2
         FROM unnest($3::uuid[], $1::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
           AS n (id, message_id, key, owner, audience, address, letter)
       ON CONFLICT (notice_key) DO NOTHING RETURNING id`,
      [
        ...[ids.map((id) => messageIdOf(id, this.config.mail.from)), tx.now, ids],
        notices.map((notice) => notice.key),
        notices.map((notice) => notice.owner),
        notices.map((notice) => notice.audience),
        notices.map((notice) => notice.to),
        notices.map((notice) => JSON.stringify(notice.letter)),
      ],
    );
    await enqueueAll(
      tx,
      sendDeliveryJob,
      made.map(({ id }) => ({ deliveryIds: [id] })),
    );
    return made.length;
  }
}
