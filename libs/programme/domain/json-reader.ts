import { isCalendarDate, parseDays, type Problem } from '#kernel';

/** What a programme code, a category code and the like look like: safe in keys, paths and file names. */
export const CODE = /^[a-z][a-z0-9_]{0,39}$/;
export const UPPER_CODE = /^[A-Z][A-Z0-9]{1,11}$/;

/**
 * Reads an untrusted JSON value and notes every problem, so that one run of a loader names them all.
 * After a problem the reader goes on with a stand-in value; the caller throws in the end if any problem was noted.
 */
export class JsonReader {
  constructor(
    private readonly value: unknown,
    readonly path: string,
    readonly problems: Problem[],
  ) {}

  note(message: string): void {
    this.problems.push({ path: this.path, code: 'terms_invalid', message });
  }

  /** Checks that this is an object with these fields and no others; a field in `optional` may be missing. */
  fields(required: readonly string[], optional: readonly string[] = []): this {
    if (!this.isObject(this.value)) {
      this.note('must be an object');
      return this;
    }
    for (const key of required) if (!Object.hasOwn(this.value, key)) this.get(key).note('is missing');
    for (const key of Object.keys(this.value)) {
      if (!required.includes(key) && !optional.includes(key)) this.get(key).note('is not a known field');
    }
    return this;
  }

  get(key: string): JsonReader {
    const value = this.isObject(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
    return new JsonReader(value, this.path ? `${this.path}.${key}` : key, this.problems);
  }

  has(key: string): boolean {
    return this.isObject(this.value) && Object.hasOwn(this.value, key);
  }

  items(): JsonReader[] {
    if (Array.isArray(this.value)) {
      return this.value.map((item, at) => new JsonReader(item, `${this.path}[${at}]`, this.problems));
    }
    if (this.value !== undefined) this.note('must be a list');
    return [];
  }

  entries(): [string, JsonReader][] {
    if (this.isObject(this.value)) return Object.keys(this.value).map((key) => [key, this.get(key)]);
    if (this.value !== undefined) this.note('must be an object');
    return [];
  }

  orNull<T>(read: (reader: this) => T): T | null {
    return this.value === null || this.value === undefined ? null : read(this);
  }

  text(pattern = /^\S(.*\S)?$/u, what = 'text without spaces around it'): string {
    if (typeof this.value === 'string' && this.value.length <= 500 && pattern.test(this.value)) return this.value;
    return this.wrong(`must be ${what}`, '');
  }

  whole(min: number, max = Number.MAX_SAFE_INTEGER): number {
    const value = this.value;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
    return this.wrong(`must be a whole number from ${min} to ${max}`, min);
  }

  flag(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.wrong('must be true or false', false);
  }

  date(): string {
    if (typeof this.value === 'string' && isCalendarDate(this.value)) return this.value;
    return this.wrong('must be a date, YYYY-MM-DD', '1900-01-01');
  }

  /** A decimal of at most three places and not below zero, kept as text. */
  decimal(): string {
    if (typeof this.value === 'string' && /^\d{1,6}(\.\d{1,3})?$/.test(this.value)) {
      try {
        parseDays(this.value);
        return this.value;
      } catch {
        // a leading zero: told below like every other wrong form
      }
    }
    return this.wrong('must be a decimal in quotes with at most three places, such as "1.2"', '0');
  }

  oneOf<T extends string>(options: readonly T[]): T {
    const found = options.find((option) => option === this.value);
    return found ?? this.wrong(`must be one of ${options.join(', ')}`, options[0] as T);
  }

  private wrong<T>(message: string, standIn: T): T {
    // A missing field was noted by fields(); saying it twice helps nobody.
    if (this.value !== undefined) this.note(message);
    return standIn;
  }

  private isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  }
}
