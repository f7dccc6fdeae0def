import { stringify } from 'csv-stringify/sync';
import type { Reader } from './cells.js';

/** What a column of an import means: one field of what its rows become. */
export interface Column<Field extends string = string> {
  readonly name: string;
  readonly field: Field;
  readonly read: Reader;
  readonly required: boolean;
  /** Further headings it is known by; case, spaces and punctuation never matter. */
  readonly aliases: readonly string[];
}

export const column = <Field extends string>(
  name: string,
  field: Field,
  read: Reader,
  required = false,
  ...aliases: string[]
): Column<Field> => ({ name, field, read, required, aliases });

const headingKey = (heading: string): string =>
  heading
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('%', 'rate')
    .replace(/[^\p{L}\p{N}]/gu, '');

/** The columns of one kind of file. */
export class Columns<Field extends string = string> {
  readonly #byHeading: ReadonlyMap<string, Column<Field>>;

  /** `list` in the order of the template; `also` are others for the same fields, such as pence for pounds. */
  constructor(
    readonly list: readonly Column<Field>[],
    also: readonly Column<Field>[] = [],
  ) {
    this.#byHeading = new Map(
      [...list, ...also].flatMap((known) =>
        [known.name, ...known.aliases].map((heading) => [headingKey(heading), known] as const),
      ),
    );
  }

  /** The column a heading names, or undefined. */
  of(heading: string): Column<Field> | undefined {
    return this.#byHeading.get(headingKey(heading));
  }

  /** The file to fill in: the heading, and rows as an example to be overwritten. */
  template(examples: readonly Partial<Record<Field, string>>[]): string {
    const rows = examples.map((row) => this.list.map(({ field }) => row[field] ?? ''));
    return stringify([this.list.map(({ name }) => name), ...rows], { record_delimiter: 'windows' });
  }
}
