import { isBIC, isIBAN, isISO31661Alpha2 } from 'class-validator';
import { formatDays, isCalendarDate, parseDays, PLAIN_ADDRESS } from '#kernel';
import { fault, textFault, type Fault } from './text-rules.js';

/** The part of a JSON Schema that describes one value. */
export interface ValueSchema {
  type: 'string' | 'integer' | 'number' | 'boolean' | 'object';
  format?: string;
  pattern?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  description?: string;
  example?: unknown;
  additionalProperties?: boolean;
}

/** One kind of value: the limit that is enforced and the schema that is published, from one declaration. */
export interface Kind {
  check(value: unknown): Fault | null;
  schema: ValueSchema;
  /** Reads the text of a query parameter; left out when the value is text anyway. */
  fromText?(text: string): unknown;
}

const INTEGER_TEXT = /^-?(0|[1-9]\d{0,15})$/;
const integerFromText = (text: string): unknown => (INTEGER_TEXT.test(text) ? Number(text) : text);

/** Text of `min` to `max` characters, kept as typed; never blank unless `min` is 0. `lines` lets it have several (`\n`). */
export function text(options: { min?: number; max?: number; example?: string; lines?: boolean } = {}): Kind {
  const { min = 1, max = 500, example, lines = false } = options;
  return {
    check: (value) => textFault(lines && typeof value === 'string' ? value.replaceAll('\n', ' ') : value, min, max),
    schema: { type: 'string', minLength: min, maxLength: max, ...(example === undefined ? {} : { example }) },
  };
}

/** A code such as `BRENT`: text of one fixed form. `pattern` must be anchored. */
export function code(pattern: RegExp, options: { max?: number; example?: string; message?: string } = {}): Kind {
  const { max = 100, example, message = 'This is not a code of the expected form.' } = options;
  return {
    check: (value) => textFault(value, 1, max) ?? (pattern.test(value as string) ? null : fault('wrong_form', message)),
    schema: {
      type: 'string',
      maxLength: max,
      pattern: pattern.source,
      ...(example === undefined ? {} : { example }),
    },
  };
}

function integerKind(wrongType: Fault, min: number, max: number, description?: string): Kind {
  const outside = fault('out_of_range', `Give a whole number from ${min} to ${max}.`);
  return {
    check: (value) => {
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) return wrongType;
      return value < min || value > max ? outside : null;
    },
    schema: { type: 'integer', minimum: min, maximum: max, ...(description ? { description } : {}) },
    fromText: integerFromText,
  };
}

/** Whole pence, an integer in JSON. Unless told otherwise 0 to a hundred million pounds. */
export const pence = (options: { min?: number; max?: number } = {}): Kind =>
  integerKind(
    fault('not_pence', 'Give a whole number of pence, without quotes: £10.50 is 1050.'),
    options.min ?? 0,
    options.max ?? 10_000_000_000,
    'Whole pence.',
  );

export const integer = (options: { min?: number; max?: number } = {}): Kind =>
  integerKind(
    fault('not_an_integer', 'Give a whole number, without quotes.'),
    options.min ?? 0,
    options.max ?? Number.MAX_SAFE_INTEGER,
  );

/** Days as decimal text with at most three places, `"1.5"`. */
export function days(options: { min?: string; max?: string; example?: string } = {}): Kind {
  const min = parseDays(options.min ?? '0');
  const max = parseDays(options.max ?? '999999');
  const wrongType = fault('not_days', 'Give days as text with at most three decimals, such as "1.5".');
  const outside = fault('out_of_range', `Give from ${formatDays(min)} to ${formatDays(max)} days.`);
  return {
    check: (value) => {
      if (typeof value !== 'string' || value.length > 12) return wrongType;
      let amount: number;
      try {
        amount = parseDays(value);
      } catch {
        return wrongType;
      }
      return amount < min || amount > max ? outside : null;
    },
    schema: {
      type: 'string',
      pattern: '^-?(0|[1-9]\\d{0,5})(\\.\\d{1,3})?$',
      description: `Days, from ${formatDays(min)} to ${formatDays(max)}.`,
      example: options.example ?? '1.5',
    },
  };
}

export const date = (): Kind => ({
  check: (value) =>
    typeof value === 'string' && isCalendarDate(value)
      ? null
      : fault('not_a_date', 'Give a date that exists, as YYYY-MM-DD.'),
  schema: { type: 'string', format: 'date', example: '2018-03-14' },
});

