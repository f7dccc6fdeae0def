import { describe, expect, it } from '@jest/globals';
import {
  aMadeEntry,
  aMadeStatement,
  cut,
  gather,
  mt940Of,
  type ReadStatement,
} from '../../../test/builders/bank-statement.js';
import type { Acceptance } from './prove-statement.js';
import { readStatements } from './read-statements.js';

const read = (text: string | Uint8Array, accept?: Acceptance): Promise<ReadStatement[]> =>
  gather(readStatements(cut(text, [7]), { kind: 'mt940' }, accept));

const codeOf = (text: string | Uint8Array): Promise<string> =>
  read(text).then(
    () => 'read',
    (error: { code: string }) => error.code,
  );

const ENTRIES = [
  aMadeEntry(),
  aMadeEntry({ amountPence: -2_001, endToEndId: 'E2E0002' }),
  aMadeEntry({ amountPence: 1 }),
];
const GOOD = mt940Of(aMadeStatement({ entries: ENTRIES }));
/** One entry of 1,200.00 with this :61: instead. */
const withLine = (line: string): string => mt940Of(aMadeStatement()).replace(/:61:.*/, `:61:${line}`);

describe('an MT940', () => {
  it('is read whole', async () => {
    const [statement] = await read(GOOD);
    expect(statement!.header).toMatchObject({ statementId: 'S0001', sequence: 1, openingPence: 50_000 });
    expect(statement!.entries).toHaveLength(3);
    expect(statement!.entries.map((entry, index) => ({ ...entry, ...ENTRIES[index] }))).toEqual(statement!.entries);
  });

  it('joins its pages', async () => {
    const [statement, ...more] = await read(mt940Of(aMadeStatement({ entries: ENTRIES }), 1));
    expect(more).toEqual([]);
    expect(statement!.entries).toHaveLength(3);
    expect(statement!.closing).toMatchObject({ openingPence: 50_000, closingPence: 168_000, entryCount: 3 });
  });

  it('may stand in its block, between other lines, and have no reference', async () => {
    const block = `{1:F01BANKGB2LXXXX}{2:I940}{4:\n${withLine('1805020502C1200,NTRFNONREF').replace('-\r\n', '-}')}\nend`;
    const [statement] = await read(block);
    expect(statement!.entries[0]).toMatchObject({ reference: null, bankReference: null, amountPence: 120_000 });
  });

  it('tells reversals: a reversed debit is money in', async () => {
    const [statement] = await read(withLine('180502RD1200,00NTRFX'));
    expect(statement!.entries[0]).toMatchObject({ amountPence: 120_000, reversal: true, bookedOn: '2018-05-02' });
    const [negative] = await read(withLine('180502RC1200,00NTRFX'), 'well_formed');
    expect(negative!.entries[0]).toMatchObject({ amountPence: -120_000, reversal: true });
  });

  it.each([
    ['180102', '1230', '2018-01-02', '2017-12-30'],
    ['171230', '0102', '2017-12-30', '2018-01-02'],
    ['160301', '0229', '2016-03-01', '2016-02-29'],
    ['991231', '1231', '1999-12-31', '1999-12-31'],
  ])('value date %s with booking date %s', async (value, entry, valueOn, bookedOn) => {
    const [statement] = await read(withLine(`${value}${entry}C1200,00NTRFX`));
    expect(statement!.entries[0]).toMatchObject({ valueOn, bookedOn });
  });

  it('in ISO 8859-1 keeps its letters', async () => {
    const text = mt940Of(aMadeStatement({ entries: [aMadeEntry({ counterparty: 'Müller' })] }));
    for (const encoding of ['latin1', 'utf8'] as const) {
      expect((await read(Buffer.from(text, encoding)))[0]!.entries[0]!.counterparty).toBe('Müller');
    }
  });

  it('keeps plain text of the bank as it stands', async () => {
    const text = mt940Of(aMadeStatement()).replace(/:86:.*\r\n.*\r\n/, ':86:FPS FROM DFE\r\nREF 12\r\n');
    const [statement] = await read(text);
    expect(statement!.entries[0]).toMatchObject({
      narrative: 'FPS FROM DFE\nREF 12',
      remittance: 'FPS FROM DFE REF 12',
    });
  });
});

describe('an MT940 is refused', () => {
  it.each([
    ['empty', '', 'empty_file'],
    ['no message', 'Dear customer,\nthis is your statement.\n', 'no_statements'],
    ['UTF-16', Buffer.from(`\ufeff${GOOD}`, 'utf16le'), 'bad_encoding'],
    ['cut off before its closing balance', GOOD.slice(0, GOOD.indexOf(':62F:')), 'truncated'],
    ['cut off in its closing balance', GOOD.slice(0, GOOD.indexOf(':62F:') + 12), 'invalid_value'],
    ['a message in a message', GOOD.replace(/:62F:.*\r\n-\r\n/, '') + GOOD, 'truncated'],
    ['a second account', GOOD.replace(/:86:/, ':25:'), 'unexpected_tag'],
    ['no opening balance', GOOD.replace(/:60F:.*\r\n/, ''), 'unexpected_tag'],
    ['an unknown field', GOOD.replace(':86:', ':87:'), 'unexpected_tag'],
    ['a field before any message', `:25:1\n${GOOD}`, 'unexpected_tag'],
    ['a field after its end', `${GOOD}:61:1805020502C1,00NTRFX\n`, 'unexpected_tag'],
    ['its first page missing', GOOD.replace(':60F:', ':60M:'), 'page_missing'],
    ['its last page missing', GOOD.replace(':62F:', ':62M:'), 'truncated'],
    [
      'a middle page missing',
      mt940Of(aMadeStatement({ entries: ENTRIES }), 1).replace(/:20:S0001\r\n:25:.*\r\n:28C:1\/2[^]*?\r\n-\r\n/, ''),
      'page_missing',
    ],
    ['pages of two statements', GOOD.replace(':62F:', ':62M:') + GOOD, 'page_missing'],
    ['a point for a comma', withLine('1805020502C1200.00NTRFX'), 'invalid_value'],
    ['three decimals', withLine('1805020502C1200,001NTRFX'), 'too_many_decimals'],
    ['a mark of its own', withLine('1805020502X1200,00NTRFX'), 'invalid_value'],
    ['a date that does not exist', withLine('1802300230C1200,00NTRFX'), 'not_a_date'],
    ['a booking date that does not exist', withLine('1803010229C1200,00NTRFX'), 'not_a_date'],
    ['a currency that does not exist', GOOD.replaceAll('GBP', 'GBX'), 'unknown_currency'],
    ['a closing balance in another currency', GOOD.replace(/(:62F:C\d{6})GBP/, '$1EUR'), 'mixed_currencies'],
    ['a balance that does not follow', GOOD.replace('C1200,00', 'C1200,01'), 'balance_mismatch'],
    ['a line without end', GOOD.replace('S0001', 'S'.repeat(70_000)), 'element_too_large'],
    ['a field without end', GOOD.replace(/(:86:.*\r\n)/, `$1${'x\r\n'.repeat(300)}`), 'element_too_large'],
  ])('with %s', async (_what, text, code) => {
    expect(await codeOf(text)).toBe(code);
  });

  it('saying the line', async () => {
    await expect(read(GOOD.replace(':86:', ':87:'))).rejects.toMatchObject({ where: 'line 6' });
    await expect(read(withLine('X'))).rejects.toMatchObject({ where: 'line 5, :61:' });
  });
});
