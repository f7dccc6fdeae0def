import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { toCsv, type Page } from '#platform/http';

const PAGE_LIMIT = '200';
/** A download beyond this is for the API, which pages; the last row of the file says so. */
const MOST_ROWS = 100_000;

/** A list as a file. What is asked for first decides whether there is a file at all: `ready` before anything is sent. */
export class CsvDownload extends StreamableFile {
  constructor(
    name: string,
    content: Readable,
    /** Throws what reading the list throws: then the answer is a page that says so, and not half a file. */
    readonly ready: () => Promise<void>,
  ) {
    super(content, csvOptions(name));
  }
}

/**
 * A whole list as a CSV file, page by page of the same query as the page on the screen: `fetch` is asked with the person's
 * filters, a limit and a cursor. The byte-order mark makes spreadsheets read UTF-8.
 */
export function csvDownload<T>(
  name: string,
  columns: readonly string[],
  query: unknown,
  fetch: (query: Record<string, unknown>) => Promise<Page<T>>,
): StreamableFile {
  const { cursor: _, limit: __, ...filters } = (query ?? {}) as Record<string, unknown>;
  const next = (cursor: { cursor?: string }) => fetch({ ...filters, limit: PAGE_LIMIT, ...cursor });
  let first: Promise<Page<T>> | undefined;
  const begin = () => (first ??= next({}));
  const content = Readable.from(chunks(columns, (cursor) => (cursor.cursor === undefined ? begin() : next(cursor))));
  return new CsvDownload(name, content, async () => void (await begin()));
}

/** Rows at hand as a CSV file. */
export const csvOf = (name: string, columns: readonly string[], rows: readonly unknown[]): StreamableFile =>
  new StreamableFile(Readable.from([csvText(columns, rows)]), csvOptions(name));

export const csvText = (columns: readonly string[], rows: readonly unknown[]): string =>
  `\ufeff${toCsv(rows, columns)}`;

const csvOptions = (name: string): { type: string; disposition: string } => ({
  type: 'text/csv; charset=utf-8',
  disposition: `attachment; filename="${name.replace(/[^A-Za-z0-9._-]/g, '-')}"`,
});

async function* chunks<T>(
  columns: readonly string[],
  next: (cursor: { cursor?: string }) => Promise<Page<T>>,
): AsyncGenerator<string> {
  let rows = 0;
  let cursor: string | null = null;
  yield `\ufeff${toCsv([], columns)}`;
  do {
    const { items, nextCursor }: Page<T> = await next(cursor === null ? {} : { cursor });
    // Without the header, which the first chunk had.
    const text = toCsv(items, columns);
    yield text.slice(text.indexOf('\r\n') + 2);
    rows += items.length;
    cursor = nextCursor;
  } while (cursor !== null && rows < MOST_ROWS);
  if (cursor !== null)
    yield `"The list goes on: this file ends after ${MOST_ROWS} rows. Narrow the filters, or use the API."\r\n`;
}
