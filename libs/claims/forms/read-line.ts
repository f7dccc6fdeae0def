import { formatPence, parseDays } from '#kernel';
import { kinds } from '#platform/validation';
import type { ClaimLineBody } from '../domain/index.js';
import type { FormProblem, LineContent, LineField } from './form-content.js';
import {
  readCode,
  readDate,
  readDates,
  readDays,
  readPercent,
  readPounds,
  readText,
  type Read,
} from './typed-values.js';

/** As many pence as a claim body takes in one line. */
const MOST_PENCE = 10_000_000;
const MOST_DAYS = '100';
const MOST_DATES = 100;

/** What one typed field comes to: a value, or what is wrong with it. */
type Reading<T> = { value: T } | { code: string; message: string };

const ok = <T>(value: T): Reading<T> => ({ value });
const missing = (message: string): Reading<never> => ({ code: 'required', message });
const wrong = (code: string, message: string): Reading<never> => ({ code, message });

/** What a line's fields come to, each on its own: a line that is half typed has some of them. */
export interface LineReadings {
  category: Reading<string>;
  rate: Reading<string>;
  description: Reading<string>;
  bookedOn: Reading<string>;
  deliveredOn: Reading<string[]>;
  trainerDays: Reading<string>;
  net: Reading<number>;
  vatRate: Reading<string>;
  vat: Reading<number>;
}

const TRAVEL_FIELDS: readonly LineField[] = ['description', 'net', 'vatRate', 'vat'];
/** In the order of the page, so that what is wrong is told in that order. */
const TRAINING_FIELDS: readonly LineField[] = [
  ...(['category', 'rate', 'description', 'deliveredOn', 'bookedOn', 'trainerDays'] as const),
  ...(['net', 'vatRate', 'vat'] as const),
];

export const fieldsOf = (line: LineContent): readonly LineField[] =>
  line.kind === 'travel' ? TRAVEL_FIELDS : TRAINING_FIELDS;

/** Reads every field of a line as typed. */
export function readLine(line: LineContent): LineReadings {
  const travel = line.kind === 'travel';
  return {
    category: ofCode(line.category, 'Choose what kind of training it was'),
    rate: ofCode(line.rate, 'Choose the day rate'),
    description: ofText(line.description, 500, `Say what this line is for${travel ? ', such as Rail' : ''}`),
    bookedOn: ofDate(line.bookedOn, 'Enter the date the training was booked', 'The booking date'),
    deliveredOn: ofDates(line.deliveredOn),
    trainerDays: ofDays(line.trainerDays),
    net: ofPounds(line.net, 1, 'Enter the net amount, without VAT', 'The net amount'),
    vatRate: ofPercent(line.vatRate),
    vat: ofVat(line),
  };
}

/** The line as a claim body has it, or its problems; `path` is where the line is on its page. */
export function lineBody(line: LineContent, page: string): { body: ClaimLineBody | null; problems: FormProblem[] } {
  const read = readLine(line);
  const problems = fieldsOf(line).flatMap((field): FormProblem[] => {
    const reading = read[field];
    if ('value' in reading) return [];
    return [{ page, path: linePath(line, field), code: reading.code, message: reading.message }];
  });
  return { body: problems.length > 0 ? null : bodyOf(line, read), problems };
}

/** The name of a line's field on its page. */
export const linePath = (line: LineContent, field?: LineField): string =>
  field === undefined ? `lines.${line.key}` : `lines.${line.key}.${field}`;

function bodyOf(line: LineContent, read: LineReadings): ClaimLineBody {
  const money = {
    description: valueOf(read.description)!,
    netPence: valueOf(read.net)!,
    vatRate: valueOf(read.vatRate)!,
    vatPence: valueOf(read.vat)!,
  };
  if (line.kind === 'travel') return { kind: 'travel', ...money };
  return {
    kind: 'training',
    category: valueOf(read.category)!,
    rate: valueOf(read.rate)!,
    bookedOn: valueOf(read.bookedOn)!,
    deliveredOn: valueOf(read.deliveredOn)!,
    trainerDays: valueOf(read.trainerDays)!,
    ...money,
  };
}

/** The value of a field, or undefined. */
export const valueOf = <T>(reading: Reading<T>): T | undefined => ('value' in reading ? reading.value : undefined);

export function ofText(typed: string, max: number, ask: string): Reading<string> {
  const text = readText(typed);
  if (text === undefined) return missing(`${ask}.`);
  const fault = kinds.text({ max }).check(text);
  return fault ? wrong(fault.code, fault.message) : ok(text);
}

export function ofDate(typed: string, ask: string, what: string): Reading<string> {
  const date = readDate(typed);
  if (date === undefined) return missing(`${ask}, such as 14/3/2018.`);
  return date === null ? wrong('not_a_date', `${what} must be a real date, such as 14/3/2018.`) : ok(date);
}

function ofCode(typed: string, ask: string): Reading<string> {
  const code = readCode(typed);
  if (code === undefined) return missing(`${ask}.`);
  return /^[a-z][a-z0-9_]{0,39}$/.test(code) ? ok(code) : wrong('wrong_form', `${ask} from the list.`);
}

function ofDates(typed: string): Reading<string[]> {
  const days = readDates(typed);
  if (days === undefined) return missing('Enter every delivery day, with commas between them: 12/3/2018, 13/3/2018.');
  if (days === null) {
    return wrong(
      'not_a_date',
      'Every delivery day must be a real date, with commas between them: 12/3/2018, 13/3/2018.',
    );
  }
  if (days.length > MOST_DATES) return wrong('too_many', `Enter at most ${MOST_DATES} delivery days in one line.`);
  return ok(days);
}

function ofDays(typed: string): Reading<string> {
  const days = readDays(typed);
  if (days === undefined) return missing('Enter the trainer-days: trainers × days, such as 1.5.');
  if (days === null) return wrong('not_days', 'Trainer-days must be a number with at most 3 decimals, such as 1.5.');
  const thousandths = parseDays(days);
  if (thousandths < 1 || thousandths > parseDays(MOST_DAYS)) {
    return wrong('out_of_range', `Trainer-days must be more than 0 and at most ${MOST_DAYS} in one line.`);
  }
  return ok(days);
}

function ofPounds(typed: string, min: number, ask: string, what: string): Reading<number> {
  return within(readPounds(typed), min, ask, what);
}

function within(pence: Read<number>, min: number, ask: string, what: string): Reading<number> {
  if (pence === undefined) return missing(`${ask}, such as 1,560.40.`);
  if (pence === null) return wrong('not_an_amount', `${what} must be pounds and pence, such as 1,560.40.`);
  if (pence < min || pence > MOST_PENCE) {
    return wrong('out_of_range', `${what} must be from ${formatPence(min)} to ${formatPence(MOST_PENCE)} in one line.`);
  }
  return ok(pence);
}

function ofPercent(typed: string): Reading<string> {
  const percent = readPercent(typed);
  if (percent === undefined) return missing('Choose the rate of VAT on the trainer’s invoice.');
  if (percent === null || !/^(0|[1-9]\d?)(\.\d{1,2})?$/.test(percent)) {
    return wrong('wrong_form', 'The rate of VAT must be a percentage, such as 20.');
  }
  return ok(percent);
}

/** Left blank where no VAT is charged, it is nothing. */
function ofVat(line: LineContent): Reading<number> {
  const pence = readPounds(line.vat);
  if (pence === undefined && readPercent(line.vatRate) === '0') return ok(0);
  return within(pence, 0, 'Enter the VAT in pounds, 0 when there is none', 'The VAT');
}
