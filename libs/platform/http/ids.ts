import { notFound } from '#kernel';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An id of an address. What is no id names nothing, so it is not found rather than malformed. */
export function idOf(text: string, what: string): string {
  if (!UUID.test(text)) throw notFound(what);
  return text.toLowerCase();
}
