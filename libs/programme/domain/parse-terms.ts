import { malformed, PLAIN_ADDRESS, type DomainError, type Problem, type Rounding } from '#kernel';
import { checkTerms } from './check-terms.js';
import { CODE, JsonReader, UPPER_CODE } from './json-reader.js';
import type { AllocationTerms, Category, DayRate, DebtorAccount, Payer, ProgrammeTerms, Share } from './terms.js';

const ROUNDINGS: readonly Rounding[] = ['half_up', 'half_even', 'down'];
const FIELDS = [
  ...['programme', 'version', 'inForceFrom', 'currency', 'numberPrefix', 'funder', 'payer', 'payment', 'eligibility'],
  ...['vatRecovery', 'vatRates', 'dayRates', 'categories', 'allocations', 'rounding'],
];

/** Terms from JSON; what it answers, written as JSON, reads back the same. Throws malformed `terms_invalid` whose problems name everything that is wrong, with its path. */
export function parseTerms(json: unknown): ProgrammeTerms {
  const problems: Problem[] = [];
  const terms = readTerms(new JsonReader(json, '', problems));
  if (problems.length === 0) problems.push(...checkTerms(terms));
  if (problems.length > 0) throw termsInvalid(problems);
  return terms;
}

/** One error that lists every problem on a line of its own: whoever loads terms reads it on a command line. */
export function termsInvalid(problems: readonly Problem[]): DomainError {
  const error = malformed(problems, 'terms_invalid');
  error.message = ['The programme file cannot be loaded:', ...problems.map((p) => `  ${p.path}: ${p.message}`)].join(
    '\n',
  );
  return error;
}

/** Reads the form only; what must hold between fields is `checkTerms`. */
export function readTerms(reader: JsonReader): ProgrammeTerms {
  reader.fields(FIELDS);
  const payment = reader.get('payment').fields(['withinDays', 'paidOnReceiptFromFunder'], ['debtor', 'warningDays']);
  const eligibility = reader.get('eligibility').fields(['bookedAfter', 'deliveredAfter', 'deliveredBy', 'claimBy']);
  const rounding = reader.get('rounding').fields(['fundedCost', 'fundedDays', 'reimbursement']);
  const funder = reader.get('funder').fields(['name', 'shortName']);
  return {
    programme: reader.get('programme').text(UPPER_CODE, 'a code of capitals and digits'),
    version: reader.get('version').whole(1, 100_000),
    inForceFrom: reader.get('inForceFrom').date(),
    currency: reader.get('currency').text(/^[A-Z]{3}$/, 'an ISO 4217 code such as GBP'),
    numberPrefix: reader.get('numberPrefix').text(UPPER_CODE, 'capitals and digits'),
    funder: { name: funder.get('name').text(), shortName: funder.get('shortName').text() },
    payer: readPayer(reader.get('payer')),
    payment: {
      withinDays: payment.get('withinDays').whole(1, 3650),
      paidOnReceiptFromFunder: payment.get('paidOnReceiptFromFunder').flag(),
      debtor: payment.get('debtor').orNull(readDebtor),
      // Not given is not filled in: terms loaded before there was such a field are still the same terms.
      ...(payment.has('warningDays')
        ? {
            warningDays: payment
              .get('warningDays')
              .items()
              .map((days) => days.whole(1, 3650)),
          }
        : {}),
    },
    eligibility: {
      bookedAfter: eligibility.get('bookedAfter').date(),
      deliveredAfter: eligibility.get('deliveredAfter').date(),
      deliveredBy: eligibility.get('deliveredBy').orNull((date) => date.date()),
      claimBy: eligibility.get('claimBy').orNull((date) => date.date()),
    },
    vatRecovery: reader.get('vatRecovery').text(),
    vatRates: reader
      .get('vatRates')
      .items()
      .map((item) => {
        item.fields(['percent', 'from', 'to']);
        return { percent: item.get('percent').decimal(), ...readPeriod(item) };
      }),
    dayRates: reader.get('dayRates').items().map(readDayRate),
    categories: reader.get('categories').items().map(readCategory),
    allocations: Object.fromEntries(
      reader
        .get('allocations')
        .entries()
        .map(([code, item]) => {
          if (!CODE.test(code)) item.note('has a name that is not a code of small letters, digits and _');
          return [code, readAllocation(item)];
        }),
    ),
    rounding: {
      fundedCost: rounding.get('fundedCost').oneOf(ROUNDINGS),
      fundedDays: rounding.get('fundedDays').oneOf(ROUNDINGS),
      reimbursement: rounding.get('reimbursement').oneOf(ROUNDINGS),
    },
  };
}

