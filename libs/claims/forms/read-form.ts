import type { Problem } from '#kernel';
import { kinds } from '#platform/validation';
import type { ClaimBody, ClaimLineBody, TrainerInvoiceBody } from '../domain/index.js';
import {
  DETAILS,
  DETAILS_FIELDS,
  type DetailsContent,
  type FormContent,
  type FormProblem,
  type InvoiceContent,
  type InvoiceField,
} from './form-content.js';
import { lineBody, ofDate, ofText } from './read-line.js';
import { readCountry, readDate, readText } from './typed-values.js';

/** A page read: what a claim body has of it, null while something is missing or cannot be read, and what that is. */
export interface InvoiceRead {
  readonly body: TrainerInvoiceBody | null;
  readonly problems: readonly FormProblem[];
}

/** The form read: the claim body once nothing is missing, and every problem of every page. */
export interface FormRead {
  readonly body: ClaimBody | null;
  readonly problems: readonly FormProblem[];
  readonly invoices: readonly InvoiceRead[];
}

/** Reads everything typed. Whether a rule of the programme is broken is for the calculation to say. */
export function readForm(content: FormContent): FormRead {
  const details = readDetails(content.details);
  const invoices = content.invoices.map(({ key, content: invoice }) => readInvoice(invoice, key));
  const problems = [...details.problems, ...invoices.flatMap((invoice) => invoice.problems)];
  const bodies = invoices.flatMap(({ body }) => (body ? [body] : []));
  const whole = problems.length === 0 && bodies.length === invoices.length && bodies.length > 0;
  const { programme, authority } = content;
  return {
    body: whole ? { programme, authority, ...details.body, trainerInvoices: bodies } : null,
    problems,
    invoices,
  };
}

const NAMES: Readonly<Record<keyof DetailsContent, string>> = {
  authorityReference: 'Your reference',
  purchaseOrder: 'The purchase order number',
};

/** Both fields may be left blank. */
function readDetails(details: DetailsContent): { body: Partial<DetailsContent>; problems: FormProblem[] } {
  const body: Partial<DetailsContent> = {};
  const problems: FormProblem[] = [];
  for (const field of DETAILS_FIELDS) {
    const text = readText(details[field]);
    if (text === undefined) continue;
    const fault = kinds.text({ max: 50 }).check(text);
    if (fault === null) body[field] = text;
    else {
      const message = fault.code === 'too_long' ? `${NAMES[field]} can have at most 50 characters.` : fault.message;
      problems.push({ page: DETAILS, path: field, code: fault.code, message });
    }
  }
  return { body, problems };
}

/** Reads one trainer invoice. */
export function readInvoice(invoice: InvoiceContent, page: string): InvoiceRead {
  const problems: FormProblem[] = [];
  const take = <T>(field: InvoiceField, reading: { value: T } | { code: string; message: string }): T | undefined => {
    if ('value' in reading) return reading.value;
    problems.push({ page, path: field, ...reading });
    return undefined;
  };
  const name = take('trainer', ofText(invoice.trainer, 500, 'Enter the trainer’s name'));
  const vatNumber = take('vatNumber', optional(invoice.vatNumber, readText(invoice.vatNumber)));
  const country = take('country', ofCountry(invoice.country));
  const number = take('number', ofText(invoice.number, 500, 'Enter the number of the trainer’s invoice'));
  const issuedOn = take(
    'issuedOn',
    ofDate(invoice.issuedOn, 'Enter the date of the trainer’s invoice', 'The date of the invoice'),
  );
  const paidOn = take('paidOn', ofPaid(invoice.paidOn));
  const lines = invoice.lines.map((line) => lineBody(line, page));
  problems.push(...lines.flatMap((line) => line.problems));
  if (lines.length === 0) {
    const message = 'Add at least one line: the training, or the travel that goes with it.';
    problems.push({ page, path: 'lines', code: 'too_few', message });
  }
  if (problems.length > 0 || name === undefined || number === undefined || issuedOn === undefined) {
    return { body: null, problems };
  }
  return {
    problems,
    body: {
      trainer: { name, ...(vatNumber ? { vatNumber } : {}), country: country ?? 'GB' },
      number,
      issuedOn,
      ...(paidOn ? { paidOn } : {}),
      lines: lines.map(({ body }) => body as ClaimLineBody),
    },
  };
}

const optional = (typed: string, value: string | undefined) => {
  const fault = value === undefined ? null : kinds.text({ max: 500 }).check(value);
  return fault ?? { value: typed.trim() === '' ? undefined : value };
};

function ofCountry(typed: string) {
  const value = readCountry(typed);
  if (value !== null) return { value };
  return { code: 'country_unknown', message: 'Enter a country, such as Ireland, or leave this blank for the UK.' };
}

function ofPaid(typed: string) {
  const value = readDate(typed);
  if (value !== null) return { value };
  const message = 'The date you paid the trainer must be a real date, such as 28/3/2018, or blank.';
  return { code: 'not_a_date', message };
}

const BODY_FIELDS: Readonly<Record<string, string>> = {
  ...{ trainer: 'trainer', 'trainer.name': 'trainer', 'trainer.vatNumber': 'vatNumber', 'trainer.country': 'country' },
  ...{ netPence: 'net', vatPence: 'vat' },
};

/**
 * Problems of a claim body (`trainerInvoices[0].lines[1].vatPence`) as problems of the form's pages, for a body made of
 * these invoices in this order. What belongs to no field stays with its line, its invoice, or the form.
 */
export function formProblems(
  problems: readonly Problem[],
  invoices: readonly { readonly key: string; readonly content: InvoiceContent }[],
): FormProblem[] {
  return problems.map(({ path, code, message }) => {
    const [, invoiceAt, rest = ''] = /^trainerInvoices\[(\d+)\]\.?(.*)$/.exec(path) ?? [];
    const invoice = invoiceAt === undefined ? undefined : invoices[Number(invoiceAt)];
    if (!invoice) return { page: DETAILS, path, code, message };
    const [, lineAt, field = ''] = /^lines\[(\d+)\]\.?(.*?)(?:\[\d+\])?$/.exec(rest) ?? [];
    const line = lineAt === undefined ? undefined : invoice.content.lines[Number(lineAt)];
    const name = (text: string) => BODY_FIELDS[text] ?? text;
    if (!line) return { page: invoice.key, path: name(rest), code, message };
    return { page: invoice.key, path: `lines.${line.key}${field && `.${name(field)}`}`, code, message };
  });
}
