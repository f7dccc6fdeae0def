/**
 * Loaded before apps/standalone by Node's --import: answers each message of the bench with the memory the process holds after
 * a garbage collection (Node's --expose-gc). The program itself does not know.
 */
export interface MemorySample {
  /** Bytes of JavaScript objects and of what they hold outside the heap, on the main thread. */
  held: number;
  /** Bytes of the whole process in memory, its worker threads included. */
  resident: number;
}

const collect = (globalThis as { gc?: () => void }).gc;

process.on('message', () => {
  // Twice: what the first one finishes off is freed by the second.
  collect?.();
  collect?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send?.({ held: heapUsed + external, resident: rss } satisfies MemorySample);
});
// The channel must not keep the process from ending when it is told to.
process.channel?.unref();
