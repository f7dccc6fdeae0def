import { Inject, Injectable, Logger } from '@nestjs/common';
import { InvalidValue } from '#kernel';
import { AppConfig } from '#platform/config';
import { systemActor, UnitOfWork } from '#platform/database';
import { composeMail, MailFailure, MailTransport, type ComposedMail, type MailSession } from '#platform/mail';
import { enqueue } from '#platform/outbox';
import { faultPoint, PermanentFailure, type JobAttempt } from '#platform/queue';
import { DocumentStorage } from '#platform/storage';
import {
  loadDeliveriesToSend,
  loadDeliveriesOf,
  markSending,
  moveDeliveries,
  noteNotBegun,
  type DeliveryChange,
  type DeliveryToSend,
} from './delivery-store.js';
import { DOCUMENT_KINDS } from './document-kinds.js';
import { kindOf, type DocumentKinds } from './domain/index.js';
import { textOf } from './failure-text.js';
import { sendDeliveryJob } from './jobs.js';
import { letterMail } from './letter.js';
import { type MadeDocument } from './render-document.js';

interface Ready {
  id: string;
  mail: ComposedMail;
}

/** What one message came to: what is to be recorded (nothing when nobody knows), and what the job is to be told. */
interface Outcome {
  id: string;
  change: DeliveryChange | null;
  error: unknown;
}

/**
 * Sends the e-mails of a document, and notices. Work of a job, so it may run again at any point. What must hold (docs/domain.md, what
 * always holds, 4): `sending` is on record before any data goes out, with the connection already open so that a server
 * that is away leaves no doubt behind; what is found `sending` is not sent again, unless the mailbox drops repeats.
 */
