import { createHash } from 'node:crypto';
import { malformed } from '#kernel';
import { commandContext } from '#platform/database';

const MAX_DEPTH = 32;

/** JSON with the keys of every object in order, so that the same content has the same text. */
function canonicalJson(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) {
    throw malformed([{ path: '', code: 'too_deep', message: `Nest at most ${MAX_DEPTH} levels.` }]);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member, depth + 1)}`);
  return `{${members.join(',')}}`;
}

const sha256 = (...parts: string[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return hash.digest('hex');
};

const isStream = (body: unknown): boolean => typeof (body as { pipe?: unknown } | null)?.pipe === 'function';

/** What a command was asked: SHA-256, hex, of method, address and canonical body. Streams are added as they are read. */
export function hashInput(method: string, url: string, body: unknown): string {
  return sha256(method, url, body === undefined || isStream(body) ? '' : canonicalJson(body));
}

/**
 * Adds one part of a streamed body (a file of a multipart form, a raw body) to what the running command was asked, so
 * that a repeated Idempotency-Key is compared by content. Call it before the transaction; the order of parts counts.
 */
export function addInputPart(part: { name: string; filename?: string | undefined; sha256: string }): void {
  const context = commandContext.getStore();
  if (context) context.inputHash = sha256(context.inputHash, part.name, part.filename ?? '', part.sha256);
}
