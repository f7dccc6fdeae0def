import { londonDate, longDate } from '#kernel';
import { type Notice, type Notices } from '#documents';
import { systemActor, type Tx } from '#platform/database';
import { PAYER_ORGANISATION } from './domain/index.js';
import { peopleById } from './user.queries.js';
import { type TokenView, type UserView } from './user.view.js';

type Told = Pick<UserView, 'id' | 'organisation' | 'email'>;
type Words = Pick<Notice['letter'], 'subject' | 'closing'> & {
  paragraphs: readonly string[];
  facts?: Notice['letter']['facts'];
};

const AT = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', dateStyle: 'long', timeStyle: 'short' });

/** Tells a user that a token was made for them. Never the token. */
export function tellOfToken(tx: Tx, notices: Notices, user: Told, token: TokenView): Promise<void> {
  return tell(tx, notices, user, `token-issued:${token.id}`, {
    subject: 'A token was made for your account',
    paragraphs: [
      'Somebody made a token for your account at the claims service. A program that has it may do all that you may do there.',
    ],
    facts: [
      ['Name of the token', token.label],
      ['Works until', longDate(londonDate(new Date(token.expiresAt)))],
    ],
    closing:
      'If you did not expect this, sign in, revoke the token on the page of your account, and ring the programme at once. If you asked for it, you need do nothing.',
  });
}

/** Tells a user that an administrator took their second factor away. */
export function tellOfSecondFactorReset(tx: Tx, notices: Notices, user: Told): Promise<void> {
  return tell(tx, notices, user, `second-factor-reset:${user.id}:${tx.now.toISOString()}`, {
    subject: 'The second factor of your account was taken away',
    paragraphs: [
      'An administrator took away the second factor of your account at the claims service, and ended your sessions. Until you set up another one, your password alone lets somebody in.',
    ],
    closing:
      'Sign in and set up another one. If you did not ask for this, choose another password too, and ring the programme at once.',
  });
}

/** Tells the address a user had until now that it is theirs no more: whoever reads the new one could let themselves in. */
export function tellOfNewAddress(tx: Tx, notices: Notices, before: Told & { version: number }): Promise<void> {
  return tell(tx, notices, before, `address-changed:${before.id}:${before.version}`, {
    subject: 'Your account has another e-mail address',
    paragraphs: [
      'An administrator gave your account at the claims service another e-mail address. One signs in with that one from now on, and e-mails go there.',
    ],
    closing: 'If you did not expect this, ring the programme at once. If you asked for it, you need do nothing.',
  });
}

/**
 * Whoever works on the command line beside the database is the system: nothing there is anybody's doing that could be named,
 * and who can do that can also keep an e-mail from being sent.
 */
async function tell(tx: Tx, notices: Notices, user: Told, key: string, words: Words): Promise<void> {
  if (tx.actor.userId === systemActor.userId) return;
  const by = (await peopleById(tx, [tx.actor.userId])).get(tx.actor.userId);
  const { subject, paragraphs, facts = [], closing } = words;
  const letter: Notice['letter'] = {
    ...{ subject, heading: subject, paragraphs, closing },
    facts: [['By', by?.name ?? 'An administrator'], ['When', AT.format(tx.now)], ...facts],
    sender: 'Claims service',
    replyTo: null,
    page: '/account',
  };
  const audience = user.organisation === PAYER_ORGANISATION ? 'payer' : 'authority';
  await notices.send(tx, [{ key, owner: user.organisation, audience, to: user.email, letter }]);
}
