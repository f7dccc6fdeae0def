import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '#platform/config';
import { systemActor, UnitOfWork, type Tx } from '#platform/database';
import { composeMail, MailFailure, MailTransport, type ComposedMail } from '#platform/mail';
import { PermanentFailure, type JobAttempt } from '#platform/queue';
import { linkAddress } from '../domain/index.js';
import { loadUser } from '../user.queries.js';
import { linkLetter } from './link-letter.js';
import { Seals } from './seals.js';
import { UserLinkEntity } from './user-link.entity.js';

const SENDER = 'Programme claims';

/**
 * Sends the e-mail with a link. Work of a job, so it may run again at any point. Unlike an invoice a link may arrive
 * twice: it is the same link, which works once, so a try that nobody knows the end of is made again. Only the sealed
 * token makes the message, and it is forgotten once the message was accepted.
 */
@Injectable()
export class SendLink {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(MailTransport) private readonly transport: MailTransport,
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(Seals) private readonly seals: Seals,
  ) {}

  /** A link that was sent, used, replaced or is too old needs nothing. Throws MailFailure, PermanentFailure. */
  async run(linkId: string, attempt: JobAttempt): Promise<void> {
    const mail = await this.uow.read(systemActor, (tx) => this.compose(tx, linkId));
    if (mail === null) return;
    const session = await this.transport.open();
    try {
      await session.send(mail);
    } catch (error) {
      if (!(error instanceof MailFailure) || error.outcome === 'retry') throw error;
      if (error.outcome === 'refused' || attempt.last) throw new PermanentFailure(error.message);
      throw error;
    } finally {
      session.release();
    }
    await this.uow.run(systemActor, async (tx) => {
      await tx.execute(
        'UPDATE user_link SET sent_at = $2, sealed = NULL, failed = NULL WHERE id = $1 AND sealed IS NOT NULL',
        [linkId, tx.now],
      );
    });
  }

  /** The e-mail did not go and will not: an administrator sees it beside the user, and can invite again. */
  async gaveUp(linkId: string, reason: string): Promise<void> {
    const text = reason.replace(/\p{Cc}+/gu, ' ').slice(0, 500);
    await this.uow.run(systemActor, async (tx) => {
      await tx.execute('UPDATE user_link SET failed = $2, sealed = NULL WHERE id = $1 AND sent_at IS NULL', [
        linkId,
        text,
      ]);
    });
  }

  private async compose(tx: Tx, linkId: string): Promise<ComposedMail | null> {
    const link = await tx.manager.findOneBy(UserLinkEntity, { id: linkId });
    if (link === null || link.sealed === null || link.expiresAt <= tx.now) return null;
    const token = this.seals.open('link', link.id, link.sealed);
    if (token === null) throw new PermanentFailure('the link was sealed under another SECRET_KEY');
    const user = await loadUser(tx, link.userId);
    if (!user.active) return null;
    const { from } = this.config.mail;
    const address = linkAddress(this.config.http.publicUrl, link.purpose, token);
    return composeMail({
      messageId: `<${link.id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
      date: link.createdAt,
      from: { name: SENDER, address: from },
      to: user.email,
      replyTo: null,
      ...linkLetter(link.purpose, user.name, address, link.expiresAt),
      attachments: [],
    });
  }
}
