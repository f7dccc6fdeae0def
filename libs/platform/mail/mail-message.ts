import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { InvalidValue, PLAIN_ADDRESS } from '#kernel';

/** An e-mail to one address. The same message composed twice gives the same bytes. */
export interface MailMessage {
  /** With its angle brackets; the same for every attempt. */
  messageId: string;
  date: Date;
  from: { name: string; address: string };
  to: string;
  replyTo: string | null;
  subject: string;
  text: string;
  html: string;
  attachments: readonly { fileName: string; mediaType: string; content: Buffer }[];
}

/** A message ready to go: what SMTP carries beside it, and its bytes. */
export interface ComposedMail {
  messageId: string;
  envelope: { from: string; to: string };
  bytes: Buffer;
}

const MESSAGE_ID = /^<[^<>@\s\p{Cc}]{1,200}@[^<>@\s\p{Cc}]{1,190}>$/u;

/** Returns the address as it is. Throws InvalidValue when it is not one plain address. */
function plainAddress(address: string): string {
  if (!PLAIN_ADDRESS.test(address)) throw new InvalidValue('not an e-mail address');
  return address;
}

/** Header text on one line: control characters, line breaks among them, become spaces. */
const headerText = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for HTML content and attribute values. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

/** Line ends as RFC 5322 wants them, so that what is kept and what is sent are the same bytes. */
const wireText = (text: string): string => text.replace(/\r?\n/g, '\r\n');

/** Makes the bytes of a message. Throws InvalidValue for an address or Message-ID that is none. */
export async function composeMail(message: MailMessage): Promise<ComposedMail> {
  const { messageId } = message;
  if (!MESSAGE_ID.test(messageId)) throw new InvalidValue('not a Message-ID');
  const from = plainAddress(message.from.address);
  const to = plainAddress(message.to);
  const composer = new MailComposer({
    messageId,
    date: message.date,
    from: { name: headerText(message.from.name), address: from },
    to: { name: '', address: to },
    ...(message.replyTo ? { replyTo: { name: '', address: plainAddress(message.replyTo) } } : {}),
    subject: headerText(message.subject),
    text: wireText(message.text),
    html: wireText(message.html),
    attachments: message.attachments.map(({ fileName, mediaType, content }) => ({
      filename: headerText(fileName),
      contentType: mediaType,
      content,
    })),
    // Out of office answers to a machine help nobody (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    baseBoundary: createHash('sha256').update(messageId).digest('hex').slice(0, 32),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const bytes = await composer.compile().build();
  return { messageId, envelope: { from, to }, bytes };
}
