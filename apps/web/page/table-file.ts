import type { FastifyRequest } from 'fastify';
import { notFound } from '#kernel';
import { csvOf, csvText } from './csv-download.js';
import { type View } from './view.js';

const PARAMETER = 'table';

/**
 * A table of a page as a file of the same rows, for tables that are whole on the page: its presenter says which of their values make
 * the file, pence as whole numbers and days as the programs' own. The address is the page's with the table named, so who may see
 * the page may have the file, and nobody else. Stands in a table as `file`.
 */
export class TableFile {
  /** Set when the page is answered, by the address it was asked at. */
  href = '';

  constructor(
    /** Of this page's tables this one's alone: `set-offs`, which becomes `set-offs.csv`. */
    readonly name: string,
    readonly columns: readonly string[],
    readonly rows: readonly object[],
  ) {}
}

/** Takes from the address which table is asked for as a file: the page itself does not know of it. Null for the page. */
export function askedTable(request: FastifyRequest): string | null {
  const query = request.query as Record<string, unknown>;
  const asked = query[PARAMETER];
  if (typeof asked !== 'string') return null;
  delete query[PARAMETER];
  return asked;
}

/**
 * Tells the files of a page's tables where they are. What answers a form cannot be asked for again by its address: there the file stands in
 * the link itself.
 */
export function placeFiles(page: View, { method, url }: Pick<FastifyRequest, 'method' | 'url'>): void {
  const [path = '', query] = url.split('?', 2);
  for (const file of filesOf(page)) {
    const parameters = new URLSearchParams(query);
    parameters.set(PARAMETER, file.name);
    file.href =
      method === 'GET'
        ? `${path}?${parameters.toString()}`
        : `data:text/csv;charset=utf-8,${encodeURIComponent(csvText(file.columns, file.rows))}`;
  }
}

/** Throws not_found when the page has no such table, or has it no longer. */
export function fileOfTable(page: View, name: string) {
  const file = filesOf(page).find((one) => one.name === name);
  if (!file) throw notFound('table of this page');
  return csvOf(`${file.name}.csv`, file.columns, file.rows);
}

/** Tables stand among a page's values, by themselves or in a list. */
const filesOf = ({ data }: View): TableFile[] =>
  Object.values(data)
    .flatMap((value): unknown[] => (Array.isArray(value) ? value : [value]))
    .flatMap((value) => {
      const file = typeof value === 'object' && value !== null && 'file' in value ? value.file : null;
      return file instanceof TableFile ? [file] : [];
    });
