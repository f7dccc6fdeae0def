import { describe, expect, it } from '@jest/globals';
import {
  aCsvMapping,
  aMadeEntry,
  aMadeStatement,
  csvOf,
  cut,
  gather,
  type ReadStatement,
} from '../../../test/builders/bank-statement.js';
import { parseCsvAmount, parseCsvDate, type CsvMapping } from './csv-mapping.js';
import type { Acceptance } from './prove-statement.js';
import { readStatements } from './read-statements.js';

const read = (text: string, mapping = aCsvMapping(), accept?: Acceptance): Promise<ReadStatement[]> =>
  gather(readStatements(cut(text, [11]), { kind: 'csv', mapping }, accept));

const codeOf = (text: string, mapping?: CsvMapping): Promise<string> =>
  read(text, mapping).then(
    () => 'read',
    (error: { code: string }) => error.code,
  );

const ENTRIES = [
  aMadeEntry(),
  aMadeEntry({ bookedOn: '2018-05-03', amountPence: -2_001, remittance: 'two lines,\n"quoted"; and more' }),
  aMadeEntry({ bookedOn: '2018-05-04', amountPence: 1 }),
];
const GOOD = csvOf(aMadeStatement({ entries: ENTRIES }));

describe('a CSV statement', () => {
  it.each<Partial<CsvMapping>>([
    {},
    { order: 'newest_first' },
    { delimiter: ';', decimal: ',' },
    { delimiter: '\t' },
    { delimiter: '|', order: 'newest_first', decimal: ',' },
  ])('as %j says', async (given) => {
    const mapping = aCsvMapping(given);
    const [statement] = await read(csvOf(aMadeStatement({ entries: ENTRIES }), mapping), mapping);
    const newest = mapping.order === 'newest_first';
    expect(statement!.header).toMatchObject({
      account: { kind: 'uk', sortCode: '202015', accountNumber: '55555555' },
      currency: 'GBP',
      openingPence: newest ? null : 50_000,
    });
    const expected = newest ? [...ENTRIES].reverse() : ENTRIES;
    expect(statement!.entries.map((entry, index) => ({ ...entry, ...expected[index] }))).toEqual(statement!.entries);
    expect(statement!.closing).toMatchObject({
      openingPence: 50_000,
      closingPence: 168_000,
      closingOn: '2018-05-04',
      bookedPence: 118_000,
    });
  });

  it('with money out and money in, lines above the heading, and balances now and then', async () => {
    const { balance, bookedOn } = aCsvMapping().columns;
    const mapping = aCsvMapping({
      columns: { bookedOn, balance, debit: 'Paid out', credit: 'Paid in' } as CsvMapping['columns'],
    });
    const text = [
      'Your statement',
      '',
      '\ufeff date ,PAID  OUT,Paid in,Balance',
      '02/05/2018,,"£1,200.00",',
      '03/05/2018,20.01,,"1,679.99"',
      '04/05/2018,-20.00,0.00,',
      '05/05/2018,0,1,"1,660.99"',
    ].join('\r\n');
    const [statement] = await read(text.replace('\ufeff', ''), mapping);
    expect(statement!.entries.map(({ amountPence, where }) => [amountPence, where])).toEqual([
      [120_000, 'line 4'],
      [-2_001, 'line 5'],
      [-2_000, 'line 6'],
      [100, 'line 7'],
    ]);
    expect(statement!.closing).toMatchObject({ openingPence: 50_000, closingPence: 166_099 });
  });

  it('with its account and currency in columns', async () => {
    const mapping = aCsvMapping({
      account: { column: 'Account' },
      sortCode: { column: 'Sort code' },
      currency: { column: 'Currency' },
      columns: { bookedOn: 'Date', amount: 'Amount', balance: 'Balance' },
    });
    const rows = ['Date,Amount,Balance,Sort code,Account,Currency', '02/05/2018,1,1,20-20-15,55555555,gbp'];
    expect((await read(rows.join('\n'), mapping))[0]!.header).toMatchObject({
      account: { kind: 'uk', sortCode: '202015', accountNumber: '55555555' },
      currency: 'GBP',
    });
    expect(await codeOf([...rows, '02/05/2018,1,2,20-20-15,55555556,GBP'].join('\n'), mapping)).toBe('invalid_value');
    expect(await codeOf([...rows, '02/05/2018,1,2,20-20-15,55555555,EUR'].join('\n'), mapping)).toBe(
      'mixed_currencies',
    );
  });
});

