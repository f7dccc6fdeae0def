import { malformed } from '#kernel';
import { validateQuery, type kinds } from '#platform/validation';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;

export type CursorValue = string | number | null;

export interface PageRequest {
  limit: number;
  /** Where the page before ended, one value for each column of the order; null for the first page. */
  after: readonly CursorValue[] | null;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

const PAGE_PARAMETERS = ['limit', 'cursor'] as const;

function limitOf(given: unknown): number {
  if (given === undefined) return DEFAULT_LIMIT;
  const limit = typeof given === 'string' && /^\d{1,3}$/.test(given) ? Number(given) : NaN;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  const message = `Give a whole number from 1 to ${MAX_LIMIT}.`;
  throw malformed([{ path: 'limit', code: 'out_of_range', message }]);
}

function unknownCursor() {
  const message = 'Use the nextCursor of the page before, unchanged and with the same filters.';
  return malformed([{ path: 'cursor', code: 'cursor_unknown', message }], 'cursor_unknown');
}

const encodeCursor = (values: readonly CursorValue[]): string =>
  Buffer.from(JSON.stringify(values), 'utf8').toString('base64url');

/** Reads a cursor back, checking each value by its kind, so that nothing but what we gave reaches the database. */
function decodeCursor(text: string, shape: readonly kinds.Kind[]): readonly CursorValue[] {
  if (text.length > 1000 || !/^[A-Za-z0-9_-]+$/.test(text)) throw unknownCursor();
  let values: unknown;
  try {
    values = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw unknownCursor();
  }
  if (!Array.isArray(values) || values.length !== shape.length) throw unknownCursor();
  const sound = shape.every((kind, index) => values[index] === null || kind.check(values[index]) === null);
  if (!sound) throw unknownCursor();
  return values as CursorValue[];
}

/** Reads `limit` and `cursor`. `shape` gives the kind of every value in this list's cursor, in order. */
export function pageOf(query: unknown, shape: readonly kinds.Kind[]): PageRequest {
  const { limit, cursor } = (query ?? {}) as { limit?: unknown; cursor?: unknown };
  if (cursor !== undefined && typeof cursor !== 'string') throw unknownCursor();
  return { limit: limitOf(limit), after: cursor === undefined ? null : decodeCursor(cursor, shape) };
}

/**
 * `pageOf` and the filters of a list in one: an unknown parameter is refused. Where a filter changes the order of the list,
 * `shape` is asked for that order's cursor.
 */
export function listQuery<T extends object>(
  filters: new () => T,
  query: unknown,
  shape: readonly kinds.Kind[] | ((filters: T) => readonly kinds.Kind[]),
): { filters: T; page: PageRequest } {
  const given = validateQuery(filters, query, PAGE_PARAMETERS);
  return { filters: given, page: pageOf(query, typeof shape === 'function' ? shape(given) : shape) };
}

/** A page out of rows fetched with `limit + 1`: the one too many only says that there is a next page. */
export function page<T>(rows: readonly T[], limit: number, cursorOf: (last: T) => readonly CursorValue[]): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items, nextCursor: more ? encodeCursor(cursorOf(last)) : null };
}
