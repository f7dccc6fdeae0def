import { atCostCategory, categoryOf, type ProgrammeTerms } from '#programme/domain';
import {
  linePath as bodyLinePath,
  reckon,
  type Calculation,
  type CategoryFigures,
  type ClaimBody,
  type ClaimLineBody,
  type Reckoning,
} from '../domain/index.js';
import { invoiceTitle, type FormContent, type InvoiceContent, type LineContent } from './form-content.js';
import { readLine, valueOf } from './read-line.js';
import { readCountry, readDate, readText } from './typed-values.js';

/** What one line comes to, and how. Money in pence, days as decimal text. */
export interface LineWorking {
  readonly invoice: string;
  readonly line: string;
  /** Its place on its invoice, from 1. */
  readonly number: number;
  readonly netPence: number;
  readonly eligiblePence: number;
  readonly aboveRatePence: number;
  readonly texts: readonly string[];
}

/** What a form comes to so far: only what can be read counts, and what does not count is named. */
export interface FormWorking {
  readonly categories: readonly ({ code: string; label: string; text: string } & CategoryFigures)[];
  readonly totals: Pick<Calculation, 'totalPence' | 'grossPence' | 'vatPence' | 'aboveRatePence' | 'authorityPence'>;
  /** The working of each total, under the total's name. */
  readonly texts: Readonly<Record<string, string>>;
  readonly lines: readonly LineWorking[];
  readonly uncounted: readonly { invoice: string; line: string; number: number; title: string }[];
}

interface Placed {
  readonly invoice: string;
  readonly line: LineContent;
  readonly number: number;
}

/** A line that says how much: its other fields may still be missing, and stand in for themselves here. */
interface Counted extends Placed {
  readonly body: ClaimLineBody;
}

const A_DAY = '2000-01-01';

/**
 * The figures of a form while it is written. Every figure and every word of the working is the calculation's own: what can be
 * read of the lines is put to it as a claim, and what cannot is left out and said. VAT that cannot be read counts as none.
 */
export function workingOf(content: FormContent, terms: ProgrammeTerms): FormWorking {
  const counted: Counted[][] = [];
  const uncounted: FormWorking['uncounted'][number][] = [];
  content.invoices.forEach(({ key, content: invoice }, at) => {
    const lines = invoice.lines.map((line, index) => ({ invoice: key, line, number: index + 1 }));
    const found = lines.map((placed) => count(placed, terms));
    counted.push(found.flatMap((line) => (line ? [line] : [])));
    lines.forEach(({ line, number }, index) => {
      if (found[index]) return;
      uncounted.push({ invoice: key, line: line.key, number, title: invoiceTitle(invoice, at) });
    });
  });
  const body = standIn(content, counted);
  const reckoning = reckon(body, terms);
  return { ...figuresOf(reckoning, terms), lines: linesOf(reckoning, body, counted), uncounted };
}

/** The same of a form of which nothing is missing, out of the calculation that was made of it as a claim. */
export function workingOfWhole(
  content: FormContent,
  terms: ProgrammeTerms,
  body: ClaimBody,
  of: Reckoning,
): FormWorking {
  const placed = content.invoices.map(({ key, content: invoice }) =>
    invoice.lines.map((line, index) => ({ invoice: key, line, number: index + 1 })),
  );
  return { ...figuresOf(of, terms), lines: linesOf(of, body, placed), uncounted: [] };
}

function count(placed: Placed, terms: ProgrammeTerms): Counted | null {
  const read = readLine(placed.line);
  const netPence = valueOf(read.net);
  if (netPence === undefined) return null;
  const money = {
    description: valueOf(read.description) ?? '-',
    netPence,
    vatRate: valueOf(read.vatRate) ?? '0',
    vatPence: valueOf(read.vat) ?? 0,
  };
  const body = placed.line.kind === 'travel' ? ({ kind: 'travel', ...money } as const) : trainingOf(read, money);
  return body && known(body, terms) ? { ...placed, body } : null;
}

function trainingOf(
  read: ReturnType<typeof readLine>,
  money: Pick<ClaimLineBody, 'description' | 'netPence' | 'vatRate' | 'vatPence'>,
): ClaimLineBody | null {
  const [category, rate] = [valueOf(read.category), valueOf(read.rate)];
  const [deliveredOn, trainerDays] = [valueOf(read.deliveredOn), valueOf(read.trainerDays)];
  if (category === undefined || rate === undefined || deliveredOn === undefined || trainerDays === undefined)
    return null;
  return {
    kind: 'training',
    category,
    rate,
    bookedOn: valueOf(read.bookedOn) ?? A_DAY,
    deliveredOn,
    trainerDays,
    ...money,
  };
}

/** Whether the programme has a category for the line: its figures would have nowhere to go. */
const known = (line: ClaimLineBody, terms: ProgrammeTerms): boolean =>
  line.kind === 'training' ? categoryOf(terms, line.category)?.kind === 'training' : atCostCategory(terms) !== null;

/** The claim that the calculation is asked about: the lines that count, under what is known of their invoices. */
function standIn(content: FormContent, counted: readonly (readonly Counted[])[]): ClaimBody {
  return {
    programme: content.programme,
    authority: content.authority,
    trainerInvoices: content.invoices.map(({ content: invoice }, at) => ({
      trainer: trainerOf(invoice),
      number: readText(invoice.number) ?? '-',
      issuedOn: readDate(invoice.issuedOn) ?? A_DAY,
      lines: counted[at]!.map(({ body }) => body),
    })),
  };
}

const trainerOf = (invoice: InvoiceContent) => ({
  name: readText(invoice.trainer) ?? '-',
  vatNumber: readText(invoice.vatNumber) ?? null,
  country: readCountry(invoice.country) ?? 'GB',
});

const TOTALS = ['totalPence', 'grossPence', 'vatPence', 'aboveRatePence', 'authorityPence'] as const;

function figuresOf({ figures }: Reckoning, terms: ProgrammeTerms): Omit<FormWorking, 'lines' | 'uncounted'> {
  // After the working of all lines.
  const textOf = (what: string) => figures.working.findLast((step) => step.for === what)?.text ?? '';
  return {
    categories: terms.categories.map(({ code, label }) => ({
      code,
      label,
      text: textOf(code),
      ...figures.categories[code]!,
    })),
    totals: Object.fromEntries(TOTALS.map((name) => [name, figures[name]])) as FormWorking['totals'],
    texts: Object.fromEntries(TOTALS.map((name) => [name, textOf(name)])),
  };
}

/** The working names a line by its place among those that count; on its page it stands at its own. */
function linesOf(
  { figures, lines }: Reckoning,
  body: ClaimBody,
  counted: readonly (readonly Placed[])[],
): LineWorking[] {
  const steps = new Map<string, string[]>();
  for (const { for: what, text } of figures.working) {
    const path = what.slice(0, what.lastIndexOf('.'));
    if (path) steps.set(path, [...(steps.get(path) ?? []), text]);
  }
  return lines.map(({ invoiceAt, lineAt, netPence, eligiblePence, aboveRatePence }) => {
    const { invoice, line, number } = counted[invoiceAt]![lineAt]!;
    const prefix = `Invoice ${body.trainerInvoices[invoiceAt]!.number}, line ${lineAt + 1}: `;
    const texts = (steps.get(bodyLinePath(invoiceAt, lineAt)) ?? []).map((text) => capital(text.replace(prefix, '')));
    return { invoice, line: line.key, number, netPence, eligiblePence, aboveRatePence, texts };
  });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
