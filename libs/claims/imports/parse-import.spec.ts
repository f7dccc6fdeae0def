import { describe, expect, it } from '@jest/globals';
import { importTemplate } from './import-columns.js';
import { parseImport } from './parse-import.js';
import { decode, type ImportError } from '#platform/csv';

const HEADING =
  'claim,trainer,vatNumber,number,issuedOn,kind,category,rate,description,bookedOn,deliveredOn,trainerDays,net,vatRate,vat';
const TRAINING =
  '1,A Trainer Ltd,GB999999973,INV-0042,2018-03-14,training,targeted,standard,Two days,2018-01-10,2018-03-12;2018-03-13,2,2000,20,400';
const TRAVEL = '1,A Trainer Ltd,,INV-0042,2018-03-14,travel,,,Rail,,,,156.40,20,31.28';

const file = (...rows: string[]): string => [HEADING, ...rows].join('\r\n');
const bodies = (text: string): unknown[] => {
  const { drafts, errors } = parseImport(text);
  expect(errors).toEqual([]);
  return drafts.map((draft) => draft.body);
};
const told = (text: string): string[] =>
  parseImport(text).errors.map(({ row, column, code }: ImportError) => `${row} ${column} ${code}`);

const EXAMPLE_INVOICE = {
  trainer: { name: 'A Trainer Ltd', vatNumber: 'GB999999973' },
  number: 'INV-0042',
  issuedOn: '2018-03-14',
  lines: [
    {
      kind: 'training',
      category: 'targeted',
      rate: 'standard',
      description: 'Two days',
      bookedOn: '2018-01-10',
      deliveredOn: ['2018-03-12', '2018-03-13'],
      trainerDays: '2',
      netPence: 200000,
      vatRate: '20',
      vatPence: 40000,
    },
    { kind: 'travel', description: 'Rail', netPence: 15640, vatRate: '20', vatPence: 3128 },
  ],
};

