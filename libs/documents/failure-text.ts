import { describeError } from '#platform/telemetry';

/** What went wrong, without values a database or a server quotes. */
export function textOf(error: unknown): string {
  const { name, code, message } = describeError(error);
  return [name, code, message].filter((part) => part !== undefined && part !== 'Error').join(': ');
}

/** Why something failed, short enough for its column. */
export const columnText = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').slice(0, 500);
