import { Inject, Injectable, Logger } from '@nestjs/common';
import { InvalidValue } from '#kernel';
import { AppConfig } from '#platform/config';
import { systemActor, UnitOfWork } from '#platform/database';
import { composeMail, MailFailure, MailTransport, type ComposedMail, type MailSession } from '#platform/mail';
import { faultPoint, PermanentFailure, type JobAttempt } from '#platform/queue';
import { DocumentStorage } from '#platform/storage';
import { deliveryMail } from './delivery-mail.js';
import { type AttemptEvent } from './delivery-lifecycle.js';
import { loadDeliveryToSend, markSending, moveDelivery, noteNotBegun, type DeliveryToSend } from './delivery-store.js';
import { textOf } from './render-document.js';

/**
 * Sends e-mails. Work of a job, so it may run again at any point. What must hold (docs/domain.md, what always holds,
 * 4): `sending` is on record before any data goes out, with the connection already open so that a server that is away
 * leaves no doubt behind; what is found `sending` is not sent again, unless the mailbox drops repeats.
 */
@Injectable()
export class SendDelivery {
  private readonly log = new Logger('delivery');

  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
    @Inject(MailTransport) private readonly transport: MailTransport,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  /** Sends several, one after the other, each whatever becomes of the others. Throws as `run`; another try comes before none. */
  async runAll(deliveryIds: readonly string[], attempt: JobAttempt): Promise<void> {
    const failures: unknown[] = [];
    for (const id of deliveryIds) await this.run(id, attempt).catch((error: unknown) => failures.push(error));
    if (failures.length === 0) return;
    throw failures.find((error) => !(error instanceof PermanentFailure)) ?? failures[0];
  }

  /** Throws what went wrong, once it is recorded; PermanentFailure when no further try can help. */
  async run(deliveryId: string, attempt: JobAttempt): Promise<void> {
    const delivery = await this.uow.read(systemActor, (tx) => loadDeliveryToSend(tx, deliveryId));
    if (!delivery) throw new PermanentFailure('there is no such delivery');
    const mayBegin = delivery.state === 'queued' || (delivery.state === 'sending' && this.transport.dropsRepeats);
    if (!mayBegin) return; // done, or another worker's: the sweep settles what was left behind
    const [mail, session] = await this.prepare(delivery, attempt);
    try {
      faultPoint('send:connected');
      const number = await this.uow.run(systemActor, (tx) => markSending(tx, delivery.id, this.transport.dropsRepeats));
      if (number === null) return;
      faultPoint('send:marked');
      await this.transmit(delivery.id, number, mail, session, attempt);
      faultPoint('send:recorded');
    } finally {
      session.release();
    }
  }

  /** For a job that has failed without saying so. What was being sent is left to the sweep, which knows what it may be. */
  async gaveUp(deliveryIds: readonly string[], reason: string): Promise<void> {
    await this.uow.run(systemActor, async (tx) => {
      for (const id of deliveryIds) await noteNotBegun(tx, id, { text: reason, final: true });
    });
  }

  private async prepare(delivery: DeliveryToSend, attempt: JobAttempt): Promise<[ComposedMail, MailSession]> {
    try {
      const pdf = await this.storage.readVerified(delivery.pdf_key, delivery.pdf_sha256);
      const mail = await composeMail(deliveryMail(delivery, pdf, this.config.mail.from));
      return [mail, await this.transport.open()];
    } catch (error) {
      const final = attempt.last || error instanceof InvalidValue;
      await this.uow.run(systemActor, (tx) => noteNotBegun(tx, delivery.id, { text: textOf(error), final }));
      throw error instanceof InvalidValue ? new PermanentFailure(error.message) : error;
    }
  }

  private async transmit(
    id: string,
    number: number,
    mail: ComposedMail,
    session: MailSession,
    attempt: JobAttempt,
  ): Promise<void> {
    try {
      await session.send(mail);
    } catch (error) {
      if (!(error instanceof MailFailure)) throw error;
      await this.notAccepted(id, number, error, attempt);
      return;
    }
    faultPoint('send:transmitted');
    await this.accepted(id);
  }

  /** Whatever the row says by now, the server has it. Only what is sent already stays as it is: it went out twice. */
  private async accepted(id: string): Promise<void> {
    const moved = await this.uow.run(systemActor, (tx) => moveDelivery(tx, id, { event: 'accepted' }));
    if (moved || this.transport.dropsRepeats) return;
    this.log.error({ msg: 'the mail server accepted an e-mail that was sent before', deliveryId: id });
  }

  private async notAccepted(id: string, number: number, error: MailFailure, attempt: JobAttempt): Promise<void> {
    const move = (event: AttemptEvent) =>
      this.uow.run(systemActor, (tx) => moveDelivery(tx, id, { event, attempt: number, error: error.message }));
    switch (error.outcome) {
      case 'unconfirmed':
        await move('no_answer');
        return;
      case 'refused':
        await move('refused');
        throw new PermanentFailure(error.message);
      case 'retry':
        await move(attempt.last ? 'abandon' : 'not_sent');
        throw error;
    }
  }
}
