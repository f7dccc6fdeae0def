import { DomainError } from '#kernel';
import { StartFailure } from './embedded/failure.js';

/** People's progress lines go to stderr: a command's stdout is for its answer. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a command: a failure that somebody can put right is one line, a refusal one more for each thing to correct; anything
 * else keeps its stack. Exit code 1 for all.
 */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    say(described(error));
    process.exit(1);
  }
}

function described(error: unknown): string {
  if (error instanceof StartFailure) return error.message;
  if (error instanceof DomainError) {
    const listed = error.problems.map(({ path, code, message }) => `  ${path}: ${message} (${code})`);
    return [...listed, `${error.message} (${error.code})`].join('\n');
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
