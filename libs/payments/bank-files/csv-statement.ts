import { parse } from 'csv-parse/sync';
import { addExactly, decimalsOf } from './amounts.js';
import { BankFileError } from './bank-file-error.js';
import { ByteLines } from './byte-lines.js';
import { parseCsvAmount, parseCsvDate, type CsvMapping, type CsvSource } from './csv-mapping.js';
import { RunningBalance } from './csv-balance.js';
import { accountOf } from './statement-account.js';
import { plainEntry, type RawEvent, type StatementHeader, type StatementParser } from './statement.js';

/** Banks put a few lines above the heading. */
const MOST_LINES_ABOVE = 50;
const MOST_LINES_OF_A_ROW = 200;

interface Row {
  cells: string[];
  line: number;
}

/** A bank's CSV, read as its mapping says: one account, one statement. */
export class CsvStatementParser implements StatementParser {
  private readonly lines = new ByteLines();
  private pending: { text: string; line: number; lines: number } | null = null;
  private columns: ReadonlyMap<string, number> | null = null;
  private header: StatementHeader | null = null;
  private readonly balance: RunningBalance;
  private lastRow = '';
  private seenText = false;

  constructor(private readonly mapping: CsvMapping) {
    this.balance = new RunningBalance(mapping.order);
  }

  *write(bytes: Uint8Array): Generator<RawEvent> {
    yield* this.read([...this.records(this.lines.write(bytes))]);
  }

  *end(): Generator<RawEvent> {
    yield* this.read([...this.records(this.lines.end())]);
    if (!this.seenText) throw new BankFileError('empty_file', 'line 1', 'The file is empty.');
    if (this.pending) {
      const message = 'The file ends inside a cell in quotation marks. Ask the bank for it again.';
      throw new BankFileError('truncated', `line ${this.pending.line}`, message);
    }
    if (!this.columns) this.columnsMissing(this.namesNeeded(), `line ${this.lines.line}`);
    if (!this.header) return;
    const { openingPence, closing, problems } = this.balance.close(this.header.currency);
    yield { type: 'closing', where: this.lastRow, openingPence, closing, problems };
  }

  /** Whole records: a cell in quotation marks may hold line ends, and quotation marks come in pairs. */
  private *records(lines: Iterable<string>): Generator<{ text: string; line: number }> {
    for (const text of lines) {
      this.seenText ||= text.trim() !== '';
      const whole = {
        text: this.pending ? `${this.pending.text}\n${text}` : text,
        line: this.pending?.line ?? this.lines.line,
      };
      const quotes = whole.text.split('"').length - 1;
      const count = (this.pending?.lines ?? 0) + 1;
      if (count > MOST_LINES_OF_A_ROW) {
        throw new BankFileError('element_too_large', `line ${whole.line}`, 'A row of this file does not end.');
      }
      this.pending = quotes % 2 === 1 ? { ...whole, lines: count } : null;
      if (!this.pending && whole.text.trim() !== '') yield whole;
    }
  }

  private *read(records: readonly { text: string; line: number }[]): Generator<RawEvent> {
    for (const row of this.rowsOf(records)) {
      if (this.columns) yield* this.readRow(row);
      else this.readHeading(row);
    }
  }

  private rowsOf(records: readonly { text: string; line: number }[]): Row[] {
    if (records.length === 0) return [];
    const text = records.map((record) => record.text).join('\n');
    const options = { delimiter: this.mapping.delimiter, relax_column_count: true, record_delimiter: '\n', bom: false };
    let cells: string[][];
    try {
      cells = parse(text, options);
    } catch {
      cells = [];
    }
    if (cells.length !== records.length) {
      const message = 'The quotation marks of a row from here on do not match. Ask the bank for the file again.';
      throw new BankFileError('not_csv', `line ${records[0]!.line}`, message);
    }
    return cells.map((row, index) => ({ cells: row, line: records[index]!.line }));
  }

  private readHeading({ cells, line }: Row): void {
    const found = new Map(cells.map((cell, index) => [headingKey(cell), index] as const));
    const missing = this.namesNeeded().filter((name) => !found.has(headingKey(name)));
    if (missing.length === 0) this.columns = found;
    else if (line > MOST_LINES_ABOVE) this.columnsMissing(missing, `line ${line}`);
  }

