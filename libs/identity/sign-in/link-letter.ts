import { longDate, londonDate } from '#kernel';
import { escapeHtml } from '#platform/mail';
import { type LinkPurpose } from '../domain/index.js';

/** What an e-mail with a link says. */
interface LinkLetter {
  subject: string;
  text: string;
  html: string;
}

interface Wording {
  subject: string;
  before: string[];
  button: string;
  after: (until: string) => string[];
}

const WORDS: Record<LinkPurpose, Wording> = {
  invitation: {
    subject: 'Your account for programme claims',
    before: ['You have been given an account for the programme’s claims. Choose a password to start:'],
    button: 'Choose a password',
    after: (until) => [
      `The link works once, until ${until}. After that, ask the programme for a new one.`,
      'If you did not expect this e-mail, tell the programme and do not use the link.',
    ],
  },
  reset: {
    subject: 'Choose another password',
    before: ['Somebody asked for another password for your account, and gave this e-mail address. To choose one:'],
    button: 'Choose another password',
    after: () => [
      'The link works once, for one hour.',
      'If you did not ask for it, there is nothing to do: your password stays as it is.',
    ],
  },
};

/** The same link gives the same words. `address` is the link's, `name` the user's. */
export function linkLetter(purpose: LinkPurpose, name: string, address: string, expiresAt: Date): LinkLetter {
  const { subject, before, button, after } = WORDS[purpose];
  const opening = [`Dear ${name},`, ...before];
  const closing = after(longDate(londonDate(expiresAt)));
  const paragraph = (line: string) => `<p>${escapeHtml(line)}</p>`;
  const href = escapeHtml(address);
  return {
    subject,
    text: [...opening, address, ...closing, ''].join('\n\n'),
    html: [
      '<!doctype html>',
      `<html lang="en-GB"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>`,
      '<body style="font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5;color:#0b0c0c">',
      ...opening.map(paragraph),
      `<p><a href="${href}">${escapeHtml(button)}</a></p>`,
      ...closing.map(paragraph),
      `<p>If the link does not open, copy this address into your browser:<br>${href}</p>`,
      '</body></html>',
      '',
    ].join('\n'),
  };
}
