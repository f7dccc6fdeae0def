import { InvalidValue } from './domain-error.js';

/** The only source of business time. SQL `now()` and `new Date()` are not used for anything a user sees. */
export interface Clock {
  now(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** Starts at `start` and then runs at the usual speed (setting TEST_CLOCK); never in production. */
export function clockFrom(start: Date, real: Clock = systemClock): Clock {
  const offset = start.getTime() - real.now().getTime();
  return { now: () => new Date(real.now().getTime() + offset) };
}

const LONDON_DATE = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The calendar date in London at an instant, `YYYY-MM-DD`: what "today" means to a council. */
export const londonDate = (instant: Date): string => LONDON_DATE.format(instant);

const LONG_DATE = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });

/** `2018-03-12` → `12 March 2018`. */
export const longDate = (date: string): string => LONG_DATE.format(new Date(`${date}T00:00:00Z`));

/** `addDays('2018-03-31', 60)` → `2018-05-30`. Calendar days, so summer time changes nothing. Throws InvalidValue. */
export function addDays(date: string, days: number): string {
  if (!isCalendarDate(date) || !Number.isSafeInteger(days)) throw new InvalidValue(`${date} + ${days} days is no date`);
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** Whole days from one date to another: `daysBetween('2018-03-31', '2018-05-30')` → 60. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

const LONDON_HOUR = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', hourCycle: 'h23' });

/** The hour of the day in London, 0 to 23. */
export const londonHour = (instant: Date): number => Number(LONDON_HOUR.format(instant));

const DATE = /^(19|2\d)(\d{2})-(\d{2})-(\d{2})$/;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** True for a date that exists, `YYYY-MM-DD`, between 1900 and 2999. By counting: a bank's file asks it for every entry. */
export function isCalendarDate(text: string): boolean {
  const found = DATE.exec(text);
  if (!found) return false;
  const [year, month, day] = [Number(found[1]! + found[2]!), Number(found[3]), Number(found[4])];
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return day >= 1 && day <= (DAYS_OF_MONTH[month - 1] ?? 0) + leap;
}
