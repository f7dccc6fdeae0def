import { Worker } from 'node:worker_threads';
import { DomainError } from '#kernel';

export interface WorkerPoolOptions {
  /** The module a thread runs; it answers `WorkerRequest` messages by `serveRequests`. */
  entry: URL;
  /** Threads started, each when the work first needs it. */
  threads?: number;
  /** Jobs that may wait; one more is refused with `unavailable`. */
  maxQueued?: number;
  /** After this many milliseconds a job fails and its thread is stopped. */
  timeoutMs?: number;
  /** Options of Node for the threads; the process's own when absent. */
  execArgv?: string[];
}

export interface WorkerRequest<Input> {
  id: number;
  input: Input;
}

export type WorkerAnswer<Output> =
  { id: number; output: Output } | { id: number; error: { name: string; message: string } };

interface Job<Input, Output> {
  id: number;
  input: Input;
  resolve(output: Output): void;
  reject(error: Error): void;
}

interface Thread<Input, Output> {
  worker: Worker;
  job: Job<Input, Output> | null;
  timer: NodeJS.Timeout | null;
}

/**
 * Runs jobs in worker threads, so that heavy computing never blocks the event loop. One job at a time a thread, the rest
 * waits in a bounded queue. A thread that dies fails its own job only and is replaced when the next one needs it; retrying
 * is the caller's affair. Idle threads do not keep the process alive.
 */
export class WorkerPool<Input, Output> {
  readonly #options: Required<Omit<WorkerPoolOptions, 'execArgv'>> & Pick<WorkerPoolOptions, 'execArgv'>;
  readonly #threads = new Set<Thread<Input, Output>>();
  #waiting: Job<Input, Output>[] = [];
  #nextId = 1;
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = { threads: 1, maxQueued: 1000, timeoutMs: 60_000, ...options };
  }

  /** The job's result. Rejects with what the job threw (name and message), or when its thread died or ran out of time. */
  run(input: Input): Promise<Output> {
    if (this.#closed) return Promise.reject(unavailable('is stopping'));
    if (this.#waiting.length >= this.#options.maxQueued) return Promise.reject(unavailable('has too much waiting'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id: this.#nextId++, input, resolve, reject });
      this.#assign();
    });
  }

  /** Refuses what waits, lets nothing new in and stops the threads. */
  async close(): Promise<void> {
    this.#closed = true;
    const left = this.#waiting;
    this.#waiting = [];
    for (const job of left) job.reject(unavailable('is stopping'));
    await Promise.all([...this.#threads].map((thread) => thread.worker.terminate()));
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const idle = [...this.#threads].find((thread) => thread.job === null) ?? this.#start();
      if (idle === null) return;
      const job = this.#waiting.shift();
      if (job !== undefined) this.#give(idle, job);
    }
  }

  #give(thread: Thread<Input, Output>, job: Job<Input, Output>): void {
    thread.job = job;
    thread.worker.ref();
    thread.timer = setTimeout(() => {
      this.#settle(thread)?.reject(new Error(`not done after ${this.#options.timeoutMs} ms`));
      this.#threads.delete(thread);
      void thread.worker.terminate();
      this.#assign();
    }, this.#options.timeoutMs);
    try {
      thread.worker.postMessage({ id: job.id, input: job.input } satisfies WorkerRequest<Input>);
    } catch (error) {
      // An input that cannot be cloned is the caller's mistake; the thread stays good.
      this.#settle(thread)?.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #start(): Thread<Input, Output> | null {
    if (this.#threads.size >= this.#options.threads) return null;
    const { entry, execArgv } = this.#options;
    const thread: Thread<Input, Output> = {
      worker: new Worker(entry, execArgv === undefined ? {} : { execArgv }),
      job: null,
      timer: null,
    };
    this.#threads.add(thread);
    let cause: Error | null = null;
    thread.worker.on('message', (answer: WorkerAnswer<Output>) => this.#answered(thread, answer));
    thread.worker.on('error', (error: Error) => (cause = error));
    thread.worker.on('exit', (code) => {
      this.#threads.delete(thread);
      this.#settle(thread)?.reject(cause ?? new Error(`the worker thread stopped with code ${code}`));
      if (!this.#closed) this.#assign();
    });
    return thread;
  }

  #answered(thread: Thread<Input, Output>, answer: WorkerAnswer<Output>): void {
    if (thread.job?.id !== answer.id) return;
    const job = this.#settle(thread);
    if ('output' in answer) job?.resolve(answer.output);
    else job?.reject(Object.assign(new Error(answer.error.message), { name: answer.error.name }));
    this.#assign();
  }

  /** Frees the thread of its job and gives the job. */
  #settle(thread: Thread<Input, Output>): Job<Input, Output> | null {
    const { job } = thread;
    if (thread.timer !== null) clearTimeout(thread.timer);
    thread.timer = null;
    thread.job = null;
    thread.worker.unref();
    return job;
  }
}

const unavailable = (why: string): DomainError =>
  new DomainError('unavailable', 'worker_pool_unavailable', `The rendering of documents ${why}. Try again shortly.`);
