import { InvalidValue, isCalendarDate, sumPence } from '#kernel';
import { element } from '#platform/xml';
import { formatAmount } from './amounts.js';
import { bankIdentifier, bankName, isPaymentReference } from './bank-characters.js';
import {
  PAYMENT_ROUTES,
  type Pain001Model,
  type Pain001Payment,
  type PaymentAccount,
  type PaymentRoute,
} from './pain001-model.js';

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';
/** Names are cut here, as SEPA's and the UK's guides have it; the schema would take twice as much. */
const LONGEST_NAME = 70;
/** Most payments of a file: one for each authority and programme is far below it. */
const MOST_PAYMENTS = 10_000;

/** Charges: shared at home, where there are none; borne by the payer abroad. */
const CHARGE_BEARER: Readonly<Record<PaymentRoute, string>> = { domestic: 'SHAR', overseas: 'DEBT' };
const PART: Readonly<Record<PaymentRoute, string>> = { domestic: '-D', overseas: '-O' };

/**
 * ISO 20022 customer credit transfer initiation, pain.001.001.09: one `PmtInf` for each route there is. `NbOfTxs` and `CtrlSum` are
 * of the whole file and of each part. Names are written in the characters banks take; identifiers and references are refused
 * rather than changed. Throws InvalidValue for a model that cannot be paid.
 */
export function writePain001(model: Pain001Model): string {
  check(model);
  const { messageId, createdAt, debtor, payments } = model;
  const parts = PAYMENT_ROUTES.map((route) => payments.filter((payment) => payment.route === route))
    .filter((part) => part.length > 0)
    .map((part) => paymentInformation(model, part));
  const header = element('GrpHdr', [
    element('MsgId', bankIdentifier(messageId, 33)),
    element('CreDtTm', createdAt),
    ...totals(model, payments),
    element('InitgPty', [element('Nm', bankName(debtor.name, LONGEST_NAME))]),
  ]);
  const document = element('Document', [element('CstmrCdtTrfInitn', [header, ...parts])], { xmlns: NAMESPACE });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document}\n`;
}

function check({ createdAt, executionOn, payments }: Pain001Model): void {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(createdAt)) throw new InvalidValue('createdAt is no instant');
  if (!isCalendarDate(executionOn)) throw new InvalidValue('executionOn is no date');
  if (payments.length === 0) throw new InvalidValue('a bank file has at least one payment');
  if (payments.length > MOST_PAYMENTS) throw new InvalidValue(`a bank file has at most ${MOST_PAYMENTS} payments`);
  if (new Set(payments.map(({ endToEndId }) => endToEndId)).size !== payments.length) {
    throw new InvalidValue('two payments have the same end-to-end id');
  }
}

/** Decimals are of the currency; the sum is exact or throws. */
function totals({ currency }: Pain001Model, payments: readonly Pain001Payment[]): string[] {
  const sum = sumPence(payments.map(({ amountPence }) => amountPence));
  return [element('NbOfTxs', String(payments.length)), element('CtrlSum', formatAmount(sum, currency))];
}

function paymentInformation(model: Pain001Model, payments: readonly Pain001Payment[]): string {
  const { debtor, executionOn, batchBooking, serviceLevels, messageId } = model;
  const { route } = payments[0]!;
  const level = serviceLevels[route];
  return element('PmtInf', [
    element('PmtInfId', messageId + PART[route]),
    element('PmtMtd', 'TRF'),
    element('BtchBookg', String(batchBooking)),
    ...totals(model, payments),
    level === null ? '' : element('PmtTpInf', [element('SvcLvl', [element('Cd', bankIdentifier(level, 4))])]),
    element('ReqdExctnDt', [element('Dt', executionOn)]),
    element('Dbtr', party(debtor)),
    element('DbtrAcct', account(debtor.account)),
    element('DbtrAgt', agent(debtor.account)),
    element('ChrgBr', CHARGE_BEARER[route]),
    ...payments.map((payment) => transaction(model, payment)),
  ]);
}

function transaction({ currency }: Pain001Model, payment: Pain001Payment): string {
  const { endToEndId, amountPence, creditor, reference, route } = payment;
  if (!Number.isSafeInteger(amountPence) || amountPence <= 0) {
    throw new InvalidValue(`${endToEndId} is not of a whole, positive number of pence`);
  }
  if (!isPaymentReference(reference)) throw new InvalidValue(`the reference of ${endToEndId} does not fit a bank file`);
  if (route === 'overseas' && creditor.account.kind !== 'iban') {
    throw new InvalidValue(`${endToEndId} goes overseas and has no IBAN`);
  }
  return element('CdtTrfTxInf', [
    element('PmtId', [element('EndToEndId', bankIdentifier(endToEndId))]),
    element('Amt', [element('InstdAmt', formatAmount(amountPence, currency), { Ccy: currency })]),
    element('CdtrAgt', agent(creditor.account)),
    element('Cdtr', party(creditor)),
    element('CdtrAcct', account(creditor.account)),
    element('RmtInf', [element('Ustrd', reference)]),
  ]);
}

function party({ name, country }: { name: string; country: string | null }): string[] {
  if (country !== null && !/^[A-Z]{2}$/.test(country)) throw new InvalidValue('a country is two capital letters');
  const address = country === null ? '' : element('PstlAdr', [element('Ctry', country)]);
  return [element('Nm', bankName(name, LONGEST_NAME)), address];
}

function account(held: PaymentAccount): string[] {
  if (held.kind === 'iban') {
    if (!/^[A-Z]{2}\d{2}[A-Z0-9]{1,30}$/.test(held.iban)) throw new InvalidValue('an account has no IBAN');
    return [element('Id', [element('IBAN', held.iban)])];
  }
  if (!/^\d{8}$/.test(held.accountNumber)) throw new InvalidValue('a UK account has no number of eight digits');
  return [element('Id', [element('Othr', [element('Id', held.accountNumber)])])];
}

/** The account's bank: by its sort code in the UK's clearing (GBDSC of ISO 20022's external code sets), or by its BIC. */
function agent(held: PaymentAccount): string[] {
  if (held.kind === 'iban') {
    if (!/^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(held.bic))
      throw new InvalidValue('an account has no BIC');
    return [element('FinInstnId', [element('BICFI', held.bic)])];
  }
  if (!/^\d{6}$/.test(held.sortCode)) throw new InvalidValue('a UK account has no sort code of six digits');
  const member = [element('ClrSysId', [element('Cd', 'GBDSC')]), element('MmbId', held.sortCode)];
  return [element('FinInstnId', [element('ClrSysMmbId', member)])];
}
