import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { gather, type ReadStatement } from '../../../test/builders/bank-statement.js';
import { formatAmount } from './amounts.js';
import { BankFileError } from './bank-file-error.js';
import { parseSubfields, purposeOf } from './mt940-narrative.js';
import type { Acceptance } from './prove-statement.js';
import { readStatements } from './read-statements.js';

const FIXTURES = new URL('../../../test/fixtures/', import.meta.url);
const bytesOf = (path: string): Uint8Array => readFileSync(new URL(path, FIXTURES));

async function read(path: string, accept?: Acceptance): Promise<ReadStatement[]> {
  return gather(readStatements([bytesOf(path)], { kind: path.startsWith('camt') ? 'camt053' : 'mt940' }, accept));
}

async function refusal(path: string): Promise<BankFileError> {
  const error: unknown = await read(path).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(BankFileError);
  return error as BankFileError;
}

/** How another reader of MT940 (test/fixtures/mt940/README.md) read the same file. */
interface Expected {
  transaction_ref_no: string;
  account_id: string;
  statement_no: string;
  sequence_no: string;
  opening_balance: Balance;
  closing_balance: Balance;
  statement_lines: {
    value_date: string;
    entry_date: string;
    ext_debit_credit_indicator: 'Debit' | 'Credit';
    amount: string;
    transaction_type_ident_code: string;
    customer_ref: string;
    bank_ref: string | null;
    information_to_account_owner: string | Record<string, string> | null;
  }[];
}
interface Balance {
  is_intermediate: boolean;
  debit_credit_indicator: 'Debit' | 'Credit';
  date: string;
  iso_currency_code: string;
  amount: string;
}

/** `-1125250.4` as hundredths, by digits. */
function hundredths(amount: string, indicator: 'Debit' | 'Credit'): number {
  const [whole = '', fraction = ''] = amount.split('.');
  return Number(whole + fraction.padEnd(2, '0')) * (indicator === 'Debit' ? -1 : 1);
}

/** The other reader gives each page as a statement of its own; here the pages of a statement are one. */
function pagesJoined(messages: readonly Expected[]): Expected[] {
  return messages.reduce<Expected[]>((joined, message) => {
    const before = joined.at(-1);
    if (!message.opening_balance.is_intermediate || !before) return [...joined, message];
    const lines = [...before.statement_lines, ...message.statement_lines];
    return [...joined.slice(0, -1), { ...before, closing_balance: message.closing_balance, statement_lines: lines }];
  }, []);
}

