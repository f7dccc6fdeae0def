import { type Server } from 'node:http';
import { type Socket } from 'node:net';
import { type FastifyInstance } from 'fastify';

/**
 * Closes, when the service stops, the connections that a client opened and never used. Node counts only those as idle that have had an
 * answer, and would wait for the first request until its head is overdue: a minute, which whoever stops us does not have. Browsers open
 * such connections ahead of time.
 */
export function closeUnused(instance: FastifyInstance): void {
  const server = instance.server as Server;
  const unused = new Set<Socket>();
  let closing = false;
  server.on('connection', (socket: Socket) => {
    if (closing) return void socket.destroy();
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }) => unused.delete(socket));
  instance.addHook('preClose', (done) => {
    closing = true;
    for (const socket of unused) if (socket.bytesRead === 0) socket.destroy();
    done();
  });
}
