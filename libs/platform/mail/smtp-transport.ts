import { MailTransport, type MailSession } from './mail-transport.js';
import { SmtpSession } from './smtp-session.js';
import { smtpSettings, type SmtpSettings } from './smtp-settings.js';

/** Servers close what is idle after some minutes; ours goes first. */
const IDLE_MS = 30_000;
/** A connection that answered this short a time ago is not asked again. */
const FRESH_MS = 2_000;
/** Some servers limit the messages of one connection. */
const MESSAGES = 100;

interface Idle {
  session: SmtpSession;
  since: number;
  timer: NodeJS.Timeout;
}

/** Sends by SMTP, keeping connections for the next message. As many are open as messages are sent at once. */
export class SmtpTransport extends MailTransport {
  readonly dropsRepeats = false;
  private readonly settings: SmtpSettings;
  private readonly idle: Idle[] = [];
  private closed = false;

  constructor(url: string) {
    super();
    this.settings = smtpSettings(url);
  }

  async open(): Promise<MailSession> {
    let session = (await this.reuse()) ?? (await this.connect());
    let released = false;
    return {
      send: async (mail) => {
        // After a message that was not accepted the next one begins on a reset connection, or on another.
        if (!session.clean && !(await session.alive())) session = await this.connect();
        await session.send(mail);
      },
      release: () => {
        if (!released) this.keep(session);
        released = true;
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const { session, timer } of this.idle.splice(0)) {
      clearTimeout(timer);
      session.quit();
    }
  }

  private async reuse(): Promise<SmtpSession | null> {
    for (let idle = this.idle.pop(); idle; idle = this.idle.pop()) {
      clearTimeout(idle.timer);
      const { session, since } = idle;
      const fresh = session.usable && session.clean && performance.now() - since < FRESH_MS;
      if (fresh || (await session.alive())) return session;
    }
    return null;
  }

  private async connect(): Promise<SmtpSession> {
    const session = new SmtpSession(this.settings);
    await session.connect();
    return session;
  }

  private keep(session: SmtpSession): void {
    if (this.closed || !session.usable || session.sent >= MESSAGES) {
      session.quit();
      return;
    }
    const timer = setTimeout(() => {
      this.idle.splice(this.idle.indexOf(kept), 1);
      session.quit();
    }, IDLE_MS);
    timer.unref();
    const kept: Idle = { session, since: performance.now(), timer };
    this.idle.push(kept);
  }
}