/** What a :86: gives, in the words of the other reader, which has a full stop where the file has a semicolon. */
function informationOf(narrative: string | null): string | Record<string, string> | null {
  if (narrative === null) return null;
  const structured = parseSubfields(narrative);
  if (!structured) return narrative.replaceAll(';', '.');
  const { code, subfields } = structured;
  const named: [string, string | undefined][] = [
    ['transaction_code', code],
    ['posting_text', subfields.get('00')],
    ['prima_nota', subfields.get('10')],
    ['purpose', purposeOf(subfields)],
    ['applicant_bin', subfields.get('30')],
    ['applicant_iban', subfields.get('31')],
    ['applicant_name', subfields.has('32') ? subfields.get('32')! + (subfields.get('33') ?? '') : undefined],
    ['return_debit_notes', subfields.get('34')],
    ['unknown70', subfields.has('70') ? subfields.get('70')! + (subfields.get('71') ?? '') : undefined],
  ];
  return Object.fromEntries(named.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

describe.each(['mt940', 'MT940_DK_Example', 'sepa_snippet'])('the MT940 sample %s', (name) => {
  const expected = pagesJoined(JSON.parse(Buffer.from(bytesOf(`mt940/${name}.json`)).toString()) as Expected[]);

  it('reads as its JSON says', async () => {
    const statements = await read(`mt940/${name}.sta`, 'well_formed');
    expect(
      statements.map(({ header, entries, closing }) => ({
        id: header.statementId,
        sequence: header.sequence,
        currency: header.currency,
        opening: [header.openingPence, header.openingOn],
        closing: [closing.closingPence, closing.closingOn],
        entries: entries.map((entry) => ({
          dates: [entry.valueOn, entry.bookedOn],
          amount: entry.amountPence,
          type: entry.transactionCode?.slice(1),
          references: [entry.reference ?? 'NONREF', entry.bankReference],
          information: informationOf(entry.narrative),
        })),
      })),
    ).toEqual(
      expected.map((message) => ({
        id: message.transaction_ref_no,
        sequence: Number(message.statement_no),
        currency: message.opening_balance.iso_currency_code,
        opening: [
          hundredths(message.opening_balance.amount, message.opening_balance.debit_credit_indicator),
          message.opening_balance.date,
        ],
        closing: [
          hundredths(message.closing_balance.amount, message.closing_balance.debit_credit_indicator),
          message.closing_balance.date,
        ],
        entries: message.statement_lines.map((line) => ({
          dates: [line.value_date, line.entry_date],
          amount: hundredths(line.amount, line.ext_debit_credit_indicator),
          type: line.transaction_type_ident_code,
          references: [line.customer_ref, line.bank_ref],
          information: line.information_to_account_owner,
        })),
      })),
    );
  });
});

describe('what the MT940 samples hold', () => {
  it('the accounts: an IBAN, and what else a bank calls an account', async () => {
    const accounts = async (path: string): Promise<unknown[]> =>
      (await read(path, 'well_formed')).map(({ header }) => header.account);
    expect(await accounts('mt940/mt940.sta')).toEqual([{ kind: 'iban', iban: 'PL29114010810000267002001002' }]);
    expect(await accounts('mt940/sepa_snippet.sta')).toEqual([
      { kind: 'other', id: '50880050/0194787400888' },
      { kind: 'other', id: '50880050/0194791600888' },
    ]);
  });

  it('two of them agree in their figures, pages included', async () => {
    expect(await read('mt940/mt940.sta')).toHaveLength(1);
    const statements = await read('mt940/MT940_DK_Example.sta');
    expect(statements).toHaveLength(14);
    expect(statements.every(({ closing }) => closing.problems.length === 0)).toBe(true);
  });

  it('SEPA words in the purpose give the identifiers', async () => {
    const [first, second] = await read('mt940/sepa_snippet.sta', 'well_formed');
    expect(first!.entries[0]).toMatchObject({
      endToEndId: 'EndToEndId TFNR 22 004 00001',
      remittance: 'Verw CTSc-01 BC-PPP TFNr 22 004',
      counterparty: 'KARL        KAUFMANN',
      counterpartyAccount: { kind: 'iban', iban: 'DE14508800500194785000' },
      returnReason: null,
    });
    expect(second!.entries[0]).toMatchObject({ returnReason: '914', amountPence: -8 });
  });

  it('the second statement of sepa_snippet is refused: 300.08 are missing from what it says', async () => {
    expect(await refusal('mt940/sepa_snippet.sta')).toMatchObject({
      code: 'balance_mismatch',
      where: 'line 55, :62F:',
    });
    const [first, second] = await read('mt940/sepa_snippet.sta', 'well_formed');
    expect(first!.closing.problems).toEqual([]);
    const { openingPence, bookedPence, closingPence } = second!.closing;
    expect(formatAmount(closingPence! - (openingPence! + bookedPence), 'EUR')).toBe('300.08');
  });

  it('sepa_snippet_broken is refused where its account stands a second time', async () => {
    expect(await refusal('mt940/sepa_snippet_broken.sta')).toMatchObject({ code: 'unexpected_tag', where: 'line 6' });
    await expect(read('mt940/sepa_snippet_broken.sta', 'well_formed')).rejects.toThrow(':25:');
  });
});

describe('the camt.053 samples', () => {
  it('camt053.v2.multi.statement is two statements that agree in their figures', async () => {
    const statements = await read('camt/camt053.v2.multi.statement.xml');
    expect(
      statements.map(({ header, entries, closing }) => [
        header.statementId,
        header.sequence,
        header.openingPence,
        entries.map(({ amountPence, endToEndId, remittance, bookedOn, valueOn }) => [
          amountPence,
          endToEndId,
          remittance,
          bookedOn,
          valueOn,
        ]),
        closing.closingPence,
      ]),
    ).toEqual([
      [
        '253EURNL26VAYB8060476890',
        12312,
        1815,
        [[885, '000000001', 'Transaction Description 1', '2014-12-31', '2015-01-02']],
        2700,
      ],
      [
        '254EURNL26VAYB8060476890',
        null,
        2700,
        [[-700, '000000002', 'Transaction Description 2', '2014-12-31', '2015-01-02']],
        2000,
      ],
    ]);
    expect(statements[0]!.entries[0]!.counterparty).toBeNull();
    expect(statements[1]!.entries[0]).toMatchObject({
      counterparty: 'Company Name 2',
      counterpartyAccount: { kind: 'iban', iban: 'NL56AGDH9619008421' },
    });
  });

  it('camt053.v2.wrong has no statement', async () => {
    expect(await refusal('camt/camt053.v2.wrong.xml')).toMatchObject({ code: 'no_statements' });
  });

  it.each([
    ['camt053.v2.minimal.xml', null, null, '544'],
    ['camt053.v4.xml', null, 'AAAASESS-FP-CN_98765/01', 'PAYM/0001/0005'],
    ['camt053.v8.xml', 'MUELL/FINP/RA12345', 'AAAASESS-FP-CN_98765/01', 'PMNT/RCDT/BOOK'],
  ])('%s closes in another currency: refused, and shown when asked', async (file, endToEndId, bankReference, code) => {
    expect(await refusal(`camt/${file}`)).toMatchObject({ code: 'mixed_currencies' });
    const [statement] = await read(`camt/${file}`, 'well_formed');
    expect(statement!.closing.problems).toHaveLength(1);
    expect(statement!.header).toMatchObject({
      messageId: 'CAMT053RIB000000000001',
      fromOn: '2007-10-18',
      currency: 'EUR',
      openingOn: '2014-12-30',
    });
    expect(statement!.entries).toHaveLength(1);
    expect(statement!.entries[0]).toMatchObject({
      amountPence: 885,
      status: 'booked',
      bookedOn: '2014-12-31',
      valueOn: '2015-01-02',
      reference: '4654654654654654',
      counterparty: 'NAME NAME',
      counterpartyAccount: { kind: 'iban', iban: 'NL56AGDH9619008421' },
      endToEndId,
      bankReference,
      transactionCode: code,
    });
  });
});
