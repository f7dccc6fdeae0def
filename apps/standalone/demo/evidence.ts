import { formatPence, sumPence } from '#kernel';
import { composeMail } from '#platform/mail';
import { drawTable, PageFlow, type Cell, type TextStyle } from '#platform/pdf';
import { type InvoiceBody } from './bodies.js';
import { type Trainer } from './trainers.js';

/** A file as somebody uploads it. */
export interface EvidenceFile {
  name: string;
  mediaType: string;
  content: Buffer;
  description: string;
}

const style = (weight: TextStyle['weight'], size: number): TextStyle => ({
  weight,
  size,
  leading: Math.round(size * 1.4),
  colour: '#222222',
});
const TITLE = style('bold', 18);
const HEADING = style('bold', 9);
const BODY = style('regular', 10);
const SMALL = style('regular', 8.5);

/** A part of a file's name made of an invoice number, which may hold a slash. */
const slug = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-');
const noonOf = (date: string): Date => new Date(`${date}T12:00:00Z`);
const grossOf = (invoice: InvoiceBody): number =>
  sumPence(invoice.lines.flatMap(({ netPence, vatPence }) => [netPence, vatPence]));

/** The trainer's invoice as the authority received it: one page, with every line of what is claimed. */
export function trainerInvoicePdf(trainer: Trainer, invoice: InvoiceBody, customer: string): EvidenceFile {
  const title = `Invoice ${invoice.number}`;
  const author = trainer.name;
  const flow = new PageFlow(
    { title, author, subject: 'Invented for a demonstration', date: noonOf(invoice.issuedOn), attachment: null },
    { text: title, style: SMALL },
  );
  flow.block('H1', { text: trainer.name, style: TITLE });
  const vat = trainer.vatNumber ? `VAT registration ${trainer.vatNumber}` : 'Not registered for VAT in the UK';
  flow.block('P', { text: `${vat} · ${trainer.email}`, style: SMALL });
  flow.space(24);
  for (const text of [title, `Date ${invoice.issuedOn}`, `To ${customer}`]) flow.block('P', { text, style: BODY });
  flow.space(16);
  drawTable(flow, tableOf(flow, invoice));
  flow.space(24);
  flow.block('P', { text: 'Payment within 30 days, please. Thank you.', style: BODY });
  return {
    name: `invoice-${slug(invoice.number)}.pdf`,
    mediaType: 'application/pdf',
    content: flow.finish({ text: 'Invented for a demonstration', style: SMALL }),
    description: `The trainer's invoice ${invoice.number}`,
  };
}

function tableOf(flow: PageFlow, invoice: InvoiceBody): Parameters<typeof drawTable>[1] {
  const cell = (text: string, extra: Partial<Cell> = {}): Cell => ({ paragraphs: [{ text, style: BODY }], ...extra });
  const rows = invoice.lines.map((line) => ({
    cells: [
      cell([line.description, ...(line.deliveredOn ?? [])].join(', '), { heading: true }),
      cell(line.trainerDays ?? ''),
      cell(formatPence(line.netPence)),
      cell(`${formatPence(line.vatPence)} (${line.vatRate}%)`),
    ],
  }));
  const total = [cell('Total to pay', { heading: true }), cell(''), cell(''), cell(formatPence(grossOf(invoice)))];
  return {
    x: flow.left,
    width: flow.width,
    padding: { x: 4, y: 4 },
    columns: [
      { title: 'What', share: 5, align: 'left' },
      { title: 'Days', share: 1, align: 'right' },
      { title: 'Net', share: 2, align: 'right' },
      { title: 'VAT', share: 2, align: 'right' },
    ],
    heading: { style: HEADING, background: '#eeeeee' },
    rows: [...rows, { cells: total, rule: { thickness: 1, colour: '#888888' } }],
  };
}

/** The line of the authority's bank that shows the trainer was paid. */
export function bankExtractCsv(trainer: Trainer, invoice: InvoiceBody, paidOn: string): EvidenceFile {
  const pounds = (grossOf(invoice) / 100).toFixed(2);
  const rows = ['Date,Payee,Reference,Amount paid', `${paidOn},"${trainer.name}",${invoice.number},${pounds}`];
  return {
    name: `bank-extract-${slug(invoice.number)}.csv`,
    mediaType: 'text/csv',
    content: Buffer.from(`${rows.join('\r\n')}\r\n`),
    description: 'Bank extract that shows the payment to the trainer',
  };
}

/** The e-mail by which the trainer sent its invoice, with the invoice attached, as saved from a mail program. */
export async function trainerEmail(
  trainer: Trainer,
  invoice: InvoiceBody,
  to: { address: string; customer: string },
): Promise<EvidenceFile> {
  const pdf = trainerInvoicePdf(trainer, invoice, to.customer);
  const text = [
    'Dear colleagues,',
    `Please find attached our invoice ${invoice.number} for ${formatPence(grossOf(invoice))}.`,
    'Thank you for having us; the groups were a pleasure to work with.',
    `Kind regards,\n${trainer.contact}`,
  ].join('\n\n');
  const { bytes } = await composeMail({
    messageId: `<invoice-${slug(invoice.number)}@${trainer.email.split('@')[1]}>`,
    date: noonOf(invoice.issuedOn),
    from: { name: trainer.contact, address: trainer.email },
    to: to.address,
    replyTo: null,
    subject: `Invoice ${invoice.number}`,
    text,
    html: text
      .split('\n\n')
      .map((paragraph) => `<p>${paragraph}</p>`)
      .join(''),
    attachments: [{ fileName: pdf.name, mediaType: pdf.mediaType, content: pdf.content }],
  });
  return {
    name: `email-${slug(invoice.number)}.eml`,
    mediaType: 'message/rfc822',
    content: bytes,
    description: `E-mail from ${trainer.contact} with the invoice`,
  };
}
