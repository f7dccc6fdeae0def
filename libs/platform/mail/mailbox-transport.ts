import { createHash } from 'node:crypto';
import { DurableFolder } from '#platform/storage';
import type { ComposedMail } from './mail-message.js';
import { MailFailure, MailTransport, type MailSession } from './mail-transport.js';

export const MAIL_EXTENSION = '.eml';

/**
 * The file name of a message: made from its Message-ID alone, so that a repeat meets the first. Ours begin with a UUIDv7
 * and so sort by time.
 */
export function mailFileName(messageId: string): string {
  const readable = messageId.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 60);
  return `${readable.replace(/^-+/, '')}-${createHash('sha256').update(messageId).digest('hex').slice(0, 32)}${MAIL_EXTENSION}`;
}

/** Keeps e-mail in a folder instead of sending it: one `.eml` file a message, complete or not there at all. */
export class MailboxTransport extends MailTransport {
  readonly dropsRepeats = true;
  private readonly folder: DurableFolder;
  private prepared: Promise<void> | undefined;

  constructor(folder: string) {
    super();
    this.folder = new DurableFolder(folder);
  }

  async open(): Promise<MailSession> {
    try {
      await (this.prepared ??= this.folder.prepare());
    } catch (error) {
      this.prepared = undefined;
      throw failure(error);
    }
    return { send: (mail) => this.keep(mail), release: () => undefined };
  }

  async close(): Promise<void> {}

  /** A message that was there before stays as it was. */
  private async keep(mail: ComposedMail): Promise<void> {
    try {
      await this.folder.add(mailFileName(mail.messageId), mail.bytes);
    } catch (error) {
      throw failure(error);
    }
  }
}

/** The message is not there, or is there once: trying again is safe either way. */
const failure = (error: unknown): MailFailure =>
  new MailFailure('retry', `The mailbox could not be written: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`);
