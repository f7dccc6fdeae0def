import { formatPence, longDate } from '#kernel';
import type { Letter } from '#documents/domain';
import type { RemittanceModel } from './remittance-model.js';

/** What the e-mail of a remittance advice says to the authority. */
export function remittanceLetter(model: RemittanceModel): Letter {
  const { payer, authority, programme, account, payment } = model;
  const amount = formatPence(model.totalPence, model.currency);
  const what =
    account === null
      ? `What was due to ${authority.legalName} under ${programme.name} (${programme.code}) was wholly set off; no money was sent.`
      : `${payer.shortName} has paid ${amount} to ${authority.legalName} under ${programme.name} (${programme.code}).`;
  const optional: [string, string | null][] = [
    ['Number', model.number],
    ['Amount', amount],
    ['Reference', payment.reference],
    ['Booked', payment.bookedOn && longDate(payment.bookedOn)],
    ['Account', account && `${account.accountName}, ending ${account.lastFour}`],
    ['Claims', model.claims.map(({ invoiceNumber }) => invoiceNumber).slice(0, 20).join(', ') + more(model.claims)],
    ['Set off', model.setOffs.map(({ creditNoteNumber }) => creditNoteNumber).slice(0, 20).join(', ') + more(model.setOffs)],
  ]; // prettier-ignore
  return {
    subject: `Remittance advice ${model.number}: ${amount} to ${authority.legalName}`,
    heading: `Remittance advice ${model.number}`,
    paragraphs: [what, 'The PDF attached says which claims it covers and what was set off.'],
    facts: optional.filter((fact): fact is [string, string] => Boolean(fact[1])),
    closing: 'Tell us if the amount on your bank statement is another one.',
    sender: `${programme.code} payments`,
    replyTo: payer.email,
    page: payment.id === undefined ? '/payments-to-us' : `/payments-to-us/${payment.id}`,
  };
}

const more = ({ length }: readonly unknown[]): string => (length > 20 ? ` and ${length - 20} more` : '');
