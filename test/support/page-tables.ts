import { parse, type HTMLElement } from 'node-html-parser';

const clean = (text: string): string => text.replace(/\s+/g, ' ').trim();
export const captionOf = (table: HTMLElement): string => clean(table.querySelector('caption')?.text ?? '');
export const rowsOf = (table: HTMLElement): number => table.querySelectorAll('tbody tr').length;
export const isTable = ({ tagName }: HTMLElement): boolean => tagName === 'TABLE';

/** Captions of tables that are no data, so no file either, each with the reason. */
const NO_FILES = new Map([
  ['Cookies', 'words about the one cookie there is'],
  ['Rows to correct', 'what is wrong with the rows that stand in the field below it, to be corrected there'],
]);

/** Tables with rows in them, and links to files, as they stand one below the other. */
export const placed = (html: string): HTMLElement[] =>
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
