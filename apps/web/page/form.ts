import { isCalendarDate, malformed, type Problem } from '#kernel';
import { type ExpectedVersion } from '#platform/validation';

type Fields = Readonly<Record<string, string | readonly string[]>>;

const NOTHING: Fields = {};

/** The body of a POST as a form's fields: text, or a list when a name came several times; whatever else is left out. */
function fieldsOf(body: unknown): Fields {
  if (typeof body !== 'object' || body === null) return NOTHING;
  const fields = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === 'string') fields[name] = value;
    else if (Array.isArray(value)) fields[name] = value.filter((item): item is string => typeof item === 'string');
  }
  return fields;
}

/**
 * Reads what was typed into a form: spaces, £ signs and commas are taken off before anything is checked (a person copies
 * them from a spreadsheet), and what is neither an amount nor a date is remembered as a problem in plain words.
 * Limits and rules stay with the use case, which checks the body again.
 */
export class Form {
  readonly values: Fields;
  readonly problems: Problem[] = [];

  constructor(body: unknown) {
    this.values = fieldsOf(body);
  }

  /** One field as it was typed; the first when it came several times, empty when it did not come. */
  typed(name: string): string {
    const value = this.values[name];
    return typeof value === 'string' ? value : (value?.[0] ?? '');
  }

  /** Without the spaces around it; undefined when nothing is left. */
  text(name: string): string | undefined {
    const text = this.typed(name).trim();
    return text === '' ? undefined : text;
  }

  /** All values of a name: of checkboxes, or of rows. */
  all(name: string): readonly string[] {
    const value = this.values[name];
    return value === undefined ? [] : typeof value === 'string' ? [value] : value;
  }

  /** Whether a checkbox was ticked. */
  ticked(name: string): boolean {
    return this.typed(name) !== '';
  }

  /** Pounds ("£1,234.50", "1234.5") as integer pence; undefined for nothing. */
  pence(name: string): number | undefined {
    const text = this.typed(name).replace(/[£,\s]/g, '');
    if (text === '') return undefined;
    const match = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text);
    if (!match) {
      this.problem(name, 'wrong_form', 'Enter an amount in pounds and pence, like 1,234.50.');
      return undefined;
    }
    const [, sign = '', pounds = '', rest = ''] = match;
    return (sign === '-' ? -1 : 1) * (Number(pounds) * 100 + Number(rest.padEnd(2, '0')));
  }

  /** A whole number; undefined for nothing. */
  integer(name: string): number | undefined {
    const text = this.typed(name).replace(/[,\s]/g, '');
    if (text === '') return undefined;
    if (/^-?\d{1,12}$/.test(text)) return Number(text);
    this.problem(name, 'wrong_form', 'Enter a whole number, like 12.');
    return undefined;
  }

  /** The three fields `name-day`, `name-month`, `name-year` as 2018-03-19; undefined when all are empty. */
  date(name: string): string | undefined {
    const [day = '', month = '', year = ''] = ['day', 'month', 'year'].map((part) =>
      this.typed(`${name}-${part}`).trim(),
    );
    if (!day && !month && !year) return undefined;
    const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    if (isCalendarDate(date)) return date;
    this.problem(name, 'wrong_form', 'Enter a real date, like 19 3 2018.');
    return undefined;
  }

  /** The version of what the person saw when they decided: the hidden field `version`. */
  version(): ExpectedVersion {
    const text = this.typed('version');
    return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  }

  problem(path: string, code: string, message: string): void {
    this.problems.push({ path, code, message });
  }

  /** Throws malformed with what could not be read, and with `message` when nothing was typed into a field. */
  require(name: string, message: string): void {
    if (this.text(name) === undefined) this.problem(name, 'required', message);
    this.check();
  }

  /** Throws malformed with what could not be read. Call it inside `attempt`, before the use case. */
  check(): void {
    if (this.problems.length > 0) throw malformed(this.problems);
  }
}
