/** The page of a form that holds the claim's own fields; every other page is a trainer invoice under a key of its own. */
export const DETAILS = 'details';

/** Most trainer invoices of a claim and lines of a trainer invoice: as many as a claim body takes. */
export const MOST_INVOICES = 50;
export const MOST_LINES = 200;
/** Removed lines that can still be brought back. */
const MOST_REMOVED_LINES = 5;

export type LineKind = 'training' | 'travel';

/** The fields of a line as they are typed; a travel line leaves those of training blank. */
export const LINE_FIELDS = [
  ...(['category', 'rate', 'description', 'bookedOn', 'deliveredOn', 'trainerDays'] as const),
  ...(['net', 'vatRate', 'vat'] as const),
] as const;
export type LineField = (typeof LINE_FIELDS)[number];

/** A line under a key that stays the same whatever is added, removed or moved around it. */
export type LineContent = { key: string; kind: LineKind } & Record<LineField, string>;

export const INVOICE_FIELDS = ['trainer', 'vatNumber', 'country', 'number', 'issuedOn', 'paidOn'] as const;
export type InvoiceField = (typeof INVOICE_FIELDS)[number];

/** A trainer invoice, every field exactly as it was typed. */
export type InvoiceContent = Record<InvoiceField, string> & {
  lines: LineContent[];
  /** Lately removed ones and the place they had, the last one last. */
  removedLines: { at: number; line: LineContent }[];
  /** The number of the newest key, so that no key is used twice. */
  lastLine: number;
};

export const DETAILS_FIELDS = ['authorityReference', 'purchaseOrder'] as const;
export type DetailsContent = Record<(typeof DETAILS_FIELDS)[number], string>;

/** All that is typed of one claim. */
export interface FormContent {
  readonly programme: string;
  readonly authority: string;
  readonly details: DetailsContent;
  readonly invoices: readonly { readonly key: string; readonly content: InvoiceContent }[];
}

/** Something wrong with one field: its page, and the field's name there, such as `trainer` or `lines.l3.net`. */
export interface FormProblem {
  page: string;
  path: string;
  code: string;
  message: string;
}

export const blankDetails = (): DetailsContent => ({ authorityReference: '', purchaseOrder: '' });

export const blankInvoice = (): InvoiceContent => ({
  ...{ trainer: '', vatNumber: '', country: '', number: '', issuedOn: '', paidOn: '' },
  ...{ lines: [], removedLines: [], lastLine: 0 },
});

const BLANK_LINE: Record<LineField, string> = {
  ...{ category: '', rate: '', description: '', bookedOn: '', deliveredOn: '', trainerDays: '' },
  ...{ net: '', vatRate: '', vat: '' },
};

/** A blank line's fields, or those given. */
export const lineOf = (key: string, kind: LineKind, over: Partial<Record<LineField, string>> = {}): LineContent => ({
  key,
  kind,
  ...BLANK_LINE,
  ...over,
});

/** Appends lines, each under a new key. */
export function withLines(
  invoice: InvoiceContent,
  lines: readonly { kind: LineKind; fields?: Partial<Record<LineField, string>> }[],
): InvoiceContent {
  const made = lines.map(({ kind, fields }, at) => lineOf(`l${invoice.lastLine + at + 1}`, kind, fields));
  return { ...invoice, lines: [...invoice.lines, ...made], lastLine: invoice.lastLine + made.length };
}

/** The same line once more right below it, under a new key. Unchanged when there is no such line. */
export function copyLine(invoice: InvoiceContent, key: string): InvoiceContent {
  const at = invoice.lines.findIndex((line) => line.key === key);
  const original = invoice.lines[at];
  if (!original) return invoice;
  const lastLine = invoice.lastLine + 1;
  const lines = [...invoice.lines];
  lines.splice(at + 1, 0, { ...original, key: `l${lastLine}` });
  return { ...invoice, lines, lastLine };
}

/** Takes a line out and remembers it and its place. Unchanged when there is no such line. */
export function removeLine(invoice: InvoiceContent, key: string): InvoiceContent {
  const at = invoice.lines.findIndex((line) => line.key === key);
  const line = invoice.lines[at];
  if (!line) return invoice;
  return {
    ...invoice,
    lines: invoice.lines.filter((other) => other !== line),
    removedLines: [...invoice.removedLines, { at, line }].slice(-MOST_REMOVED_LINES),
  };
}

/** Brings a removed line back to its place. Unchanged when it is not remembered. */
export function restoreLine(invoice: InvoiceContent, key: string): InvoiceContent {
  const removed = invoice.removedLines.find(({ line }) => line.key === key);
  if (!removed) return invoice;
  const lines = [...invoice.lines];
  lines.splice(removed.at, 0, removed.line);
  return { ...invoice, lines, removedLines: invoice.removedLines.filter((other) => other !== removed) };
}

/**
 * What a trainer invoice starts with when it is like another one: trainer, lines and amounts. Not its number, nor any date:
 * the same invoice twice could not be claimed, and the dates are what differs.
 */
export function likeInvoice(invoice: InvoiceContent): InvoiceContent {
  const { trainer, vatNumber, country, lines } = invoice;
  return withLines(
    { ...blankInvoice(), trainer, vatNumber, country },
    lines.map((line) => ({
      kind: line.kind,
      fields: { ...pick(line), bookedOn: '', deliveredOn: '' },
    })),
  );
}

const pick = (line: LineContent): Record<LineField, string> =>
  Object.fromEntries(LINE_FIELDS.map((field) => [field, line[field]])) as Record<LineField, string>;

/** Whether nothing at all has been typed. */
export const isBlankInvoice = (invoice: InvoiceContent): boolean =>
  invoice.lines.length === 0 && INVOICE_FIELDS.every((field) => invoice[field].trim() === '');

/** What an invoice is called before its number is known. */
export function invoiceTitle(invoice: InvoiceContent, at: number): string {
  const [number, trainer] = [invoice.number.trim(), invoice.trainer.trim()];
  if (number && trainer) return `${trainer}, invoice ${number}`;
  if (trainer) return `${trainer}, invoice without a number yet`;
  return number ? `Invoice ${number}` : `Trainer invoice ${at + 1}`;
}
