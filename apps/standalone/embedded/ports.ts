import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what systems give away by themselves (from 32768 on), so that nobody is given it who asked for any port. */
const [LOWEST, HIGHEST] = [20_000, 32_000];

/** A port of 127.0.0.1 that was free a moment ago. Whoever uses it must be ready to ask again. Rejects where none may be listened on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((answer, failed) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? answer(false) : failed(error),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)));
  });
