import { parentPort } from 'node:worker_threads';
import type { WorkerAnswer, WorkerRequest } from './worker-pool.js';

/** The other end of WorkerPool: answers each request with what `work` gives. For the module that a thread runs. */
export function serveRequests<Input, Output>(work: (input: Input) => Promise<Output>): void {
  const port = parentPort;
  if (port === null) throw new Error('this module runs in a worker thread only');
  const answer = async ({ id, input }: WorkerRequest<Input>): Promise<WorkerAnswer<Output>> => {
    try {
      return { id, output: await work(input) };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      return { id, error: { name, message } };
    }
  };
  port.on('message', (request: WorkerRequest<Input>) => {
    void answer(request).then((result) => port.postMessage(result));
  });
}
