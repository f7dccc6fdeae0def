import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser, type ParsedMail } from 'mailparser';
import { MAIL_EXTENSION } from '#platform/mail';
import { whenMissing } from '#platform/storage';

export interface MailSummary {
  /** Its file's name without the extension. */
  id: string;
  subject: string;
  to: string;
  date: Date | null;
}

export interface MailContent extends MailSummary {
  from: string;
  text: string;
  attachments: { fileName: string; mediaType: string; size: number }[];
}

/** Made by mailFileName: nothing else is ever opened. */
const ID = /^[A-Za-z0-9-]{1,100}$/;
/** Headers of our messages end long before. */
const HEAD_BYTES = 8 * 1024;
const MAX_BYTES = 60 * 1024 * 1024;

/** The e-mail kept under DATA_DIR/mailbox, read only. */
export class Mailbox {
  constructor(private readonly folder: string) {}

  /** Newest first: their names begin with a UUIDv7. `offset` from 0. */
  async list(offset: number, limit: number): Promise<{ total: number; items: MailSummary[] }> {
    const names = (await readdir(this.folder).catch(whenMissing([])))
      .filter((name) => name.endsWith(MAIL_EXTENSION))
      .sort()
      .reverse();
    const items = await Promise.all(names.slice(offset, offset + limit).map((name) => this.summary(name)));
    return { total: names.length, items };
  }

  /** One message; null when there is none. */
  async read(id: string): Promise<MailContent | null> {
    const mail = await this.parse(id);
    if (!mail) return null;
    return {
      ...summaryOf(id, mail),
      from: mail.from?.text ?? '',
      text: mail.text ?? '',
      attachments: mail.attachments.map((file) => ({
        fileName: file.filename ?? 'attachment',
        mediaType: file.contentType,
        size: file.size,
      })),
    };
  }

  /** An attachment by its place, from 0; null when there is none. */
  async attachment(id: string, index: number): Promise<{ fileName: string; mediaType: string; bytes: Buffer } | null> {
    const file = (await this.parse(id))?.attachments[index];
    return file ? { fileName: file.filename ?? 'attachment', mediaType: file.contentType, bytes: file.content } : null;
  }

  private async parse(id: string): Promise<ParsedMail | null> {
    if (!ID.test(id)) return null;
    const bytes = await readFile(join(this.folder, `${id}${MAIL_EXTENSION}`)).catch(whenMissing(null));
    if (!bytes || bytes.length > MAX_BYTES) return null;
    return simpleParser(bytes, {
      skipImageLinks: true,
      skipTextLinks: true,
      skipHtmlToText: true,
      skipTextToHtml: true,
    });
  }

  private async summary(name: string): Promise<MailSummary> {
    const file = await open(join(this.folder, name), 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      const head = buffer.subarray(0, bytesRead);
      const end = head.indexOf('\r\n\r\n');
      const mail = await simpleParser(Buffer.concat([end < 0 ? head : head.subarray(0, end), Buffer.from('\r\n\r\n')]));
      return summaryOf(name.slice(0, -MAIL_EXTENSION.length), mail);
    } finally {
      await file.close();
    }
  }
}

function summaryOf(id: string, mail: ParsedMail): MailSummary {
  const to = Array.isArray(mail.to) ? mail.to.map((one) => one.text).join(', ') : (mail.to?.text ?? '');
  return { id, subject: mail.subject ?? '(no subject)', to, date: mail.date ?? null };
}