@Injectable()
export class SendDelivery {
  private readonly log = new Logger('delivery');

  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
    @Inject(MailTransport) private readonly transport: MailTransport,
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(DOCUMENT_KINDS) private readonly kinds: DocumentKinds,
  ) {}

  /**
   * Sends those that wait, over one connection, each whatever becomes of the others. Throws what went wrong, once it is
   * recorded; PermanentFailure only when no further try can help any of them.
   */
  async run(deliveryIds: readonly string[], attempt: JobAttempt): Promise<void> {
    const found = await this.uow.read(systemActor, (tx) => loadDeliveriesToSend(tx, deliveryIds));
    if (found.length === 0) throw new PermanentFailure('there is no such delivery');
    const failures = await this.sendAll(this.waiting(found), attempt);
    if (failures.length > 0) throw failures.find((error) => !(error instanceof PermanentFailure)) ?? failures[0];
  }

  /**
   * The first try, right after the document was stored; `made` is what was made of it just now, if it was. What this
   * leaves queued goes on as a job of its own, with the patience that mail needs: what went wrong is on record by then.
   */
  async runFirst(documentId: string, made: MadeDocument | null): Promise<void> {
    const files = new Map<string, Promise<Buffer>>();
    for (const delivery of made?.deliveries ?? []) {
      if (delivery.letter === null && delivery.pdf_key !== null)
        files.set(delivery.pdf_key, Promise.resolve(made!.pdf));
    }
    const found = made?.deliveries ?? (await this.uow.read(systemActor, (tx) => loadDeliveriesOf(tx, documentId)));
    const waiting = this.waiting(found);
    const failures = await this.sendAll(waiting, { number: 1, last: false }, files);
    if (failures.every((error) => error instanceof PermanentFailure)) return;
    const deliveryIds = waiting.map(({ id }) => id);
    await this.uow.run(systemActor, (tx) => enqueue(tx, sendDeliveryJob, { deliveryIds }));
  }

  /** For a job that has failed without saying so. What was being sent is left to the sweep, which knows what it may be. */
  async gaveUp(deliveryIds: readonly string[], reason: string): Promise<void> {
    await this.uow.run(systemActor, (tx) => noteNotBegun(tx, deliveryIds, { text: reason, final: true }));
  }

  /** The others are done, or another worker's: the sweep settles what was left behind. */
  private waiting(found: readonly DeliveryToSend[]): DeliveryToSend[] {
    return found.filter(({ state }) => state === 'queued' || (state === 'sending' && this.transport.dropsRepeats));
  }

  /** `files` holds what is read already, by its key: the e-mails of a document carry the same PDF. Returns what failed. */
  private async sendAll(
    waiting: readonly DeliveryToSend[],
    attempt: JobAttempt,
    files = new Map<string, Promise<Buffer>>(),
  ): Promise<unknown[]> {
    const failures: unknown[] = [];
    const ready: Ready[] = [];
    for (const delivery of waiting) {
      try {
        ready.push({ id: delivery.id, mail: await this.compose(delivery, files) });
      } catch (error) {
        failures.push(await this.notBegun([delivery.id], error, attempt));
      }
    }
    const ids = ready.map(({ id }) => id);
    if (ids.length === 0) return failures;
    let session: MailSession;
    try {
      session = await this.transport.open();
    } catch (error) {
      return [...failures, await this.notBegun(ids, error, attempt)];
    }
    try {
      faultPoint('send:connected');
      const numbers = await this.uow.run(systemActor, (tx) => markSending(tx, ids, this.transport.dropsRepeats));
      faultPoint('send:marked');
      const outcomes: Outcome[] = [];
      for (const one of ready) {
        const number = numbers.get(one.id);
        if (number !== undefined) outcomes.push(await this.transmit(one, number, session, attempt));
      }
      await this.record(outcomes);
      faultPoint('send:recorded');
      return [...failures, ...outcomes.flatMap(({ error }) => (error === null ? [] : [error]))];
    } finally {
      session.release();
    }
  }

  private async compose(delivery: DeliveryToSend, files: Map<string, Promise<Buffer>>): Promise<ComposedMail> {
    const service = { from: this.config.mail.from, publicUrl: this.config.http.publicUrl };
    if (delivery.letter !== null) return composeMail(letterMail(delivery, delivery.letter, null, service));
    const { kind, model, audience, number, pdf_key: key, pdf_sha256: sha256 } = delivery;
    if (key === null || sha256 === null) throw new Error('Its document is not there: have that made again first');
    const reading = files.get(key) ?? this.storage.readVerified(key, sha256);
    files.set(key, reading);
    const letter = kindOf(this.kinds, kind).letter(model, audience);
    return composeMail(letterMail(delivery, letter, { number, pdf: await reading }, service));
  }

  /** Records that a try did not begin. Returns what the job is to be told. */
  private async notBegun(ids: readonly string[], error: unknown, attempt: JobAttempt): Promise<unknown> {
    const hopeless = error instanceof InvalidValue;
    const failure = { text: textOf(error), final: attempt.last || hopeless };
    await this.uow.run(systemActor, (tx) => noteNotBegun(tx, ids, failure));
    return hopeless ? new PermanentFailure(error.message) : error;
  }

  private async transmit(one: Ready, number: number, session: MailSession, attempt: JobAttempt): Promise<Outcome> {
    const { id } = one;
    try {
      await session.send(one.mail);
      faultPoint('send:transmitted');
      return { id, change: { id, event: 'accepted' }, error: null };
    } catch (error) {
      if (!(error instanceof MailFailure)) return { id, change: null, error };
      const told = { id, attempt: number, error: error.message };
      switch (error.outcome) {
        case 'unconfirmed':
          return { id, change: { ...told, event: 'no_answer' }, error: null };
        case 'refused':
          return { id, change: { ...told, event: 'refused' }, error: new PermanentFailure(error.message) };
        case 'retry':
          return { id, change: { ...told, event: attempt.last ? 'abandon' : 'not_sent' }, error };
      }
    }
  }

  /** Whatever a row says by now, the server has what it accepted. Only what is sent already stays as it is: it went out twice. */
  private async record(outcomes: readonly Outcome[]): Promise<void> {
    const changes = outcomes.flatMap(({ change }) => change ?? []);
    if (changes.length === 0) return;
    const moved = await this.uow.run(systemActor, (tx) => moveDeliveries(tx, changes));
    if (this.transport.dropsRepeats) return;
    for (const { id, event } of changes) {
      if (event !== 'accepted' || moved.has(id)) continue;
      this.log.error({ msg: 'the mail server accepted an e-mail that was sent before', deliveryId: id });
    }
  }
}
