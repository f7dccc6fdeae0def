import { decimalPence } from '#kernel';
import type { ClaimBody, ClaimLineBody, TrainerInvoiceBody } from '../domain/index.js';
import {
  blankInvoice,
  likeInvoice,
  withLines,
  type DetailsContent,
  type InvoiceContent,
  type LineField,
} from './form-content.js';
import { typedDate } from './typed-values.js';

/** What somebody would have typed to get this claim body: what a form that is started from a claim begins with. */
export const typedClaim = (body: ClaimBody): { details: DetailsContent; invoices: InvoiceContent[] } => ({
  details: { authorityReference: body.authorityReference ?? '', purchaseOrder: body.purchaseOrder ?? '' },
  invoices: body.trainerInvoices.map(typedInvoice),
});

/** A claim like another: its trainers, lines and amounts, without what is of that one claim alone. */
export const typedCopy = (body: ClaimBody): { details: DetailsContent; invoices: InvoiceContent[] } => {
  const { details, invoices } = typedClaim(body);
  return { details: { ...details, authorityReference: '' }, invoices: invoices.map(likeInvoice) };
};

export function typedInvoice(body: TrainerInvoiceBody): InvoiceContent {
  const { trainer, number, issuedOn, paidOn, lines } = body;
  const country = trainer.country ?? 'GB';
  return withLines(
    {
      ...blankInvoice(),
      trainer: trainer.name,
      vatNumber: trainer.vatNumber ?? '',
      country: country === 'GB' ? '' : country,
      number,
      issuedOn: typedDate(issuedOn),
      paidOn: paidOn ? typedDate(paidOn) : '',
    },
    lines.map((line) => ({ kind: line.kind, fields: typedLine(line) })),
  );
}

/** The fields of a line as they would be typed. */
export function typedLine(line: ClaimLineBody): Partial<Record<LineField, string>> {
  const money = {
    description: line.description,
    net: decimalPence(line.netPence),
    vatRate: line.vatRate,
    vat: decimalPence(line.vatPence),
  };
  if (line.kind === 'travel') return money;
  return {
    ...money,
    category: line.category,
    rate: line.rate,
    bookedOn: typedDate(line.bookedOn),
    deliveredOn: line.deliveredOn.map(typedDate).join(', '),
    trainerDays: line.trainerDays,
  };
}
