import { parse as parseCsv } from 'csv-parse/sync';
import { parse, type HTMLElement } from 'node-html-parser';
import { type WebVisitor } from './web.js';

const clean = (text: string): string => text.replace(/\s+/g, ' ').trim();
const captionOf = (table: HTMLElement): string => clean(table.querySelector('caption')?.text ?? '');
const rowsOf = (table: HTMLElement): number => table.querySelectorAll('tbody tr').length;
const isTable = ({ tagName }: HTMLElement): boolean => tagName === 'TABLE';

/** Captions of tables that are no data, so no file either, each with the reason. */
const NO_FILES = new Map([
  ['Cookies', 'words about the one cookie there is'],
  ['Rows to correct', 'what is wrong with the rows that stand in the field below it, to be corrected there'],
]);

/** Tables with rows in them, and links to files, as they stand one below the other. */
const placed = (html: string): HTMLElement[] =>
  parse(html)
    .querySelectorAll('main table, main a[download]')
    .filter((one) => !isTable(one) || (rowsOf(one) > 0 && !NO_FILES.has(captionOf(one))));

/** The captions of a page's tables that have rows. */
export const tablesOf = (html: string): string[] => placed(html).filter(isTable).map(captionOf);

/** The captions of the tables below which no file is offered. */
export function tablesWithoutLink(html: string): string[] {
  const all = placed(html);
  return all.slice(all.findLastIndex((one) => !isTable(one)) + 1).map(captionOf);
}

/**
 * The captions of the tables that cannot be had as CSV. A file belongs to the tables above its link, up to those of the link before; it
 * holds them when it has a row at least for each of theirs.
 */
export async function tablesWithoutFile(html: string, visitor: WebVisitor): Promise<string[]> {
  let above: HTMLElement[] = [];
  for (const one of placed(html)) {
    if (isTable(one)) above.push(one);
    else if (above.length > 0) {
      const rows = await rowsOfCsv(one.getAttribute('href') ?? '', visitor);
      if (rows !== null && rows >= above.reduce((sum, table) => sum + rowsOf(table), 0)) above = [];
    }
  }
  return above.map(captionOf);
}

/** Null for another kind of file, a PDF for instance, or none. */
async function rowsOfCsv(address: string, visitor: WebVisitor): Promise<number | null> {
  const answer = await visitor.raw(address);
  const text = await answer.text();
  if (answer.status !== 200 || answer.headers.get('content-type')?.startsWith('text/csv') !== true) return null;
  const lines = parseCsv(text, { bom: true, relax_column_count: true }) as string[][];
  return lines.length - 1;
}