function readPayer(reader: JsonReader): Payer {
  reader.fields(['legalName', 'tradingName', 'shortName', 'identifier', 'address', 'country', 'invoiceEmail']);
  const identifier = reader.get('identifier').fields(['label', 'value', 'scheme']);
  const address = reader
    .get('address')
    .items()
    .map((line) => line.text());
  if (address.length === 0 && reader.has('address')) reader.get('address').note('needs at least one line');
  return {
    legalName: reader.get('legalName').text(),
    tradingName: reader.get('tradingName').orNull((name) => name.text()),
    shortName: reader.get('shortName').text(),
    identifier: {
      label: identifier.get('label').text(),
      value: identifier.get('value').text(),
      scheme: identifier.get('scheme').orNull((scheme) => scheme.text(/^\d{4}$/, 'a four-digit ISO 6523 code')),
    },
    address,
    country: reader.get('country').text(/^[A-Z]{2}$/, 'an ISO 3166 code such as GB'),
    invoiceEmail: reader.get('invoiceEmail').text(PLAIN_ADDRESS, 'an e-mail address'),
  };
}

function readDebtor(reader: JsonReader): DebtorAccount {
  const name = reader.get('name').text();
  if (reader.has('iban')) {
    reader.fields(['name', 'iban', 'bic']);
    return {
      name,
      iban: reader.get('iban').text(/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/, 'an IBAN without spaces'),
      bic: reader.get('bic').text(/^[A-Z0-9]{8}([A-Z0-9]{3})?$/, 'a BIC'),
    };
  }
  reader.fields(['name', 'sortCode', 'accountNumber']);
  return {
    name,
    sortCode: reader.get('sortCode').text(/^\d{6}$/, 'a sort code: six digits'),
    accountNumber: reader.get('accountNumber').text(/^\d{8}$/, 'an account number: eight digits'),
  };
}

function readPeriod(reader: JsonReader): { from: string | null; to: string | null } {
  return {
    from: reader.get('from').orNull((date) => date.date()),
    to: reader.get('to').orNull((date) => date.date()),
  };
}

function readDayRate(reader: JsonReader): DayRate {
  reader.fields(['code', 'label', 'pencePerTrainerDay', 'fundedDaysPerTrainerDay', 'from', 'to']);
  return {
    code: reader.get('code').text(CODE, 'a code of small letters, digits and _'),
    label: reader.get('label').text(),
    pencePerTrainerDay: reader.get('pencePerTrainerDay').whole(1, 100_000_000),
    fundedDaysPerTrainerDay: reader.get('fundedDaysPerTrainerDay').decimal(),
    ...readPeriod(reader),
  };
}

function readCategory(reader: JsonReader): Category {
  const common = {
    code: reader.get('code').text(CODE, 'a code of small letters, digits and _'),
    label: reader.get('label').text(),
    share: readShare(reader.get('share')),
  };
  if (reader.get('kind').oneOf(['training', 'at_cost']) === 'at_cost') {
    reader.fields(['kind', 'code', 'label', 'share']);
    return { kind: 'at_cost', ...common };
  }
  reader.fields(['kind', 'code', 'label', 'share', 'rates', 'allocation']);
  const rates = reader
    .get('rates')
    .items()
    .map((rate) => rate.text(CODE, 'the code of a day rate'));
  return {
    kind: 'training',
    ...common,
    rates,
    allocation: reader.get('allocation').text(CODE, 'the code of an allocation'),
  };
}

function readShare(reader: JsonReader): Share {
  reader.fields(['numerator', 'denominator']);
  return {
    numerator: reader.get('numerator').whole(0, 1_000_000),
    denominator: reader.get('denominator').whole(1, 1_000_000),
  };
}

function readAllocation(reader: JsonReader): AllocationTerms {
  const label = reader.get('label').text();
  if (reader.get('kind').oneOf(['per_authority', 'pool']) === 'per_authority') {
    reader.fields(['kind', 'label', 'daysPerAuthority']);
    return { kind: 'per_authority', label, daysPerAuthority: reader.get('daysPerAuthority').decimal() };
  }
  reader.fields(['kind', 'label', 'maximumDays', 'reserveDays']);
  const days = { maximumDays: reader.get('maximumDays').decimal(), reserveDays: reader.get('reserveDays').decimal() };
  return { kind: 'pool', label, ...days };
}
