/**
 * A mail server as a process of its own: takes every message, counts them by Message-ID and keeps none. Tells its port, then
 * on request how many different ones it has.
 */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

const seen = new Set<string>();

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  disableReverseLookup: true,
  logger: false,
  onData(stream, _session, done) {
    let head = '';
    stream.on('data', (part: Buffer) => {
      if (head.length < 8_000) head += part.toString('latin1');
    });
    stream.on('end', () => {
      seen.add(/^message-id:\s*(\S+)/im.exec(head)?.[1] ?? `none ${seen.size}`);
      done();
    });
  },
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.server.address() as AddressInfo).port });
});
process.on('message', () => process.send?.({ received: seen.size }));
