import { addDays, InvalidValue, isCalendarDate } from '#kernel';

/** A quarter of the calendar year, which is one of the council's financial year as well. Both dates belong to it. */
export interface Quarter {
  /** `2018-Q1`. */
  readonly code: string;
  /** `January to March 2018`. */
  readonly label: string;
  readonly from: string;
  readonly to: string;
}

const CODE = /^((?:19|2\d)\d{2})-Q([1-4])$/;
const MONTHS = ['January to March', 'April to June', 'July to September', 'October to December'];

/** The quarter a code names, or null when it names none. */
export function quarterOf(code: string): Quarter | null {
  const [, year, number] = CODE.exec(code) ?? [];
  return year === undefined ? null : quarter(Number(year), Number(number));
}

/** The quarter a date is in. Throws InvalidValue for what is no date. */
export function quarterOn(date: string): Quarter {
  if (!isCalendarDate(date)) throw new InvalidValue(`${date} is no date`);
  return quarter(Number(date.slice(0, 4)), Math.ceil(Number(date.slice(5, 7)) / 3));
}

/** Quarters one after another from the one a date is in. */
export function quartersFrom(date: string, count: number): Quarter[] {
  const first = quarterOn(date);
  const start = Number(first.from.slice(0, 4)) * 4 + Number(first.code.at(-1)) - 1;
  return Array.from({ length: count }, (_, at) => quarter(Math.floor((start + at) / 4), ((start + at) % 4) + 1));
}

function quarter(year: number, number: number): Quarter {
  const firstMonth = (number - 1) * 3 + 1;
  const next = number === 4 ? `${year + 1}-01-01` : `${year}-${two(firstMonth + 3)}-01`;
  return {
    code: `${year}-Q${number}`,
    label: `${MONTHS[number - 1]} ${year}`,
    from: `${year}-${two(firstMonth)}-01`,
    to: addDays(next, -1),
  };
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Days from one date to another, both counted; 0 when the second is before the first. */
export function daysFromTo(from: string, to: string): number {
  const days = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000 + 1;
  return Math.max(0, Math.round(days));
}

/** The financial year of a council, 1 April to 31 March, that a date is in, by the year it begins in. */
export const financialYearOf = (date: string): number =>
  Number(date.slice(0, 4)) - (Number(date.slice(5, 7)) < 4 ? 1 : 0);

/** `2018` → `2018–19`. */
export const financialYearLabel = (year: number): string => `${year}–${two((year + 1) % 100)}`;

export const financialYearFrom = (year: number): string => `${year}-04-01`;
export const financialYearTo = (year: number): string => `${year + 1}-03-31`;
