import { type MappingView } from '#payments';
import { type NameOf } from '#identity';
import { date, type Form } from '../page/index.js';

const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', bar: '|' } as const;
const COLUMNS: readonly (readonly [name: string, label: string, hint?: string])[] = [
  ['bookedOn', 'Day'],
  ['valueOn', 'Value day (optional)'],
  ['amount', 'Amount with its sign', 'Leave empty where money out and money in have columns of their own'],
  ['debit', 'Money out'],
  ['credit', 'Money in'],
  ['balance', 'Balance', 'After each entry: it proves that the file is whole'],
  ['reference', 'Reference (optional)'],
  ['counterparty', 'Who paid or was paid (optional)'],
  ['remittance', 'Text (optional)'],
  ['bankReference', 'Bank’s own reference (optional)'],
  ['endToEndId', 'End-to-end id (optional)'],
  ['transactionCode', 'Kind of entry (optional)'],
];
const SOURCES: readonly (readonly [name: string, label: string])[] = [
  ['account', 'Account number'],
  ['sortCode', 'Sort code (optional)'],
  ['currency', 'Currency'],
];

/** A mapping as the fields of its form, by their names. */
export function mappingFields(mapping: MappingView): Record<string, string> {
  const fields: Record<string, string> = {
    name: mapping.name,
    delimiter: Object.entries(DELIMITERS).find(([, sign]) => sign === mapping.delimiter)?.[0] ?? 'comma',
    ...{ decimal: mapping.decimal, dateFormat: mapping.dateFormat, order: mapping.order },
  };
  for (const [name, heading] of Object.entries(mapping.columns)) fields[`columns.${name}`] = String(heading);
  for (const [source] of SOURCES) {
    const given = mapping[source as 'account'] as { column?: string; value?: string } | undefined;
    fields[`${source}.column`] = given?.column ?? '';
    fields[`${source}.value`] = given?.value ?? '';
  }
  return fields;
}

/** What was typed as the use case takes it: fields left empty are left out. */
export function mappingBody(form: Form): Record<string, unknown> {
  const source = (name: string) => {
    const [column, value] = [form.text(`${name}.column`), form.text(`${name}.value`)];
    return { ...(column ? { column } : {}), ...(value ? { value } : {}) };
  };
  const sortCode = source('sortCode');
  const columns = COLUMNS.flatMap(([name]) => {
    const heading = form.text(`columns.${name}`);
    return heading ? [[name, heading] as const] : [];
  });
  return {
    delimiter: DELIMITERS[form.typed('delimiter') as keyof typeof DELIMITERS],
    decimal: form.typed('decimal'),
    dateFormat: form.typed('dateFormat'),
    order: form.typed('order'),
    account: source('account'),
    ...(Object.keys(sortCode).length === 0 ? {} : { sortCode }),
    currency: source('currency'),
    columns: Object.fromEntries(columns),
  };
}

/** Two fields of which one is filled have their problem at the first. */
export const MAPPING_PATHS: Readonly<Record<string, string>> = {
  account: 'account.column',
  sortCode: 'sortCode.column',
  currency: 'currency.column',
};

const select = (
  name: string,
  label: string,
  items: readonly (readonly [value: string, text: string])[],
  chosen: string,
) => ({
  ...{ id: name, name, label: { text: label } },
  items: items.map(([value, text]) => ({ value, text, selected: value === chosen })),
});

/** The form of a mapping, with what is typed. */
export function mappingForm(values: Readonly<Record<string, string>>, dateFormats: readonly string[]) {
  const typed = (name: string): string => values[name] ?? '';
  return {
    name: typed('name'),
    selects: [
      select(
        'delimiter',
        'Between columns',
        [
          ['comma', 'Comma'],
          ['semicolon', 'Semicolon'],
          ['tab', 'Tab'],
          ['bar', 'Upright bar'],
        ],
        typed('delimiter'),
      ),
      select(
        'decimal',
        'Pence are after a',
        [
          ['.', 'Point, as in 1,234.50'],
          [',', 'Comma, as in 1.234,50'],
        ],
        typed('decimal'),
      ),
      select(
        'dateFormat',
        'Dates are written as',
        dateFormats.map((format) => [format, format] as const),
        typed('dateFormat') || 'DD/MM/YYYY',
      ),
      select(
        'order',
        'The first row is the',
        [
          ['oldest_first', 'Oldest'],
          ['newest_first', 'Newest'],
        ],
        typed('order'),
      ),
    ],
    columns: COLUMNS.map(([name, label, hint]) => ({
      ...{ path: `columns.${name}`, id: `columns-${name}`, label, value: typed(`columns.${name}`) },
      hint: hint ?? null,
    })),
    sources: SOURCES.map(([name, label]) => ({
      label,
      column: { path: `${name}.column`, id: `${name}-column`, value: typed(`${name}.column`) },
      value: { path: `${name}.value`, id: `${name}-value`, value: typed(`${name}.value`) },
    })),
  };
}

export function mappingsTable(mappings: readonly MappingView[], nameOf: NameOf) {
  return {
    caption: 'Saved mappings',
    captionHidden: true,
    head: [{ text: 'Name' }, { text: 'Dates' }, { text: 'Saved' }],
    rows: mappings.map((one) => [
      { text: one.name, href: `/bank/mappings/${one.name}` },
      { text: one.dateFormat },
      { text: date(one.savedAt), hint: nameOf(one.savedBy) },
    ]),
    empty: 'No mapping is saved. XML and MT940 files need none.',
  };
}

export const MAPPING_COLUMNS = [
  'name',
  'programme',
  'delimiter',
  'decimal',
  'dateFormat',
  'order',
  'savedAt',
  'version',
];
