import { formatPence, londonDate, longDate } from '#kernel';
import { type Letter } from '#documents/domain';

/** What became of a payment that the authority does not have. */
export type Failure = 'refused' | 'bounced';

const WORDS: Readonly<Record<Failure, readonly [subject: string, what: string]>> = {
  refused: ['was not made', 'The bank refused it, so nothing has been paid.'],
  bounced: ['came back', 'The bank returned it, so the money is with the payer again.'],
};

/** Word to the authority's contact that a payment to it failed. It holds no account number and no words of the bank. */
export function failedPaymentLetter(
  payment: { id: string; legalName: string; reference: string; amountPence: number; currency: string },
  failure: Failure,
  at: Date,
): Letter {
  const [subject, what] = WORDS[failure];
  return {
    subject: `Payment ${payment.reference} to ${payment.legalName} ${subject}`,
    heading: `A payment to ${payment.legalName} ${subject}`,
    paragraphs: [
      `${what} Its claims wait to be paid again, in the next payment run.`,
      'Please check the account that your authority has entered. If it is not right, your finance officer enters the right one; the payer rings back before it pays to it.',
    ],
    facts: [
      ['Reference', payment.reference],
      ['Amount', formatPence(payment.amountPence, payment.currency)],
      ['Day', longDate(londonDate(at))],
    ],
    closing: 'Which claims it was for is in the claims service.',
    sender: 'Claims service',
    replyTo: null,
    page: `/payments-to-us/${payment.id}`,
  };
}
