/** Ctrl-C through npm arrives two or three times at once; only a later one means "now". */
const SAME_KEYPRESS_MS = 2000;

/**
 * Calls `stop` once on Ctrl-C or a request to end, then ends the process with 0; a second, later Ctrl-C ends it at once
 * (the database recovers at the next start).
 */
export function stopOnSignal(stop: () => Promise<void>, say: (line: string) => void): void {
  let first: number | null = null;
  const onSignal = (): void => {
    if (first !== null) {
      if (process.uptime() * 1000 - first > SAME_KEYPRESS_MS) process.exit(130);
      return;
    }
    first = process.uptime() * 1000;
    say('Stopping …');
    stop().then(
      () => {
        say('Stopped');
        process.exit(0);
      },
      (error: unknown) => {
        say(`Stopped with a problem: ${error instanceof Error ? error.message : String(error)}`);
        process.exit(1);
      },
    );
  };
  // Not SIGHUP: whoever starts it under nohup wants it to stay.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal);
}
