/** How many rows a page of a list shows, as the use cases take it: a parameter of an address. */
export const PAGE_SIZE = '25';

/** The query of this page as a program's own parameters, without what is empty: a GET form sends every field. */
export function filtersOf(query: unknown): Record<string, string> {
  if (typeof query !== 'object' || query === null) return {};
  const filters: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    const text = typeof value === 'string' ? value.trim() : '';
    if (text !== '') filters[name] = text;
  }
  return filters;
}

/** This address with other parameters: `null` takes one away. */
export function addressWith(
  path: string,
  query: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string | null>> = {},
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, ...change })) if (value !== null) parameters.set(name, value);
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Addresses below this one that keep which programme is meant, where the person has named one: `at('/entries', { quarter })`. */
export const keepingProgramme =
  (base: string, programme: string | null | undefined) =>
  (path = '', query: Readonly<Record<string, string>> = {}): string =>
    addressWith(`${base}${path}`, programme == null ? query : { ...query, programme });
export type AddressAt = ReturnType<typeof keepingProgramme>;

/** Links of a list: the same filters as CSV, the next page, the first one. Cursors go forward only. */
export function listLinks(
  path: string,
  filters: Readonly<Record<string, string>>,
  nextCursor: string | null,
): { csv: string; next: string | null; first: string | null } {
  return {
    csv: addressWith(`${path}/download`, filters, { cursor: null }),
    next: nextCursor === null ? null : addressWith(path, filters, { cursor: nextCursor }),
    first: filters['cursor'] === undefined ? null : addressWith(path, filters, { cursor: null }),
  };
}
