import { refused, type Problem } from '#kernel';
import { unsupportedCharacter } from './fonts.js';

/**
 * Throws refused `unsupported_character` for any text in a value that no embedded font can print, each with its path, so
 * that what will be on a document is refused while somebody can still change it. Texts may be nested in objects and lists.
 */
export function requirePrintable(value: unknown, path = ''): void {
  const problems = [...unprintable(value, path)];
  if (problems.length === 0) return;
  throw refused(
    'unsupported_character',
    'A text holds a character that cannot be printed. Write it another way.',
    problems,
  );
}

function* unprintable(value: unknown, path: string): Generator<Problem> {
  if (typeof value === 'string') {
    const character = unsupportedCharacter(value);
    if (character === null) return;
    const message = `The character "${character}" cannot be printed on a document. Write it another way.`;
    yield { path, code: 'unsupported_character', message };
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* unprintable(item, `${path}[${index}]`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) yield* unprintable(item, path === '' ? name : `${path}.${name}`);
  }
}
