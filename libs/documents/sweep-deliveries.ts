import { Inject, Injectable } from '@nestjs/common';
import { systemActor, UnitOfWork, type Tx } from '#platform/database';
import { MailTransport } from '#platform/mail';
import { enqueueAll } from '#platform/outbox';
import { moveDeliveries } from './delivery-store.js';
import { recordRenderFailure } from './document-store.js';
import { renderDocumentJob, sendDeliveryJob } from './jobs.js';

/** How long before something left behind is taken up, in milliseconds. */
export interface SweepPatience {
  /** A sending is over by then, one way or the other: longer than all of SMTP's timeouts together. */
  sendingMs: number;
  /** A pending document that no job has touched: longer than the longest wait between two tries. */
  documentMs: number;
  /** The same for a queued e-mail. */
  deliveryMs: number;
}

export const SWEEP_PATIENCE: SweepPatience = {
  sendingMs: 5 * 60_000,
  documentMs: 10 * 60_000,
  deliveryMs: 60 * 60_000,
};

/** In one sweep; the next takes the rest. */
const LIMIT = 500;
/** What was taken up this often is what kills its workers, or never gets its turn: a person must look. */
const MAX_ATTEMPTS = 30;
/** Two workers may sweep at once; one waits for the next minute. Any number no other lock of ours has. */
const SWEEP_LOCK = 1514764807;

const GAVE_UP = 'it was taken up again too often without coming to an end';
const WORKER_ENDED = 'the worker ended while it was sending';

/**
 * Finds what fell between the stores: its job gone with a flushed Redis, its worker killed at the wrong moment. Nothing
 * issued stays without its PDF and its e-mail, or without a visible state (docs/domain.md, what always holds, 4).
 */
@Injectable()
export class SweepDeliveries {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(MailTransport) private readonly transport: MailTransport,
  ) {}

  /**
   * Settles e-mails whose sending was cut off: unconfirmed, since their data may have gone out; where the mailbox drops
   * repeats they are sent again instead. Returns how many.
   */
  settleInterrupted(patience = SWEEP_PATIENCE): Promise<number> {
    return this.locked(async (tx) => {
      const rows = await tx.query<{ id: string; attempts: number }>(
        `SELECT id, attempts FROM delivery WHERE state = 'sending' AND touched_at < $1
          ORDER BY touched_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
        [before(tx, patience.sendingMs), LIMIT],
      );
      if (this.transport.dropsRepeats) {
        const again = rows.filter((row) => row.attempts < MAX_ATTEMPTS).map((row) => row.id);
        const over = rows.filter((row) => row.attempts >= MAX_ATTEMPTS);
        await this.sendAgain(tx, again);
        await moveDeliveries(
          tx,
          over.map(({ id, attempts }) => ({ id, event: 'abandon', attempt: attempts, error: GAVE_UP })),
        );
      } else {
        await moveDeliveries(
          tx,
          rows.map(({ id, attempts }) => ({ id, event: 'no_answer', attempt: attempts, error: WORKER_ENDED })),
        );
      }
      return rows.length;
    });
  }

  /**
   * Asks again for work whose job is gone. Call it only while the queue is short: with a long queue, what waits has not
   * been lost. Asking twice is harmless. Returns how many.
   */
  requeueLost(patience = SWEEP_PATIENCE): Promise<number> {
    return this.locked(async (tx) => {
      const documents = await this.lost(tx, 'document', 'pending', patience.documentMs);
      const deliveries = await this.lost(tx, 'delivery', 'queued', patience.deliveryMs);
      for (const { id } of documents.over) await recordRenderFailure(tx, id, { text: GAVE_UP, final: true });
      await moveDeliveries(
        tx,
        deliveries.over.map(({ id }) => ({ id, event: 'give_up', error: GAVE_UP })),
      );
      const ids = documents.again.map((row) => row.id);
      await tx.execute(`UPDATE document SET touched_at = $1, attempts = attempts + 1 WHERE id = ANY ($2)`, [
        tx.now,
        ids,
      ]);
      await enqueueAll(
        tx,
        renderDocumentJob,
        ids.map((documentId) => ({ documentId })),
        ids.map((id) => `render-document ${id}`),
      );
      await this.sendAgain(
        tx,
        deliveries.again.map((row) => row.id),
      );
      return documents.again.length + documents.over.length + deliveries.again.length + deliveries.over.length;
    });
  }

  private async sendAgain(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.execute(`UPDATE delivery SET touched_at = $1, attempts = attempts + 1 WHERE id = ANY ($2)`, [tx.now, ids]);
    await enqueueAll(
      tx,
      sendDeliveryJob,
      ids.map((id) => ({ deliveryIds: [id] })),
      ids.map((id) => `send-delivery ${id}`),
    );
  }

  private async lost(tx: Tx, table: 'document' | 'delivery', state: string, ms: number) {
    const rows = await tx.query<{ id: string; attempts: number }>(
      `SELECT id, attempts FROM ${table} WHERE state = $1 AND touched_at < $2
        ORDER BY touched_at LIMIT $3 FOR UPDATE SKIP LOCKED`,
      [state, before(tx, ms), LIMIT],
    );
    return {
      again: rows.filter((row) => row.attempts < MAX_ATTEMPTS),
      over: rows.filter((row) => row.attempts >= MAX_ATTEMPTS),
    };
  }

  private locked(work: (tx: Tx) => Promise<number>): Promise<number> {
    return this.uow.run(systemActor, async (tx) => {
      const [lock] = await tx.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS taken', [SWEEP_LOCK]);
      return lock?.taken ? work(tx) : 0;
    });
  }
}

const before = (tx: Tx, ms: number): Date => new Date(tx.now.getTime() - ms);