describe('a CSV statement is refused', () => {
  it.each([
    ['empty', '', 'empty_file'],
    ['only a heading', GOOD.slice(0, GOOD.indexOf('\n') + 1), 'no_statements'],
    ['other headings', GOOD.replace('Amount', 'Betrag'), 'column_missing'],
    ['a quotation mark too many', GOOD.replace('E2E0001', '"E2E0001'), 'not_csv'],
    ['cut off in a quoted cell', GOOD.slice(0, GOOD.indexOf('quoted')), 'truncated'],
    ['a date in another format', GOOD.replace('03/05/2018', '2018-05-03'), 'not_a_date'],
    ['a day that does not exist', GOOD.replace('03/05/2018', '31/02/2018'), 'not_a_date'],
    ['no amount', GOOD.replace('1200.00', ''), 'not_an_amount'],
    ['three decimals', GOOD.replace('1200.00', '1200.001'), 'too_many_decimals'],
    ['a row missing', GOOD.replace(/^03.*\n.*\n/m, ''), 'balance_mismatch'],
    ['a row changed', GOOD.replace('-20.01', '-20.02'), 'balance_mismatch'],
    ['a total below', `${GOOD}Total,,1180.00\n`, 'not_a_date'],
  ])('with %s', async (_what, text, code) => {
    expect(await codeOf(text)).toBe(code);
  });

  it('without balances, unless it is only shown', async () => {
    const mapping = aCsvMapping({ columns: { bookedOn: 'Date', amount: 'Amount' } });
    expect(await codeOf(GOOD, mapping)).toBe('no_balances');
    const [statement] = await read(GOOD, mapping, 'well_formed');
    expect(statement!.entries).toHaveLength(3);
    expect(statement!.closing.problems.map(({ code }) => code)).toEqual(['no_balances']);
  });

  it('with money out and in at once, or neither', async () => {
    const mapping = aCsvMapping({ columns: { bookedOn: 'Date', debit: 'Out', credit: 'In', balance: 'Balance' } });
    const of = (row: string): Promise<string> => codeOf(`Date,Out,In,Balance\n${row}\n`, mapping);
    expect(await of('02/05/2018,1,1,0')).toBe('not_an_amount');
    expect(await of('02/05/2018,,,0')).toBe('not_an_amount');
    expect(await of('02/05/2018,,-1,0')).toBe('not_an_amount');
    expect(await of('02/05/2018,1,,0')).toBe('read');
  });

  it('saying the line', async () => {
    await expect(read(GOOD.replace('-20.01', '-20.02'))).rejects.toMatchObject({ where: 'line 3' });
    await expect(read(GOOD.replace('04/05/2018', 'x'))).rejects.toMatchObject({ where: 'line 5' });
  });
});

describe('a cell', () => {
  it.each([
    ['-1,234.56', '.', -123_456],
    ['1.234,56-', ',', -123_456],
    ['(12.5)', '.', -1_250],
    ['£ 12', '.', 1_200],
    ['GBP12.00', '.', 1_200],
    ['+0.01', '.', 1],
    ['1.234', ',', 123_400],
    ['-0.00', '.', 0],
    ['1,234,567', '.', 123_456_700],
  ] as const)('%s is an amount', (cell, decimal, amount) => {
    expect(parseCsvAmount(cell, 'GBP', decimal, 'line 1')).toBe(amount);
  });

  it.each([
    ['2400,00', '.'],
    ['1,23', '.'],
    ['12.5', ','],
    ['--1', '.'],
    ['1 2 x', '.'],
    ['', '.'],
    ['.', '.'],
  ] as const)('%s is none with "%s"', (cell, decimal) => {
    expect(() => parseCsvAmount(cell, 'GBP', decimal, 'line 1')).toThrow('amount');
  });

  it.each([
    ['2018-05-03', 'YYYY-MM-DD'],
    ['20180503', 'YYYYMMDD'],
    ['3/5/2018', 'DD/MM/YYYY'],
    ['03.05.2018', 'DD.MM.YYYY'],
    ['03-05-2018', 'DD-MM-YYYY'],
    ['05/03/2018', 'MM/DD/YYYY'],
    ['03 May 2018', 'DD MMM YYYY'],
  ] as const)('%s as %s is the third of May', (cell, format) => {
    expect(parseCsvDate(cell, format, 'line 1')).toBe('2018-05-03');
  });

  it('is no date by another format', () => {
    expect(() => parseCsvDate('2018-05-03', 'DD/MM/YYYY', 'line 1')).toThrow('DD/MM/YYYY');
    expect(() => parseCsvDate('13/13/2018', 'DD/MM/YYYY', 'line 1')).toThrow('exists');
    expect(() => parseCsvDate('03 Foo 2018', 'DD MMM YYYY', 'line 1')).toThrow('exists');
  });
});
