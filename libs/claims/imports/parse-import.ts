import { invoiceNumberKey, trainerNameKey } from '../domain/index.js';
import { headingsOf, readCells, readTable, type Columns, type ImportError, type ReadCells } from '#platform/csv';
import { IMPORT_COLUMNS, type Field } from './import-columns.js';

/** One row, read: what each column says and what is wrong with it. */
interface Row extends ReadCells<Field> {
  row: number;
}

/** Where the parts of a draft come from. */
interface InvoiceRows {
  first: Row;
  lines: Row[];
}

/** One claim as the file gives it, not yet checked against the limits of a claim body. */
export interface ImportedDraft {
  /** What the column `claim` says. */
  key: string;
  body: { trainerInvoices: object[] } & Record<string, unknown>;
  rowCount: number;
  /** Row and column a path of the body comes from; null when that cell has been reported already. */
  locate(path: string): { row: number; column: string } | null;
}

export interface ParsedImport {
  /** What the column `programme` says, when it does. */
  programme: string | null;
  drafts: ImportedDraft[];
  rowCount: number;
  errors: ImportError[];
}

/** Which columns a text may have, and what every row says in the place of columns that it does not have. */
export interface ImportForm {
  readonly columns: Columns<Field>;
  readonly instead: Partial<Record<Field, string>>;
}

const WHOLE_FILE: ImportForm = { columns: IMPORT_COLUMNS, instead: {} };

/** Reads an import file into drafts, in the order their first rows come. Every cell that cannot be read is an error. */
export function parseImport(text: string, { columns, instead }: ImportForm = WHOLE_FILE): ParsedImport {
  const table = readTable(text, columns);
  const names = headingsOf(table);
  const rows = table.rows.map(({ row, cells }): Row => {
    const read = readCells(table, row, cells);
    return { row, ...read, values: { ...instead, ...read.values } };
  });
  const groups = new Map<string, Map<string, InvoiceRows>>();
  for (const row of rows) gather(groups, row, table.errors, names);
  const programme = oneProgramme(rows, table.errors, names);
  const drafts = [...groups].map(([key, invoices]) => toDraft(key, [...invoices.values()], names));
  return { programme, drafts, rowCount: rows.length, errors: table.errors };
}

type Names = (field: Field) => string;

const CLAIM_FIELDS = ['authorityReference', 'purchaseOrder'] as const;
const INVOICE_FIELDS = ['vatNumber', 'country', 'issuedOn', 'paidOn'] as const;

/** Puts a row under its claim and its trainer invoice. What belongs to these may be left blank after their first row. */
function gather(groups: Map<string, Map<string, InvoiceRows>>, row: Row, errors: ImportError[], names: Names): void {
  const key = row.values.claim;
  if (typeof key !== 'string') {
    errors.push({ row: row.row, column: names('claim'), code: 'required', message: 'Say which claim this row is of.' });
    return;
  }
  const invoices = groups.get(key) ?? new Map<string, InvoiceRows>();
  groups.set(key, invoices);
  const first = invoices.values().next().value?.first;
  if (first) compare(row, first, CLAIM_FIELDS, errors, names);
  const { trainer, number } = row.values;
  // A row without trainer or number is its own invoice, so that each such row is reported.
  const invoiceKey =
    trainer && number ? `${trainerNameKey(String(trainer))}\n${invoiceNumberKey(String(number))}` : `row ${row.row}`;
  const invoice = invoices.get(invoiceKey);
  if (invoice) {
    compare(row, invoice.first, INVOICE_FIELDS, errors, names);
    invoice.lines.push(row);
  } else {
    invoices.set(invoiceKey, { first: row, lines: [row] });
  }
}

function compare(row: Row, first: Row, fields: readonly Field[], errors: ImportError[], names: Names): void {
  for (const field of fields) {
    const value = row.values[field];
    if (value === undefined || value === first.values[field] || first.faulty.has(field)) continue;
    const message = `This differs from row ${first.row}, which is of the same ${fields === CLAIM_FIELDS ? 'claim' : 'trainer invoice'}. Make them the same.`;
    errors.push({ row: row.row, column: names(field), code: 'rows_disagree', message });
  }
}

function oneProgramme(rows: Row[], errors: ImportError[], names: Names): string | null {
  const first = rows.find((row) => row.values.programme !== undefined);
  for (const row of rows) {
    const { programme } = row.values;
    if (programme === undefined || programme === first?.values.programme) continue;
    const message = `A file is of one programme, and row ${first?.row} names another. Split the file.`;
    errors.push({ row: row.row, column: names('programme'), code: 'rows_disagree', message });
  }
  return (first?.values.programme as string | undefined) ?? null;
}

const given = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function toDraft(key: string, invoices: InvoiceRows[], names: Names): ImportedDraft {
  const { authorityReference, purchaseOrder } = invoices[0]!.first.values;
  return {
    key,
    body: { ...given({ authorityReference, purchaseOrder }), trainerInvoices: invoices.map(toInvoice) },
    rowCount: invoices.reduce((sum, { lines }) => sum + lines.length, 0),
    locate: (path) => locate(invoices, path, names),
  };
}

function toInvoice({ first, lines }: InvoiceRows): object {
  const { trainer, vatNumber, country, number, issuedOn, paidOn } = first.values;
  return given({
    trainer: given({ name: trainer, vatNumber, country }),
    number,
    issuedOn,
    paidOn,
    lines: lines.map(({ values }) => toLine(values)),
  });
}

function toLine(values: Row['values']): object {
  const { kind, category, rate, description, bookedOn, deliveredOn, trainerDays, net, vatRate, vat } = values;
  const training = { category, rate, bookedOn, deliveredOn, trainerDays };
  return given({ kind, ...training, description, netPence: net, vatRate, vatPence: vat });
}

const BODY_FIELDS: Record<string, Field> = { name: 'trainer', trainer: 'trainer', netPence: 'net', vatPence: 'vat' };

/** `trainerInvoices[0].lines[1].vatPence` → the row of that line, the column of VAT. */
function locate(invoices: InvoiceRows[], path: string, names: Names): { row: number; column: string } | null {
  const [, invoiceAt, lineAt] = /^trainerInvoices\[(\d+)\](?:\.lines\[(\d+)\])?/.exec(path) ?? [];
  const invoice = invoices[Number(invoiceAt ?? 0)]!;
  const row = lineAt === undefined ? invoice.first : invoice.lines[Number(lineAt)]!;
  const last = path
    .replace(/\[\d+\]$/, '')
    .split('.')
    .at(-1)!;
  // Too many invoices in a claim or lines in an invoice: shown where the claim or the invoice is named.
  const field =
    last === 'trainerInvoices' ? 'claim' : last === 'lines' ? 'number' : (BODY_FIELDS[last] ?? (last as Field));
  return row.faulty.has(field) ? null : { row: row.row, column: names(field) };
}
