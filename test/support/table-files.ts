import { parse as parseCsv } from 'csv-parse/sync';
import { type HTMLElement } from 'node-html-parser';
import { captionOf, isTable, placed, rowsOf } from './page-tables.js';
import { type WebVisitor } from './web.js';

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
