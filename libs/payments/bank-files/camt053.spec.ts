import { describe, expect, it } from '@jest/globals';
import {
  aMadeEntry,
  aMadeStatement,
  camtOf,
  cut,
  gather,
  type ReadStatement,
} from '../../../test/builders/bank-statement.js';
import type { Acceptance } from './prove-statement.js';
import { readStatements } from './read-statements.js';

const read = (xml: string | Uint8Array, accept?: Acceptance): Promise<ReadStatement[]> =>
  gather(readStatements(cut(xml, [1000]), { kind: 'camt053' }, accept));

const codeOf = (xml: string | Uint8Array, accept?: Acceptance): Promise<string> =>
  read(xml, accept).then(
    () => 'read',
    (error: { code: string }) => error.code,
  );

const GOOD = camtOf(aMadeStatement());
/** Money of the entry once more as details inside it. */
const details = (...amounts: [string, string, string?][]): string =>
  amounts
    .map(
      ([id, amount, currency = 'GBP']) =>
        `<TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs><Amt Ccy="${currency}">${amount}</Amt></TxDtls>`,
    )
    .join('');
const withDetails = (inside: string): string =>
  GOOD.replace(/<NtryDtls>.*<\/NtryDtls>/s, `<NtryDtls>${inside}</NtryDtls>`);

describe('a camt.053', () => {
  it.each(['02', '04', '08'])('of version %s is read whole', async (version) => {
    const [statement] = await read(camtOf(aMadeStatement(), version));
    expect(statement!.header).toMatchObject({
      account: { kind: 'iban', iban: 'GB33BUKB20201555555555' },
      currency: 'GBP',
      sequence: 1,
      openingPence: 50_000,
    });
    expect(statement!.closing).toMatchObject({
      closingPence: 170_000,
      bookedPence: 120_000,
      entryCount: 1,
      problems: [],
    });
    expect(statement!.entries[0]).toMatchObject(aMadeEntry());
  });

  it('has its elements in a namespace with or without a prefix, and others are let go', async () => {
    const prefixed = GOOD.replace(/<(\/?)(?=[A-Z])/g, '<$1d:')
      .replace('xmlns=', 'xmlns:d=')
      .replace('<d:Ntry>', '<x:Ntry xmlns:x="urn:x"><x:Amt>1</x:Amt></x:Ntry><d:Ntry>');
    expect((await read(prefixed))[0]!.entries).toHaveLength(1);
  });

  it.each(['utf-8', 'utf-16le', 'latin1'] as const)('in %s keeps its letters', async (encoding) => {
    const named = camtOf(aMadeStatement({ entries: [aMadeEntry({ counterparty: 'Müller & Söhne <AG>' })] }));
    const declared = named.replace('UTF-8', encoding === 'latin1' ? 'ISO-8859-1' : 'UTF-16');
    const bytes =
      encoding === 'utf-8'
        ? Buffer.from(named)
        : Buffer.from((encoding === 'utf-16le' ? '\ufeff' : '') + declared, encoding);
    expect((await read(bytes))[0]!.entries[0]!.counterparty).toBe('Müller & Söhne <AG>');
  });

  it('splits an entry into its transactions when they add up', async () => {
    const batch = withDetails(details(['A', '700.00'], ['B', '499.99'], ['C', '0.01']));
    const [{ entries, closing }] = (await read(batch)) as [ReadStatement];
    expect(entries.map(({ endToEndId, amountPence, batch: part }) => [endToEndId, amountPence, part])).toEqual([
      ['A', 70_000, { reference: 'B0001', position: 1, count: 3 }],
      ['B', 49_999, { reference: 'B0001', position: 2, count: 3 }],
      ['C', 1, { reference: 'B0001', position: 3, count: 3 }],
    ]);
    expect(closing).toMatchObject({ entryCount: 3, bookedPence: 120_000 });
  });

  it.each([
    ['do not add up', details(['A', '700.00'], ['B', '499.99'])],
    ['are in another currency', details(['A', '700.00'], ['B', '500.00', 'EUR'])],
    ['have no amounts', '<TxDtls/><TxDtls/>'],
    ['are counted only', '<Btch><NbOfTxs>2</NbOfTxs></Btch>'],
  ])('keeps an entry whole whose transactions %s', async (_why, inside) => {
    const [{ entries }] = (await read(withDetails(inside))) as [ReadStatement];
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ amountPence: 120_000, endToEndId: null, batch: null, transactionCount: 2 });
  });

  it('counts only what is booked, and says what is a reversal or came back', async () => {
    const pending = GOOD.replace(/<Ntry>.*<\/Ntry>/s, (ntry) => ntry + ntry.replace('<Cd>BOOK</Cd>', '<Cd>PDNG</Cd>'));
    const back = pending
      .replace('<Sts>', '<RvslInd>true</RvslInd><Sts>')
      .replace('</TxDtls>', '<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>');
    const [{ entries, closing }] = (await read(back)) as [ReadStatement];
    expect(entries.map(({ status, reversal, returnReason }) => [status, reversal, returnReason])).toEqual([
      ['booked', true, 'AC04'],
      ['pending', false, null],
    ]);
    expect(closing).toMatchObject({ bookedPence: 120_000, entryCount: 2 });
  });

  it('knows a UK account by the sort code of its bank', async () => {
    const uk = GOOD.replace(
      '<Id><IBAN>GB33BUKB20201555555555</IBAN></Id><Ccy>GBP</Ccy>',
      '<Id><Othr><Id>55555555</Id></Othr></Id><Svcr><FinInstnId><ClrSysMmbId><ClrSysId><Cd>GBDSC</Cd></ClrSysId><MmbId>202015</MmbId></ClrSysMmbId></FinInstnId></Svcr>',
    );
    const account = { kind: 'uk', sortCode: '202015', accountNumber: '55555555' };
    expect((await read(uk))[0]!.header).toMatchObject({ account, currency: 'GBP' });
  });

  it('may be a page, from one interim balance to the next', async () => {
    const middle = GOOD.replace('OPBD', 'ITBD').replace('CLBD', 'ITBD');
    expect((await read(middle))[0]!.closing).toMatchObject({ openingPence: 50_000, closingPence: 170_000 });
    expect(await codeOf(GOOD.replace('OPBD', 'ITBD'))).toBe('read');
    expect(await codeOf(GOOD.replace('CLBD', 'ITBD'))).toBe('read');
    expect(await codeOf(middle.replace('ITBD', 'XXXX'))).toBe('no_balances');
  });
});

