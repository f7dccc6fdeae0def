import { createHash } from 'node:crypto';

/** A statement of a hot path: the server parses it once a connection and may keep its plan. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/**
 * Prepares a statement under a name made from its text. For statements that do the same work whatever their parameters:
 * one whose best plan depends on them (a list with optional filters) stays a plain text.
 */
export function statement(text: string): Statement {
  return { name: createHash('sha256').update(text).digest('base64url').slice(0, 24), text };
}