describe('an import file', () => {
  it('gives one draft of one trainer invoice for rows of the same claim, trainer and number', () => {
    expect(bodies(file(TRAINING, TRAVEL))).toEqual([{ trainerInvoices: [EXAMPLE_INVOICE] }]);
  });

  it('gathers rows wherever they stand, and tells invoices apart by trainer and by number', () => {
    const text = file(
      TRAINING,
      TRAVEL.replace('1,', '2,'),
      TRAVEL.replace('A Trainer Ltd', 'a trainer, ltd.').replace(/a trainer, ltd\./, '"a trainer, ltd."'),
      TRAVEL.replace('INV-0042', 'inv 0042'),
      TRAVEL.replace('INV-0042', 'INV-0043'),
      TRAVEL.replace('A Trainer Ltd', 'Another'),
    );
    const { drafts } = parseImport(text);
    expect(drafts.map((draft) => draft.key)).toEqual(['1', '2']);
    expect(drafts[0]!.body.trainerInvoices).toMatchObject([
      { number: 'INV-0042', lines: [{ kind: 'training' }, { kind: 'travel' }, { kind: 'travel' }] },
      { number: 'INV-0043', lines: [{}] },
      { trainer: { name: 'Another' }, lines: [{}] },
    ]);
  });

  it('reads its own template', () => {
    const { drafts, errors, programme } = parseImport(importTemplate());
    expect({ errors, programme }).toEqual({ errors: [], programme: 'EIP2' });
    expect(drafts).toHaveLength(1);
    expect(drafts[0]!.body).toMatchObject({
      authorityReference: 'CS-2018-017',
      trainerInvoices: [{ paidOn: '2018-03-28', lines: [{ netPence: 200000 }, { netPence: 15640 }] }],
    });
  });

  it.each([
    ['a byte order mark and line feeds', `\uFEFF${file(TRAINING, TRAVEL).replaceAll('\r\n', '\n')}`],
    [
      'other headings',
      file(TRAINING, TRAVEL).replace(
        HEADING,
        'CLAIM, Trainer Name ,VAT number,Invoice number,Invoice date,Type,Category,Day rate,Description,Booked,Delivered,Days,Net (£),VAT %,VAT (£)',
      ),
    ],
    ['British dates', file(TRAINING, TRAVEL).replaceAll(/(\d{4})-(\d\d)-(\d\d)/g, '$3/$2/$1')],
    ['pounds as people write them', file(TRAINING, TRAVEL).replace(',2000,20,400', ',"£2,000.00",20%,£ 400.0')],
    ['spaces around cells', file(TRAINING, TRAVEL).replaceAll(',', ' , ').replaceAll(';', ' ; ')],
    ['decimals with zeros', file(TRAINING, TRAVEL).replace(',2,2000,20,', ',2.000,2000,20.0,')],
    ['words for codes', file(TRAINING, TRAVEL).replace('training,targeted', 'Training,Targeted')],
    [
      'pence columns',
      file(TRAINING, TRAVEL)
        .replace('net,vatRate,vat', 'netPence,vatRate,vatPence')
        .replace('2000,20,400', '200000,20,40000')
        .replace('156.40,20,31.28', '15640,20,3128'),
    ],
    [
      'blank rows and columns at the end',
      file(...[TRAINING, TRAVEL, ''].map((row) => `${row},,`)).replace(HEADING, `${HEADING},,`),
    ],
  ])('may have %s', (_what, text) => {
    expect(bodies(text)).toEqual([{ trainerInvoices: [EXAMPLE_INVOICE] }]);
  });

  it('may be separated by semicolons or tabs, with quoted cells over several lines', () => {
    for (const separator of [';', '\t']) {
      const rows = [
        HEADING,
        TRAINING.replace('Two days', '"Two\n days"').replace('2018-03-12;2018-03-13', '"2018-03-12;2018-03-13"'),
        TRAVEL,
      ];
      const text = rows.map((row) => row.replaceAll(',', separator)).join('\n');
      expect(bodies(text)).toEqual([{ trainerInvoices: [EXAMPLE_INVOICE] }]);
    }
  });

  it('numbers rows as the spreadsheet does: blank rows and line breaks in cells included', () => {
    const text = file(TRAINING.replace('Two days', '"Two\ndays"'), '', TRAVEL.replace('156.40', 'x'));
    expect(told(text)).toEqual(['4 net not_an_amount']);
  });

  it('reports every cell that cannot be read, under the heading the file uses', () => {
    const text = file(
      TRAINING.replace(',2000,', ',-2000,').replace('2018-01-10', '31/02/2018'),
      TRAVEL.replace('156.40', '156,40').replace('156,40', '"156,40"').replace('31.28', '31.285'),
      TRAINING.replace('2018-03-12;', '2018-03-12;12.3.18;'),
    ).replace('net,', 'Net amount,');
    expect(told(text)).toEqual([
      '2 bookedOn not_a_date',
      '2 Net amount not_an_amount',
      '3 Net amount not_an_amount',
      '3 vat not_an_amount',
      '4 deliveredOn not_a_date',
    ]);
  });

  it.each([
    ['1,560.40', 156040],
    ['£1,560', 156000],
    ['1 560.4', 156040],
    ['12,345,678.90', 1234567890],
    ['0.07', 7],
    ['1560,40', null],
    ['1,56', null],
    ['15,60.40', null],
    ['1.560,40', null],
    ['1e3', null],
    ['$5', null],
    ['.5', null],
    ['99999999999999', null],
  ])('reads the amount %s as %s pence', (amount, pence) => {
    const { drafts, errors } = parseImport(file(TRAVEL.replace('156.40', `"${amount}"`)));
    const [invoice] = drafts[0]!.body.trainerInvoices as { lines: { netPence?: number }[] }[];
    expect(invoice!.lines[0]!.netPence ?? null).toBe(pence);
    expect(errors).toHaveLength(pence === null ? 1 : 0);
  });

  it.each([
    [
      'an unknown column',
      file(TRAINING).replace('claim,', 'clam,'),
      ['1 clam unknown_column', '1 claim column_missing'],
    ],
    ['a column twice', file(TRAINING).replace('trainerDays', 'vat amount'), ['1 vat repeated_column']],
    ['net in pounds and in pence', file(TRAINING).replace('category', 'netPence'), ['1 net repeated_column']],
    ['no rows', HEADING, ['2  no_rows']],
    [
      'nothing',
      '',
      [
        '1 claim column_missing',
        '1 trainer column_missing',
        '1 number column_missing',
        '1 issuedOn column_missing',
        '1 kind column_missing',
        '1 description column_missing',
        '1 net column_missing',
        '1 vatRate column_missing',
        '1 vat column_missing',
      ],
    ],
    ['an open quotation mark', file(TRAINING, TRAVEL.replace('Rail', '"Rail')), ['3  not_csv']],
    ['a cell too many', file(`${TRAINING},more`), ['2  cell_without_column']],
    ['a row of no claim', file(TRAINING.replace('1,', ' ,')), ['2 claim required']],
    [
      'another date on the same invoice',
      file(TRAINING, TRAVEL.replace('2018-03-14', '2018-03-15')),
      ['3 issuedOn rows_disagree'],
    ],
    ['two programmes', `programme,${HEADING}\nEIP2,${TRAINING}\nother,${TRAVEL}`, ['3 programme rows_disagree']],
  ])('is refused for %s', (_what, text, errors) => {
    expect(told(text)).toEqual(errors);
  });

  it('has at most 10,000 rows', () => {
    expect(parseImport(file(...Array<string>(10_000).fill(TRAVEL)))).toMatchObject({ rowCount: 10_000, errors: [] });
    expect(told(file(...Array<string>(10_001).fill(TRAVEL)))).toEqual(['10002  too_many_rows']);
  });

  it('is read as UTF-8, UTF-16 or Windows-1252', () => {
    expect(decode(Buffer.from('Zoë Ω'))).toBe('Zoë Ω');
    expect(decode(Buffer.from('\uFEFFZoë Ω', 'utf16le'))).toBe('Zoë Ω');
    expect(decode(Uint8Array.from([0x5a, 0x6f, 0xeb, 0x80, 0x92, 0x9f, 0xa3]))).toBe('Zoë€’Ÿ£');
  });
});
