import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { ComposedMail } from './mail-message.js';
import { MailFailure } from './mail-transport.js';
import type { SmtpSettings } from './smtp-settings.js';

type SmtpError = Error & { code?: string; responseCode?: number; command?: string };

/** Stage and codes, without the server's words: they often repeat the address. */
function told(error: SmtpError, stage: string): string {
  const codes = [error.code, error.responseCode].filter((code) => code !== undefined).join(' ');
  return codes ? `${stage}: ${codes}` : stage;
}

const QUIT_MS = 2_000;

/** One connection to the server: connected, signed in, used for one message at a time. */
export class SmtpSession {
  private readonly connection: SMTPConnection;
  /** Why it cannot be used any more. */
  private broken: SmtpError | null = null;
  private fail: ((error: SmtpError) => void) | null = null;
  /** Messages sent on it. */
  sent = 0;
  /** The last message was accepted, so no half-begun one must be reset. */
  clean = true;

  constructor(private readonly settings: SmtpSettings) {
    this.connection = new SMTPConnection(settings.options);
    const broke = (error: SmtpError) => {
      this.broken ??= error;
      this.fail?.(error);
    };
    this.connection.on('error', broke);
    this.connection.on('end', () => broke(Object.assign(new Error('connection closed'), { code: 'ECONNECTION' })));
  }

  get usable(): boolean {
    return this.broken === null;
  }

  /** Connects and signs in. Throws MailFailure `retry`. */
  async connect(): Promise<void> {
    try {
      await this.step((done) => this.connection.connect(done));
      const { credentials } = this.settings;
      if (credentials) await this.step((done) => this.connection.login({ credentials }, done));
    } catch (error) {
      this.close();
      throw new MailFailure('retry', told(error as SmtpError, 'The mail server could not be reached or signed in to'));
    }
  }

  /** Asks a connection that has been idle whether the server is still there. */
  async alive(): Promise<boolean> {
    if (!this.usable) return false;
    try {
      await this.step((done) => this.connection.reset(done));
      this.clean = true;
      return true;
    } catch {
      this.close();
      return false;
    }
  }

  /**
   * Sends one message. Before the server has asked for the data nothing can have arrived; an answer after it is an
   * answer; only silence after the data went out is unconfirmed (docs/domain.md, what always holds, 4).
   */
  async send(mail: ComposedMail): Promise<void> {
    let dataStarted = false;
    this.clean = false;
    const body = new Readable({
      read() {
        dataStarted = true; // nodemailer reads only after the server's 354
        this.push(mail.bytes);
        this.push(null);
      },
    });
    try {
      await this.step((done) => this.connection.send({ ...mail.envelope, size: mail.bytes.length }, body, done));
      this.sent++;
      this.clean = true;
    } catch (cause) {
      const error = cause as SmtpError;
      throw new MailFailure(outcomeOf(error, dataStarted), told(error, stageOf(error, dataStarted)));
    }
  }

  close(): void {
    this.broken ??= new Error('closed');
    this.connection.close();
  }

  /** Says goodbye, as a server likes it, and closes. */
  quit(): void {
    if (this.usable) this.connection.quit();
    this.broken ??= new Error('closed');
    setTimeout(() => this.connection.close(), QUIT_MS).unref();
  }

  /** One command; also ends when the connection breaks without nodemailer calling back. */
  private step(command: (done: (error?: SmtpError | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: SmtpError | null) => {
        this.fail = null;
        if (error) reject(error);
        else resolve();
      };
      this.fail = settle;
      if (this.broken) settle(this.broken);
      else command(settle);
    });
  }
}

function outcomeOf(error: SmtpError, dataStarted: boolean): 'retry' | 'refused' | 'unconfirmed' {
  const code = error.responseCode;
  if (dataStarted && (code === undefined || error.code !== 'EMESSAGE')) return 'unconfirmed';
  if (code !== undefined && code >= 500 && code <= 599 && error.code !== 'ECONNECTION') return 'refused';
  if (code === undefined && (error.code === 'EMESSAGE' || error.code === 'EENVELOPE')) return 'refused'; // too large
  return 'retry';
}

function stageOf(error: SmtpError, dataStarted: boolean): string {
  if (dataStarted) return 'The mail server answered the message';
  return error.command === 'RCPT TO' ? 'The mail server answered the recipient' : 'The mail server ended the attempt';
}