const INSTANT = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

export const instant = (): Kind => ({
  check: (value) => {
    const found = typeof value === 'string' ? INSTANT.exec(value) : null;
    if (found?.[1] && isCalendarDate(found[1])) return null;
    return fault('not_an_instant', 'Give an instant with its zone, such as 2018-03-14T09:30:00Z.');
  },
  schema: { type: 'string', format: 'date-time', example: '2018-03-14T09:30:00.000Z' },
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const uuid = (): Kind => ({
  check: (value) => (typeof value === 'string' && UUID.test(value) ? null : fault('not_uuid', 'Give an id, a UUID.')),
  schema: { type: 'string', format: 'uuid', example: '01890a5d-ac96-774b-bcce-b302099a8057' },
});

export function oneOf(values: readonly string[]): Kind {
  const allowed = new Set(values);
  return {
    check: (value) =>
      typeof value === 'string' && allowed.has(value)
        ? null
        : fault('not_one_of', `Give one of: ${values.join(', ')}.`),
    schema: { type: 'string', enum: [...values] },
  };
}

/** A plain address, as whatever sends e-mail takes it. */
export const email = (): Kind => ({
  check: (value) =>
    textFault(value, 1, 254) ??
    (PLAIN_ADDRESS.test(value as string)
      ? null
      : fault('not_an_email', 'Give one plain e-mail address, such as finance@brent.example.')),
  schema: { type: 'string', format: 'email', maxLength: 254, example: 'finance@brent.example' },
});

/** What people write for GB. ISO 3166-1 reserves it at the United Kingdom's request and assigns it to nobody. */
const UK = 'UK';

const IBAN = code(/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/, {
  max: 34,
  example: 'DE89370400440532013000',
  message: 'Give an IBAN in capitals, without spaces.',
});

/** An international account number in its electronic form: length by country and check digits, ISO 13616. */
export const iban = (): Kind => ({
  check: (value) => IBAN.check(value) ?? (isIBAN(value) ? null : ibanFault((value as string).slice(0, 2))),
  schema: IBAN.schema,
});

const ibanFault = (country: string): Fault =>
  fault(
    'iban_invalid',
    country === UK
      ? 'An IBAN begins with its country: use GB for the United Kingdom. Copy it again.'
      : 'No bank gives this IBAN: its country, its check digits or its length are wrong. Copy it again.',
  );

const BIC = code(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/, {
  example: 'COBADEFF',
  message: 'Give a BIC: 8 or 11 characters.',
});

/** Which bank an account abroad is with, ISO 9362: its letters 5 and 6 are a country, or XK, by which Kosovo's banks go. */
export const bic = (): Kind => ({
  check: (value) => BIC.check(value) ?? (isBIC(value) ? null : bicFault((value as string).slice(4, 6))),
  schema: BIC.schema,
});

const bicFault = (country: string): Fault =>
  fault(
    'bic_invalid',
    country === UK
      ? 'Letters 5 and 6 of a BIC are its country: use GB for the United Kingdom. Copy it again.'
      : 'No bank has this BIC: its letters 5 and 6 are no country. Copy it again.',
  );

const COUNTRY = code(/^[A-Z]{2}$/, { example: 'GB', message: 'Give a country by two capitals, such as GB.' });

/** A country whose code is assigned, ISO 3166-1 alpha-2. The list is the validator package's. */
export const country = (): Kind => ({
  check: (value) => COUNTRY.check(value) ?? (isISO31661Alpha2(value) ? null : countryFault(value as string)),
  schema: COUNTRY.schema,
});

const countryFault = (given: string): Fault =>
  fault(
    'country_unknown',
    given === UK
      ? 'Use GB: it is the code of the United Kingdom in ISO 3166-1.'
      : 'ISO 3166-1 gives this code to no country. Give the two capitals of one, such as GB.',
  );

export const boolean = (): Kind => ({
  check: (value) => (typeof value === 'boolean' ? null : fault('not_a_boolean', 'Give true or false, without quotes.')),
  schema: { type: 'boolean' },
  fromText: (given) => (given === 'true' ? true : given === 'false' ? false : given),
});

/** An object whose keys are not fixed: for answers, such as the inputs of a working. */
export const json = (): Kind => ({
  check: (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? null
      : fault('not_an_object', 'Give an object.'),
  schema: { type: 'object', additionalProperties: true },
});
