import { formatPence, PLAIN_ADDRESS } from '#kernel';
import { escapeHtml, type MailMessage } from '#platform/mail';
import { type DocumentModel } from '../documents/document-model.js';
import { longDate } from '../domain/text.js';
import { type DeliveryToSend } from './delivery-store.js';

type Fact = readonly [label: string, value: string];

/**
 * The e-mail a document travels in: the same delivery gives the same message, whenever and however often it is made.
 * `from` is the sender's address (MAIL_FROM).
 */
export function deliveryMail(delivery: DeliveryToSend, pdf: Buffer, from: string): MailMessage {
  const { model, audience } = delivery;
  const copy = audience === 'authority';
  const lines = opening(model, copy);
  const facts = factsOf(model);
  return {
    messageId: delivery.message_id,
    date: delivery.created_at,
    from: { name: `${model.programme.code} claims`, address: from },
    to: delivery.to_address,
    replyTo: copy ? null : plainOrNull(model.seller.contactEmail),
    subject: subjectOf(model, copy),
    text: asText(lines, facts, closing(model)),
    html: asHtml(title(model), lines, facts, closing(model)),
    attachments: [{ fileName: `${model.number}.pdf`, mediaType: 'application/pdf', content: pdf }],
  };
}

const nameOf = (model: DocumentModel): string => (model.kind === 'invoice' ? 'Claim invoice' : 'Credit note');
const title = (model: DocumentModel): string => `${nameOf(model)} ${model.number}`;
const amountOf = (model: DocumentModel): string => formatPence(model.totalPence, model.currency);

function subjectOf(model: DocumentModel, copy: boolean): string {
  const subject = `${title(model)}: ${amountOf(model)} from ${model.seller.legalName}`;
  return copy ? `Copy of ${subject.charAt(0).toLowerCase()}${subject.slice(1)}` : subject;
}

function opening(model: DocumentModel, copy: boolean): string[] {
  const { seller, buyer, programme, refersTo } = model;
  const what =
    model.kind === 'invoice'
      ? `${seller.legalName} claims ${amountOf(model)} from ${buyer.shortName} under ${programme.name} (${programme.code}).`
      : `${seller.legalName} credits ${amountOf(model)} to ${buyer.shortName} on claim invoice ${refersTo?.number ?? ''} under ${programme.name} (${programme.code}).`;
  const where = copy
    ? `This is your copy of what was sent to ${buyer.shortName}; the PDF attached is the document.`
    : 'The PDF attached is the document; the same as XML (UBL 2.1) is inside it.';
  return [what, where];
}

function factsOf(model: DocumentModel): Fact[] {
  const { references } = model;
  const optional: [string, string | null][] = [
    ['Number', model.number],
    ['Amount', amountOf(model)],
    ['From', model.seller.legalName],
    ['Issued', longDate(model.issuedOn)],
    ['Due', model.dueOn && `${longDate(model.dueOn)} (${model.payment.withinDays} days)`],
    ['Refers to', model.refersTo && `${model.refersTo.number} of ${longDate(model.refersTo.issuedOn)}`],
    ['Reason', model.reason],
    ['Authority’s reference', references.authorityReference],
    ['Purchase order', references.purchaseOrder],
  ];
  return optional.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

const closing = (model: DocumentModel): string =>
  model.kind === 'invoice'
    ? `VAT is excluded: the authority recovers it under ${model.vatRecovery}. This is not a VAT invoice.`
    : 'VAT is excluded. This is not a VAT credit note.';

function asText(lines: readonly string[], facts: readonly Fact[], end: string): string {
  const listed = facts.map(([label, value]) => `${label}: ${value.replace(/\s+/g, ' ')}`);
  return [...lines.flatMap((line) => [line, '']), ...listed, '', end, ''].join('\n');
}

function asHtml(heading: string, lines: readonly string[], facts: readonly Fact[], end: string): string {
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
    ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
    `<table style="border-collapse:collapse">${rows.join('')}</table>`,
    `<p>${escapeHtml(end)}</p>`,
    '</body></html>',
    '',
  ].join('\n');
}

/** A contact that is no plain address gets no Reply-To rather than no invoice. */
function plainOrNull(address: string | null): string | null {
  return address !== null && PLAIN_ADDRESS.test(address) ? address : null;
}
