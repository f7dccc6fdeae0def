import { PLAIN_ADDRESS } from '#kernel';
import { escapeHtml, type MailMessage } from '#platform/mail';
import { type Letter } from './domain/index.js';

/** A delivery as far as its message is made of it. */
interface Envelope {
  message_id: string;
  to_address: string;
  created_at: Date;
}

/** The document an e-mail brings. */
interface AttachedPdf {
  number: string;
  pdf: Buffer;
}

/**
 * An e-mail: the same delivery, letter and file give the same message, whenever and however often it is made. `from` is
 * the sender's address (MAIL_FROM), `publicUrl` where its pages are (PUBLIC_URL).
 */
export function letterMail(
  envelope: Envelope,
  letter: Letter,
  attached: AttachedPdf | null,
  { from, publicUrl }: { from: string; publicUrl: string },
): MailMessage {
  const page = letter.page === undefined ? null : `${publicUrl.replace(/\/+$/, '')}${letter.page}`;
  return {
    messageId: envelope.message_id,
    date: envelope.created_at,
    from: { name: letter.sender, address: from },
    to: envelope.to_address,
    replyTo: plainOrNull(letter.replyTo),
    subject: letter.subject,
    text: asText(letter, page),
    html: asHtml(letter, page),
    attachments: attached
      ? [{ fileName: `${attached.number}.pdf`, mediaType: 'application/pdf', content: attached.pdf }]
      : [],
  };
}

function asText({ paragraphs, facts, closing }: Letter, page: string | null): string {
  const listed = facts.map(([label, value]) => `${label}: ${value.replace(/\s+/g, ' ')}`);
  return [
    ...paragraphs.flatMap((line) => [line, '']),
    ...listed,
    '',
    ...(page ? [`See it at ${page}`, ''] : []),
    closing,
    '',
  ].join('\n');
}

function asHtml({ heading, paragraphs, facts, closing }: Letter, page: string | null): string {
  const rows = facts.map(
    ([label, value]) =>
      `<tr><th scope="row" style="text-align:left;padding:4px 16px 4px 0;vertical-align:top">${escapeHtml(label)}</th>` +
      `<td style="padding:4px 0">${escapeHtml(value)}</td></tr>`,
  );
  return [
    '<!doctype html>',
    `<html lang="en-GB"><head><meta charset="utf-8"><title>${escapeHtml(heading)}</title></head>`,
    '<body style="font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5;color:#0b0c0c">',
    `<h1 style="font-size:22px">${escapeHtml(heading)}</h1>`,
    ...paragraphs.map((line) => `<p>${escapeHtml(line)}</p>`),
    `<table style="border-collapse:collapse">${rows.join('')}</table>`,
    ...(page ? [`<p>See it at <a href="${escapeHtml(page)}">${escapeHtml(page)}</a></p>`] : []),
    `<p>${escapeHtml(closing)}</p>`,
    '</body></html>',
    '',
  ].join('\n');
}

/** A contact that is no plain address gets no Reply-To rather than no e-mail. */
function plainOrNull(address: string | null): string | null {
  return address !== null && PLAIN_ADDRESS.test(address) ? address : null;
}
