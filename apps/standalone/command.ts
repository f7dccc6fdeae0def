import { StartFailure } from './embedded/failure.js';

/** People's progress lines go to stderr: a command's stdout is for its answer. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs a command: a failure that somebody can put right is one line; anything else keeps its stack. Exit code 1 for both. */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    say(
      error instanceof StartFailure
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error),
    );
    process.exit(1);
  }
}
