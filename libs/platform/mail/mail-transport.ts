import type { ComposedMail } from './mail-message.js';

/**
 * What became of a message that was not simply accepted.
 * `retry`: it was not sent, and may be later. `refused`: it was not sent, and the same again would be refused again.
 * `unconfirmed`: its data went out and no answer came; it may have arrived, so it is never sent again by itself.
 */
type MailOutcome = 'retry' | 'refused' | 'unconfirmed';

/** A message that was not accepted. The text names codes and stages only: no address, no content. */
export class MailFailure extends Error {
  override name = 'MailFailure';
  constructor(
    readonly outcome: MailOutcome,
    message: string,
  ) {
    super(message);
  }
}

/** A way out that is open and answered a moment ago: what remains is to send. */
export interface MailSession {
  /** Sends one message, after another whatever became of that. Returns once it was accepted; throws MailFailure. */
  send(mail: ComposedMail): Promise<void>;
  /** Gives the session back; always, and once. */
  release(): void;
}

/** Carries e-mail away: by SMTP, or into the local mailbox. A class so that it can be the injection token. */
export abstract class MailTransport {
  /** True when sending a Message-ID again changes nothing, so that an interrupted sending may simply be repeated. */
  abstract readonly dropsRepeats: boolean;

  /**
   * Opens a session before anything is recorded as being sent, so that a server that is away costs nothing.
   * Throws MailFailure `retry`.
   */
  abstract open(): Promise<MailSession>;

  abstract close(): Promise<void>;
}
