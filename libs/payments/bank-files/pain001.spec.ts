import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aBankFile, aPayment, bankFiles } from '../../../test/builders/bank-file-model.js';
import { at, readXml, textAt } from '../../../test/support/xml-tree.js';
import { bankIdentifier, bankName, isPaymentReference } from './bank-characters.js';
import type { Pain001Model } from './pain001-model.js';
import { writePain001 } from './pain001.js';

const SEED = 20_180_503;
const IBAN = { kind: 'iban', iban: 'GB33BUKB20201555555555', bic: 'BUKBGB22' } as const;

/** Each amount once more from the file, by digits. */
const penceIn = (text: string | null | undefined): number => Number((text ?? '').replace(/\.(\d\d)$/, '$1'));

describe('a bank file', () => {
  const initiation = at(readXml(writePain001(aBankFile())), 'CstmrCdtTrfInitn')[0]!;

  it('pays a UK account by sort code and number from the payer’s', () => {
    const part = at(initiation, 'PmtInf')[0]!;
    expect(textAt(part, 'DbtrAgt/FinInstnId/ClrSysMmbId/ClrSysId/Cd')).toBe('GBDSC');
    expect(textAt(part, 'DbtrAgt/FinInstnId/ClrSysMmbId/MmbId')).toBe('107999');
    expect(textAt(part, 'DbtrAcct/Id/Othr/Id')).toBe('88837491');
    expect(textAt(part, 'ReqdExctnDt/Dt')).toBe('2018-05-03');
    expect(textAt(part, 'PmtTpInf/SvcLvl/Cd')).toBe('NURG');
    expect(textAt(part, 'ChrgBr')).toBe('SHAR');
    const transaction = at(part, 'CdtTrfTxInf')[0]!;
    expect(textAt(transaction, 'PmtId/EndToEndId')).toBe('EIP2-PR-0001-BRENT');
    expect(textAt(transaction, 'Amt/InstdAmt')).toBe('1078.20');
    expect(at(transaction, 'Amt/InstdAmt')[0]!.attributes['Ccy']).toBe('GBP');
    expect(textAt(transaction, 'CdtrAgt/FinInstnId/ClrSysMmbId/MmbId')).toBe('089999');
    expect(textAt(transaction, 'CdtrAcct/Id/Othr/Id')).toBe('66374958');
    expect(textAt(transaction, 'Cdtr/Nm')).toBe('London Borough of Brent');
    expect(textAt(transaction, 'RmtInf/Ustrd')).toBe('EIP2-PR-0001-01');
  });

  it('pays overseas by IBAN and BIC with every charge on the payer, in a part of its own', () => {
    const abroad = aPayment({
      endToEndId: 'E2',
      amountPence: 1,
      route: 'overseas',
      creditor: { name: 'A', country: 'FR', account: IBAN },
    });
    const parts = at(readXml(writePain001(aBankFile({ payments: [abroad, aPayment()] }))), 'CstmrCdtTrfInitn/PmtInf');
    const facts = ['PmtInfId', 'NbOfTxs', 'CtrlSum', 'ChrgBr'] as const;
    expect(parts.map((part) => facts.map((fact) => textAt(part, fact)))).toEqual([
      ['EIP2-PR-0001-D', '1', '1078.20', 'SHAR'],
      ['EIP2-PR-0001-O', '1', '0.01', 'DEBT'],
    ]);
    expect(textAt(parts[1]!, 'CdtTrfTxInf/CdtrAgt/FinInstnId/BICFI')).toBe('BUKBGB22');
    expect(textAt(parts[1]!, 'CdtTrfTxInf/CdtrAcct/Id/IBAN')).toBe('GB33BUKB20201555555555');
    expect(at(parts[1]!, 'PmtTpInf')).toEqual([]);
  });

  it('counts and adds up what it holds, whatever that is, and is the same bytes each time', () => {
    fc.assert(
      fc.property(bankFiles, (model) => {
        const text = writePain001(model);
        expect(writePain001(structuredClone(model))).toBe(text);
        const file = at(readXml(text), 'CstmrCdtTrfInitn')[0]!;
        for (const group of [at(file, 'GrpHdr')[0]!, ...at(file, 'PmtInf')]) {
          const inside = group.name === 'GrpHdr' ? at(file, 'PmtInf/CdtTrfTxInf') : at(group, 'CdtTrfTxInf');
          expect(textAt(group, 'NbOfTxs')).toBe(String(inside.length));
          const sum = inside.reduce((total, one) => total + penceIn(textAt(one, 'Amt/InstdAmt')), 0);
          expect(penceIn(textAt(group, 'CtrlSum'))).toBe(sum);
        }
        const paid = at(file, 'PmtInf/CdtTrfTxInf').map((one) => [
          textAt(one, 'PmtId/EndToEndId'),
          penceIn(textAt(one, 'Amt/InstdAmt')),
        ]);
        expect(new Map(paid as [string, number][])).toEqual(
          new Map(model.payments.map(({ endToEndId, amountPence }) => [endToEndId, amountPence])),
        );
        for (const nm of [...text.matchAll(/<Nm>(.*?)<\/Nm>/g)])
          expect(nm[1]).toMatch(/^[A-Za-z0-9/?:().,'+ -]{1,70}$/);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  const uk = (given: object): Pain001Model['payments'][number]['creditor'] => ({
    name: 'A',
    country: null,
    account: { kind: 'uk', sortCode: '089999', accountNumber: '66374958', ...given } as never,
  });
  it.each<[string, Partial<Pain001Model>]>([
    ['no payment', { payments: [] }],
    ['an amount of nothing', { payments: [aPayment({ amountPence: 0 })] }],
    ['a negative amount', { payments: [aPayment({ amountPence: -1 })] }],
    ['half a penny', { payments: [aPayment({ amountPence: 0.5 })] }],
    [
      'a sum beyond exact integers',
      { payments: [aPayment({ amountPence: Number.MAX_SAFE_INTEGER }), aPayment({ endToEndId: 'B' })] },
    ],
    ['the same end-to-end id twice', { payments: [aPayment(), aPayment()] }],
    ['an end-to-end id of 36 characters', { payments: [aPayment({ endToEndId: 'E'.repeat(36) })] }],
    ['an end-to-end id banks would change', { payments: [aPayment({ endToEndId: 'É1' })] }],
    ['a reference of 19 characters', { payments: [aPayment({ reference: 'R'.repeat(19) })] }],
    ['a reference banks would change', { payments: [aPayment({ reference: 'R&D' })] }],
    ['a payee without a name', { payments: [aPayment({ creditor: { ...uk({}), name: '…' } })] }],
    ['a short sort code', { payments: [aPayment({ creditor: uk({ sortCode: '08999' }) })] }],
    ['a short account number', { payments: [aPayment({ creditor: uk({ accountNumber: '6637495' }) })] }],
    ['a UK account abroad', { payments: [aPayment({ route: 'overseas' })] }],
    ['no BIC', { payments: [aPayment({ creditor: { ...uk({}), account: { ...IBAN, bic: '' } } })] }],
    ['a country of its own', { payments: [aPayment({ creditor: { ...uk({}), country: 'uk' } })] }],
    ['a message id too long for its parts', { messageId: 'M'.repeat(34) }],
    ['a day that does not exist', { executionOn: '2018-02-30' }],
    ['an instant with an offset', { createdAt: '2018-05-02T10:00:00+01:00' }],
  ])('is not written with %s', (_what, given) => {
    expect(() => writePain001(aBankFile(given))).toThrow();
  });

  it('is not written in a currency that does not exist, and yen have no decimals', () => {
    expect(() => writePain001(aBankFile({ currency: 'GBX' }))).toThrow('ISO 4217');
    expect(writePain001(aBankFile({ currency: 'JPY' }))).toContain('<InstdAmt Ccy="JPY">107820</InstdAmt>');
  });
});

describe('characters of banks', () => {
  it.each([
    ['Müller & Söhne', 'Muller + Sohne'],
    ['Straße Œuvre Łódź Þór', 'Strasse OEuvre Lodz Thor'],
    ['A_B–C “D” ’E’', "A-B-C 'D' 'E'"],
    ['Trainer\u00a0  Ltd\n', 'Trainer Ltd'],
    ['50% off; *new*', '50. off. .new.'],
    ['//Ltd//', 'Ltd/'],
    ['Ａ１ ﬁ', 'A1 fi'],
  ])('%j is the name %j', (text, expected) => {
    expect(bankName(text, 70)).toBe(expected);
  });

  it('a name is cut, and must have a letter left', () => {
    expect(bankName('x'.repeat(100), 70)).toHaveLength(70);
    expect(() => bankName('Ωμέγα', 70)).toThrow('letter');
  });

  it.each(['EIP2-BRENT-RA-0001', 'A', 'A B.C/D-E'])('%s is a reference', (text) => {
    expect(isPaymentReference(text)).toBe(true);
  });
  it.each(['', ' A', 'A ', 'A//B', 'A&B', 'É', 'EIP2-BRENT-RA-00011', 'A\n'])('%j is none', (text) => {
    expect(isPaymentReference(text)).toBe(false);
  });

  it.each(['', '/A', 'A/', 'A//B', 'A ', 'A\n', 'É'])('%j is no identifier', (text) => {
    expect(() => bankIdentifier(text)).toThrow('identifier');
  });
});
