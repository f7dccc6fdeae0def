import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface Received {
  to: string[];
  from: string;
  bytes: Buffer;
  mail: ParsedMail;
}

/** What the server does with the next message; `accept` when the list is used up. */
export type Behaviour =
  | 'accept'
  /** 451 to the recipient: come back later. */
  | 'greylist'
  /** 550 to the recipient: never. */
  | 'unknown-recipient'
  /** 554 after the data. */
  | 'refuse-content'
  /** 451 after the data. */
  | 'busy-after-data'
  /** Takes the message, then cuts the connection without an answer. */
  | 'take-and-cut'
  /** Cuts the connection when the recipient is named. */
  | 'cut-before-data';

const answer = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code });

/** A real SMTP server on a free port of this machine that keeps what it is sent. */
export class MailServer {
  readonly received: Received[] = [];
  readonly behaviours: Behaviour[] = [];
  connections = 0;
  private server: SMTPServer;
  private waiting: (() => void)[] = [];

  static async start(options: SMTPServerOptions = {}): Promise<MailServer> {
    const made = new MailServer();
    made.server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      authOptional: true,
      logger: false,
      closeTimeout: 500,
      onConnect: (_session, done) => {
        made.connections++;
        done();
      },
      onRcptTo: (_address, session, done) => made.recipient(session.id, done),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const to = session.envelope.rcptTo.map((one) => one.address);
          const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
          void made.data(Buffer.concat(chunks), to, from, session.id, done);
        });
      },
      ...options,
    });
    made.server.on('error', () => undefined);
    made.server.listen(0, '127.0.0.1');
    await once(made.server.server, 'listening');
    return made;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Resolves once so many messages have been kept. */
  async until(count: number): Promise<void> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Messages as a mailbox that drops repeated Message-IDs would hold them. */
  get distinct(): Received[] {
    return [...new Map(this.received.map((one) => [one.mail.messageId, one])).values()];
  }

  /** Cuts every connection. */
  cut(): void {
    for (const connection of this.server.connections as Set<{ _socket: { destroy(): void } }>) {
      connection._socket.destroy();
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private recipient(sessionId: string, done: (error?: Error | null) => void): void {
    switch (this.behaviours[0]) {
      case 'greylist':
        this.behaviours.shift();
        return done(answer(451, 'greylisted, come back later'));
      case 'unknown-recipient':
        this.behaviours.shift();
        return done(answer(550, 'no such mailbox'));
      case 'cut-before-data':
        this.behaviours.shift();
        return this.cutSession(sessionId);
      default:
        return done();
    }
  }

  private async data(
    bytes: Buffer,
    to: string[],
    from: string,
    sessionId: string,
    done: (error?: Error | null) => void,
  ): Promise<void> {
    const behaviour = this.behaviours.shift();
    if (behaviour === 'refuse-content') return done(answer(554, 'not wanted'));
    if (behaviour === 'busy-after-data') return done(answer(451, 'busy'));
    this.received.push({ to, from, bytes, mail: await simpleParser(bytes) });
    for (const wake of this.waiting.splice(0)) wake();
    if (behaviour === 'take-and-cut') return this.cutSession(sessionId);
    done();
  }

  private cutSession(id: string): void {
    for (const connection of this.server.connections as Set<{ id: string; _socket: { destroy(): void } }>) {
      if (connection.id === id) connection._socket.destroy();
    }
  }
}
