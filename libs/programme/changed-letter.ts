import { type Letter } from '#documents/domain';

/** Word to an authority that something of its own was changed, in case it was not the authority. Holds no account number. `page` shows what it is now. */
export const changedLetter = (
  authority: { legalName: string },
  page: string,
  what: string,
  how: string,
  facts: Letter['facts'] = [],
): Letter => ({
  subject: `${what} of ${authority.legalName} was changed`,
  heading: `${what} was changed`,
  paragraphs: [
    `${what} of ${authority.legalName} ${how}. A finance officer of the authority, signed in to the claims service, changed it.`,
    'If nobody of your authority did, ring the payer at once, on a number you know and not on one from an e-mail.',
  ],
  facts,
  closing: 'If it was one of you, you need do nothing.',
  sender: 'Claims service',
  replyTo: null,
  page,
});
