import { join } from 'node:path';
import { launch, ROOT } from '../support/processes.js';
import { type Services } from '../support/services.js';

export interface MailSink {
  url: string;
  /** Different messages so far. */
  received(): Promise<number>;
  stop(): Promise<void>;
}

export async function startMailSink(services: Services): Promise<MailSink> {
  const running = launch({
    name: 'smtp',
    words: [join(ROOT, 'dist/bench/delivery/smtp-server.js')],
    env: {},
    ipc: true,
  });
  services.onStop(running);
  const { child } = running;
  const answer = <T>() => new Promise<T>((done) => child.once('message', (message) => done(message as T)));
  const { port } = await answer<{ port: number }>();
  return {
    url: `smtp://127.0.0.1:${port}`,
    received: async () => {
      const next = answer<{ received: number }>();
      child.send('count');
      return (await next).received;
    },
    stop: () => running.stop('SIGKILL'),
  };
}