  private columnsMissing(missing: string[], where: string): never {
    const names = missing.map((name) => `"${name}"`).join(', ');
    throw new BankFileError('column_missing', where, `No row has the headings of the mapping: ${names} not found.`);
  }

  private namesNeeded(): string[] {
    const { account, sortCode, currency, columns } = this.mapping;
    const sources = [account, sortCode, currency].flatMap((source) =>
      source && 'column' in source ? [source.column] : [],
    );
    return [...sources, ...Object.values(columns).filter((name): name is string => name !== undefined)];
  }

  private *readRow({ cells, line }: Row): Generator<RawEvent> {
    const where = `line ${line}`;
    this.lastRow = where;
    const cell = (name: string | undefined): string =>
      name === undefined ? '' : (cells[this.columns!.get(headingKey(name))!] ?? '').trim();
    const given = (source: CsvSource): string => ('column' in source ? cell(source.column) : source.value);
    const { columns, decimal, dateFormat, account, sortCode } = this.mapping;
    const currency = given(this.mapping.currency).trim().toUpperCase();
    const bookedOn = parseCsvDate(cell(columns.bookedOn), dateFormat, where);
    const amountPence = this.amountOf(cell, currency, where);
    const balanceText = cell(columns.balance);
    const balancePence = balanceText === '' ? null : parseCsvAmount(balanceText, currency, decimal, where);
    const accountText = [...(sortCode ? [given(sortCode)] : []), given(account)].join(' ');
    yield* this.begin(accountText, currency, where, balancePence === null ? null : balancePence - amountPence);
    this.balance.add({ amountPence, balancePence, bookedOn, where });
    const or = (name: string | undefined): string | null => cell(name) || null;
    const { valueOn, reference, bankReference, endToEndId, counterparty, remittance, transactionCode } = columns;
    const entry = plainEntry({
      where,
      bookedOn,
      valueOn: cell(valueOn) === '' ? null : parseCsvDate(cell(valueOn), dateFormat, where),
      amountPence,
      currency,
      reference: or(reference),
      bankReference: or(bankReference),
      endToEndId: or(endToEndId),
      counterparty: or(counterparty),
      remittance: or(remittance),
      transactionCode: or(transactionCode),
    });
    yield { type: 'entry', entry };
  }

  private *begin(accountText: string, currency: string, where: string, opening: number | null): Generator<RawEvent> {
    const account = accountOf(accountText);
    if (this.header) {
      if (JSON.stringify(this.header.account) === JSON.stringify(account)) return;
      throw new BankFileError(
        'invalid_value',
        where,
        'This row is of another account than the first. A file has one account.',
      );
    }
    decimalsOf(currency, where);
    const openingPence = this.mapping.order === 'oldest_first' ? opening : null;
    const unknown = { statementId: null, messageId: null, sequence: null, legalSequence: null, createdAt: null };
    this.header = { ...unknown, account, currency, fromOn: null, toOn: null, openingPence, openingOn: null };
    yield { type: 'header', header: this.header, where };
  }

  private amountOf(cell: (name: string) => string, currency: string, where: string): number {
    const { columns, decimal } = this.mapping;
    if ('amount' in columns) return parseCsvAmount(cell(columns.amount), currency, decimal, where);
    const [debit, credit] = [columns.debit, columns.credit].map((name) => {
      const text = cell(name);
      return text === '' ? 0 : parseCsvAmount(text, currency, decimal, where);
    }) as [number, number];
    if (cell(columns.debit) === '' && cell(columns.credit) === '') {
      throw new BankFileError('not_an_amount', where, 'This row has neither money out nor money in.');
    }
    if (credit < 0 || (debit !== 0 && credit !== 0)) {
      throw new BankFileError('not_an_amount', where, 'Money out and money in of this row contradict each other.');
    }
    // Some banks write money out with its minus, some without.
    return addExactly(credit, debit === 0 ? 0 : -Math.abs(debit), where);
  }
}

const headingKey = (heading: string): string => heading.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