const BOMB = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';

describe('a camt.053 is refused', () => {
  it.each<[string, string, string]>([
    ['empty', '', 'empty_file'],
    ['only spaces', ' \n ', 'empty_file'],
    ['not XML', ':20:S0001', 'not_well_formed'],
    ['an unclosed element', GOOD.replace('</AcctSvcrRef>', ''), 'not_well_formed'],
    ['an undeclared entity', GOOD.replace('EIP2-FR', '&ouml;'), 'not_well_formed'],
    ['text after its end', `${GOOD}<Document/>`, 'not_well_formed'],
    ['an entity bomb', GOOD.replace('?>', `?>${BOMB}`).replace('EIP2-FR', '&b;'), 'dtd_not_allowed'],
    ['an external document type', GOOD.replace('?>', '?><!DOCTYPE d SYSTEM "file:///etc/passwd">'), 'dtd_not_allowed'],
    ['cut off', GOOD.slice(0, -30), 'truncated'],
    ['cut off inside an entry', GOOD.slice(0, GOOD.indexOf('<BookgDt>')), 'truncated'],
    ['another message', GOOD.replace('camt.053', 'camt.054'), 'wrong_namespace'],
    ['no namespace', GOOD.replace(/ xmlns="[^"]*"/, ''), 'wrong_namespace'],
    ['another version', GOOD.replace('001.08', '001.03'), 'unsupported_version'],
    ['another encoding', GOOD.replace('UTF-8', 'EBCDIC-INT'), 'bad_encoding'],
    ['a text without end', GOOD.replace('EIP2-FR', 'x'.repeat(300_000)), 'element_too_large'],
    [
      'elements without end',
      GOOD.replace('<RmtInf>', '<RmtInf><Ustrd>x</Ustrd>'.padEnd(8_500_000, '<Ustrd>x</Ustrd>')),
      'element_too_large',
    ],
    ['elements too deep', GOOD.replace('EIP2-FR', '<a>'.repeat(100)), 'element_too_large'],
    ['no account', GOOD.replace(/<Acct>.*<\/Acct>/s, ''), 'element_missing'],
    ['no date', GOOD.replace(/<BookgDt>.*<\/ValDt>/s, ''), 'element_missing'],
    ['no sign', GOOD.replace(/(<Ntry><Amt.*?<\/Amt>)<CdtDbtInd>CRDT<\/CdtDbtInd>/, '$1'), 'element_missing'],
    ['a sign of its own', GOOD.replace(/(<Ntry><Amt.*?<\/Amt><CdtDbtInd>)CRDT/, '$1PLUS'), 'invalid_value'],
    ['two opening balances', GOOD.replace('CLBD', 'OPBD'), 'invalid_value'],
    ['three decimals', GOOD.replace('1200.00', '1200.001'), 'too_many_decimals'],
    ['an exponent', GOOD.replace('1200.00', '1.2e3'), 'not_an_amount'],
    ['a negative amount', GOOD.replace('1200.00', '-1200.00'), 'not_an_amount'],
    ['an amount beyond exact integers', GOOD.replace('1200.00', '99999999999999.99'), 'amount_too_large'],
    ['a currency that does not exist', GOOD.replaceAll('GBP', 'GBX'), 'unknown_currency'],
    ['a date that does not exist', GOOD.replaceAll('2018-05-02', '2018-02-30'), 'not_a_date'],
  ])('with %s', async (_what, xml, code) => {
    expect(await codeOf(xml)).toBe(code);
    expect(await codeOf(xml, 'well_formed')).toBe(code);
  });

  it.each([
    [
      'an entry in another currency',
      GOOD.replace(/<Ntry><Amt Ccy="GBP">/, '<Ntry><Amt Ccy="EUR">'),
      'mixed_currencies',
    ],
    ['a balance that does not follow', GOOD.replace('1700.00', '1700.01'), 'balance_mismatch'],
    ['no closing balance', GOOD.replace('CLBD', 'CLAV'), 'no_balances'],
    [
      'fewer entries than it says',
      GOOD.replace('<Ntry>', '<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries></TxsSummry><Ntry>'),
      'count_mismatch',
    ],
  ])('unless it is only shown, with %s', async (_what, xml, code) => {
    expect(await codeOf(xml)).toBe(code);
    const [statement] = await read(xml, 'well_formed');
    expect(statement!.closing.problems.map((problem) => problem.code)).toEqual([code]);
    expect(statement!.entries).toHaveLength(1);
  });

  it('with bytes that are no UTF-8', async () => {
    expect(
      await codeOf(
        Buffer.from(camtOf(aMadeStatement({ entries: [aMadeEntry({ counterparty: 'Müller' })] })), 'latin1'),
      ),
    ).toBe('bad_encoding');
  });

  it('saying where, and quoting nothing of what it holds', async () => {
    const secret = GOOD.replace('1200.00', 'SECRET');
    await expect(read(secret)).rejects.toMatchObject({
      where: 'line 5, /Document/BkToCstmrStmt/Stmt/Ntry/Amt',
      message: expect.not.stringContaining('SECRET'),
    });
    await expect(read(GOOD.replace('</Nm>', '</SECRET>'))).rejects.toMatchObject({
      code: 'not_well_formed',
      message: expect.not.stringContaining('SECRET'),
    });
  });
});
