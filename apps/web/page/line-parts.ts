/** Lines of a claim that a page shows at once; a claim may have ten thousand, and most have fewer than these. */
export const LINES_AT_ONCE = 40;

/** As many links to parts as stand side by side: of more parts, some of each stretch are linked, and those beside the one shown. */
const LINKS = 12;

interface WithLines<Line = unknown> {
  readonly lines: readonly Line[];
}

/** A line with its place on its invoice, from 0. */
export interface PlacedLine<Line> {
  readonly line: Line;
  readonly lineAt: number;
}

/** A trainer invoice with its place on its claim, from 0, and its lines or some of them. */
export interface PlacedInvoice<Invoice extends WithLines> {
  readonly invoice: Invoice;
  readonly at: number;
  readonly lines: readonly PlacedLine<Invoice['lines'][number]>[];
}

/** The invoices with the places that the working, the flags and the people name them by. */
export const placedLines = <Invoice extends WithLines>(invoices: readonly Invoice[]): PlacedInvoice<Invoice>[] =>
  invoices.map((invoice, at) => ({ invoice, at, lines: invoice.lines.map((line, lineAt) => ({ line, lineAt })) }));

export const linesIn = (invoices: readonly WithLines[]): number =>
  invoices.reduce((sum, { lines }) => sum + lines.length, 0);

const lastPart = (lines: number): number => Math.max(1, Math.ceil(lines / LINES_AT_ONCE));

/** Which part of a claim's lines is shown, from 1; claims are rarely longer than one. */
export const partOf = (asked: unknown, lines: number): number =>
  typeof asked === 'string' && /^\d{1,4}$/.test(asked) ? Math.min(Math.max(Number(asked), 1), lastPart(lines)) : 1;

/** Invoices with those of their lines that are in a part; without those that have none in it. */
export function partIn<Invoice extends WithLines>(invoices: readonly Invoice[], part: number): Invoice[] {
  const from = (part - 1) * LINES_AT_ONCE;
  let before = 0;
  return invoices.flatMap((invoice) => {
    const first = from - before;
    before += invoice.lines.length;
    const lines = invoice.lines.slice(Math.max(first, 0), Math.max(first + LINES_AT_ONCE, 0));
    return lines.length > 0 ? [{ ...invoice, lines }] : [];
  });
}

/** In which parts something of each invoice is, by its place: the first and the last. */
export function partsOfInvoices(invoices: readonly WithLines[]): { first: number; last: number }[] {
  let before = 0;
  return invoices.map(({ lines }) => {
    const first = lastPart(before + 1);
    before += lines.length;
    return { first, last: Math.max(first, lastPart(before)) };
  });
}

/** In which part each line is: `partOfLines(invoices)(invoiceAt, lineAt)`, places from 0. */
export function partOfLines(invoices: readonly WithLines[]): (at: number, lineAt: number) => number {
  const before: number[] = [];
  let lines = 0;
  for (const invoice of invoices) {
    before.push(lines);
    lines += invoice.lines.length;
  }
  return (at, lineAt) => lastPart((before[at] ?? 0) + lineAt + 1);
}

export interface PartLink {
  readonly number: number;
  readonly current: boolean;
}

/** Links to the parts of a long claim; none while there is one part. */
export function partsOf(invoices: readonly WithLines[], part: number): PartLink[] {
  const last = lastPart(linesIn(invoices));
  if (last < 2) return [];
  const step = last <= LINKS ? 1 : Math.ceil(last / (LINKS - 4));
  const numbers = new Set([1, part - 1, part, part + 1, last]);
  for (let number = 1; number <= last; number += step) numbers.add(number);
  return [...numbers]
    .filter((number) => number >= 1 && number <= last)
    .sort((a, b) => a - b)
    .map((number) => ({ number, current: number === part }));
}

/** The texts of the working of each line, by the line's path; read once, since a claim has twice as many steps as lines. */
export function workingByLine(
  working: readonly { readonly for: string; readonly text: string }[],
): Map<string, string[]> {
  return grouped(
    working,
    ({ for: what }) => what.slice(0, Math.max(0, what.lastIndexOf('.'))),
    ({ text }) => text,
  );
}

/** Items by a key, each key's in their order. */
export function grouped<Item, Value>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  valueOf: (item: Item) => Value,
): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(valueOf(item));
    else groups.set(key, [valueOf(item)]);
  }
  return groups;
}
