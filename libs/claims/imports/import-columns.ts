import { cells, column, Columns, type Column } from '#platform/csv';

/** What a column means: one field of a claim body, or what rows are grouped by. */
export type Field =
  | 'claim'
  | 'programme'
  | 'authorityReference'
  | 'purchaseOrder'
  | 'trainer'
  | 'vatNumber'
  | 'country'
  | 'number'
  | 'issuedOn'
  | 'paidOn'
  | 'kind'
  | 'category'
  | 'rate'
  | 'description'
  | 'bookedOn'
  | 'deliveredOn'
  | 'trainerDays'
  | 'net'
  | 'vatRate'
  | 'vat';

/** The columns in the order of the template. docs/imports.md describes each; a test holds the two together. */
export const COLUMNS: readonly Column<Field>[] = [
  column('claim', 'claim', cells.text, true),
  column('programme', 'programme', cells.upperCode),
  column('authorityReference', 'authorityReference', cells.text, false, 'reference', 'our reference'),
  column('purchaseOrder', 'purchaseOrder', cells.text, false, 'purchase order number', 'PO'),
  column('trainer', 'trainer', cells.text, true, 'trainer name'),
  column('vatNumber', 'vatNumber', cells.text, false, 'VAT registration number', 'VAT no'),
  column('country', 'country', cells.upperCode),
  column('number', 'number', cells.text, true, 'invoice number', 'trainer invoice', 'invoice no'),
  column('issuedOn', 'issuedOn', cells.date, true, 'invoice date'),
  column('paidOn', 'paidOn', cells.date, false, 'paid', 'payment date'),
  column('kind', 'kind', cells.code, true, 'type'),
  column('category', 'category', cells.code),
  column('rate', 'rate', cells.code, false, 'day rate'),
  column('description', 'description', cells.text, true),
  column('bookedOn', 'bookedOn', cells.date, false, 'booked', 'booking date'),
  column('deliveredOn', 'deliveredOn', cells.dates, false, 'delivered', 'delivery dates'),
  column('trainerDays', 'trainerDays', cells.days, false, 'days'),
  column('net', 'net', cells.pounds, true, 'net amount'),
  column('vatRate', 'vatRate', cells.percent, true, 'VAT %'),
  column('vat', 'vat', cells.pounds, true, 'VAT amount'),
];

/** Instead of `net` and `vat`: whole pence, for files that programs write. */
const PENCE_COLUMNS: readonly Column<Field>[] = [
  column('netPence', 'net', cells.wholePence),
  column('vatPence', 'vat', cells.wholePence),
];

export const IMPORT_COLUMNS = new Columns(COLUMNS, PENCE_COLUMNS);

const named = (...fields: Field[]) => COLUMNS.filter(({ field }) => fields.includes(field));
const OF_A_LINE = named(
  ...(['kind', 'category', 'rate', 'description', 'bookedOn', 'deliveredOn', 'trainerDays'] as const),
  ...(['net', 'vatRate', 'vat'] as const),
);

/** Rows pasted into a form, which is of one claim: a column that says so is read, but need not be there. */
export const PASTE_COLUMNS = new Columns(
  [
    ...named('claim').map((claim) => ({ ...claim, required: false })),
    ...named('trainer', 'vatNumber', 'country', 'number', 'issuedOn', 'paidOn'),
    ...OF_A_LINE,
  ],
  PENCE_COLUMNS,
);

/** Rows pasted into one trainer invoice. */
export const LINE_COLUMNS = new Columns(OF_A_LINE, PENCE_COLUMNS);

const EXAMPLE: readonly Partial<Record<Field, string>>[] = [
  {
    claim: '1',
    programme: 'EIP2',
    authorityReference: 'CS-2018-017',
    trainer: 'A Trainer Ltd',
    vatNumber: 'GB999999973',
    country: 'GB',
    number: 'INV-0042',
    issuedOn: '2018-03-14',
    paidOn: '2018-03-28',
    kind: 'training',
    category: 'targeted',
    rate: 'standard',
    description: 'Safety planning, two days',
    bookedOn: '2018-01-10',
    deliveredOn: '2018-03-12; 2018-03-13',
    trainerDays: '2',
    net: '2,000.00',
    vatRate: '20',
    vat: '400.00',
  },
  {
    claim: '1',
    programme: 'EIP2',
    trainer: 'A Trainer Ltd',
    number: 'INV-0042',
    issuedOn: '2018-03-14',
    kind: 'travel',
    description: 'Rail',
    net: '156.40',
    vatRate: '20',
    vat: '31.28',
  },
];

/** The file to fill in: the heading and an invoice of two lines as an example to be overwritten. */
export const importTemplate = (): string => IMPORT_COLUMNS.template(EXAMPLE);
