/** Something done again and again; safe to be done by several processes at once, or twice. */
export interface Scheduled {
  name: string;
  /** From the end of one to the start of the next, in milliseconds. */
  everyMs: number;
  run: () => Promise<unknown>;
}

/** Runs each at once and then in its interval, never twice at the same time in this process. An error waits for the next. */
export class Schedule {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly running = new Set<Promise<void>>();
  private stopped = false;

  constructor(
    private readonly scheduled: readonly Scheduled[],
    private readonly onError: (name: string, error: Error) => void,
  ) {}

  start(): void {
    for (const one of this.scheduled) this.launch(one);
  }

  /** Waits for what is running. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all([...this.running]);
  }

  private launch(one: Scheduled): void {
    const run = one
      .run()
      .then(() => undefined)
      .catch((error: Error) => this.onError(one.name, error))
      .finally(() => {
        this.running.delete(run);
        this.again(one);
      });
    this.running.add(run);
  }

  private again(one: Scheduled): void {
    if (this.stopped) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.launch(one);
    }, one.everyMs);
    this.timers.add(timer);
  }
}
