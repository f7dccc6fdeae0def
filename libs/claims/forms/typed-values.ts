import { isCalendarDate, longDate } from '#kernel';
import { cells } from '#platform/csv';
import { kinds } from '#platform/validation';

/** What typed text means: a value, nothing (blank), or null when it cannot be read. */
export type Read<T> = T | undefined | null;

/** Spaces of every kind at the ends go, inside they become one. */
export const tidy = (typed: string): string => typed.replace(/[\s\u00a0]+/gu, ' ').trim();

export const readText = (typed: string): string | undefined => tidy(typed) || undefined;

/** Values of the import's readers: a fault is null here, since a form has words of its own for it. */
function byCell<T>(reader: cells.Reader, typed: string): Read<T> {
  const cell = reader(typed);
  return 'code' in cell ? null : (cell.value as T | undefined);
}

/** `£1,560.40`, `1 560.40`, `1560.4` → 156040 pence. */
export const readPounds = (typed: string): Read<number> => byCell(cells.pounds, typed);

/** `Practice leader` → `practice_leader`. */
export const readCode = (typed: string): string | undefined => byCell<string>(cells.code, typed) ?? undefined;

/** `20 %` → `20`. */
export const readPercent = (typed: string): Read<string> => byCell(cells.percent, typed);

/** `1.5 days`, `1½`, `.5` → `1.5`, `1.5`, `0.5`. */
export function readDays(typed: string): Read<string> {
  const plain = tidy(typed)
    .replace(/ ?(?:trainer[- ]?)?days?$/iu, '')
    .replace(/^(\d*) ?½$/u, '$1.5');
  const days = byCell<string>(cells.days, plain);
  if (days == null) return days;
  return /^\d{1,6}(?:\.\d{1,3})?$/.test(days) ? days : null;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY_MONTH_YEAR = /^(\d{1,2})(?:st|nd|rd|th)?(?: ?[/.-] ?| )(\d{1,2}|[a-z]{3,9}\.?)(?: ?[/.,-] ?| )(\d{4}|\d{2})$/;

/** `19 3 2018`, `19/03/2018`, `19.3.18`, `19 March 2018`, `2018-03-19` → `2018-03-19`: the day first, as in Britain. */
export function readDate(typed: string): Read<string> {
  const text = tidy(typed).toLowerCase();
  if (text === '') return undefined;
  const found = DAY_MONTH_YEAR.exec(text);
  if (!found) return isCalendarDate(text) ? text : null;
  const [, day = '', monthText = '', yearText = ''] = found;
  const month = /^\d/.test(monthText) ? Number(monthText) : monthNumber(monthText.replace('.', ''));
  const year = yearText.length === 2 ? `20${yearText}` : yearText;
  const iso = `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isCalendarDate(iso) ? iso : null;
}

/** `march`, `mar`, `sept` → 3, 3, 9; 0 for any other word. */
function monthNumber(word: string): number {
  const month = MONTHS.indexOf(word.slice(0, 3)) + 1;
  const name =
    month === 0
      ? ''
      : longDate(`2018-${String(month).padStart(2, '0')}-01`)
          .split(' ')[1]!
          .toLowerCase();
  return name.startsWith(word) ? month : 0;
}

/** Several days with a comma, a semicolon, a plus or "and" between them. Null when any of them cannot be read. */
export function readDates(typed: string): Read<string[]> {
  const parts = typed
    .split(/[;,+&\n]|\band\b/iu)
    .map(tidy)
    .filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  const days = parts.map(readDate);
  return days.every((day) => typeof day === 'string') ? days : null;
}

/** A name of a country in English, or its two letters → its two letters (ISO 3166-1). */
export function readCountry(typed: string): Read<string> {
  const text = tidy(typed);
  if (text === '') return undefined;
  return countries().get(text.toLowerCase().replace(/^the /, '')) ?? null;
}

let known: ReadonlyMap<string, string> | undefined;

/** Made on first use: asking Intl for 676 names takes a few milliseconds. */
function countries(): ReadonlyMap<string, string> {
  if (known) return known;
  const names = new Intl.DisplayNames(['en-GB'], { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  const assigned = codes.filter((code) => kinds.country().check(code) === null);
  const pairs = assigned.flatMap((code): [string, string][] => [
    [code.toLowerCase(), code],
    [(names.of(code) ?? code).toLowerCase(), code],
  ]);
  const british = ['uk', 'u.k.', 'england', 'scotland', 'wales', 'northern ireland', 'great britain', 'britain'];
  known = new Map([...pairs, ...british.map((name): [string, string] => [name, 'GB'])]);
  return known;
}

/** `2018-03-19` → `19/3/2018`, as people type it. */
export const typedDate = (iso: string): string => {
  const [year, month, day] = iso.split('-');
  return `${Number(day)}/${Number(month)}/${year}`;
};
