import {
  DETAILS_FIELDS,
  INVOICE_FIELDS,
  LINE_FIELDS,
  type DetailsContent,
  type InvoiceContent,
  type LineContent,
} from './form-content.js';

/** One thing two people wrote differently on one page. For a whole line, what is null is not there on that side. */
export interface Difference {
  readonly path: string;
  /** The line it is on, counted from 1 on the side that has it. */
  readonly line: number | null;
  readonly theirs: string | null;
  readonly yours: string | null;
}

/** What two versions of the details page say differently. */
export const compareDetails = (theirs: DetailsContent, yours: DetailsContent): Difference[] =>
  DETAILS_FIELDS.flatMap((field) => differ(field, null, theirs[field], yours[field]));

/** What two versions of a trainer invoice say differently: field by field, and line by line under their keys. */
export function compareInvoices(theirs: InvoiceContent, yours: InvoiceContent): Difference[] {
  const fields = INVOICE_FIELDS.flatMap((field) => differ(field, null, theirs[field], yours[field]));
  const ours = new Map(yours.lines.map((line, at) => [line.key, { line, number: at + 1 }]));
  const kept = theirs.lines.flatMap((line, at) => {
    const own = ours.get(line.key);
    ours.delete(line.key);
    return own ? compareLines(line, own.line, at + 1) : differ(`lines.${line.key}`, at + 1, summary(line), null);
  });
  const added = [...ours.values()].flatMap(({ line, number }) =>
    differ(`lines.${line.key}`, number, null, summary(line)),
  );
  return [...fields, ...kept, ...added];
}

const compareLines = (theirs: LineContent, yours: LineContent, number: number): Difference[] =>
  LINE_FIELDS.flatMap((field) => differ(`lines.${theirs.key}.${field}`, number, theirs[field], yours[field]));

function differ(path: string, line: number | null, theirs: string | null, yours: string | null): Difference[] {
  return theirs?.trim() === yours?.trim() ? [] : [{ path, line, theirs, yours }];
}

/** A line in a few words. */
const summary = ({ kind, description, net }: LineContent): string =>
  [kind === 'training' ? 'Training' : 'Travel', description.trim(), net.trim()].filter(Boolean).join(', ');
