import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidValue, sumPence } from '#kernel';
import { isAccountName, requireSound, type Journal } from './journal.js';
import {
  adjustmentApproved,
  bankCharge,
  claimApproved,
  claimsFunded,
  claimsUnfunded,
  owedMoneyUsed,
  paymentSettled,
  receiptConfirmed,
  repaid,
  suspense,
} from './postings.js';

const of = { event: 'e', programme: 'EIP2', funder: 'DfE' };
const CLAIM = '01890a5d-ac96-774b-bcce-b302099a8057';

/** Account to pence, as docs/ledger.md, "Postings", writes them. */
const lines = ({ postings }: Journal) => postings.map(({ account, amountPence }) => [account, amountPence]);

describe('the postings of docs/ledger.md', () => {
  it('approve: example 1, by category, what is nothing left out', () => {
    const journal = claimApproved({
      ...{ claimId: CLAIM, authority: 'BRENT', invoiceNumber: 'EIP2-BRENT-0001', programme: 'EIP2', funder: 'DfE' },
      categories: { travel: 7_820, targeted: 100_000, coaching_qa: 0 },
    });
    expect(journal).toMatchObject({
      kind: 'claim_approved',
      claimId: CLAIM,
      event: `claim.approved:${CLAIM}:EIP2-BRENT-0001`,
    });
    expect(lines(journal)).toEqual([
      ['expenses:reimbursement:targeted', 100_000],
      ['expenses:reimbursement:travel', 7_820],
      ['liabilities:payable:BRENT', -107_820],
      ['assets:receivable:DfE', 107_820],
      ['income:grant:DfE', -107_820],
    ]);
    expect(journal.postings.map(({ authority }) => authority)).toEqual([
      'BRENT',
      'BRENT',
      'BRENT',
      undefined,
      undefined,
    ]);
  });

  it.each<[string, Journal, unknown[][]]>([
    ['receipt confirmed', receiptConfirmed({ ...of, amountPence: 5, reference: 'R 1' }),
      [['assets:restricted cash', 5], ['liabilities:received in advance:DfE', -5]]],
    ['fund', claimsFunded({ ...of, amountPence: 5, claimCount: 2 }),
      [['liabilities:received in advance:DfE', 5], ['assets:receivable:DfE', -5]]],
    ['unfund', claimsUnfunded({ ...of, fundersPence: 5, recoveredPence: 0, claimId: CLAIM, claimCount: 1 }),
      [['assets:receivable:DfE', 5], ['liabilities:received in advance:DfE', -5]]],
    ['unfund what recovered money had paid a part of', claimsUnfunded({ ...of, fundersPence: 5, recoveredPence: 2, claimId: null, claimCount: 3 }),
      [['assets:receivable:DfE', 7], ['liabilities:received in advance:DfE', -5], ['liabilities:owed:DfE', -2]]],
    ['unfund what recovered money had paid all of', claimsUnfunded({ ...of, fundersPence: 0, recoveredPence: 2, claimId: CLAIM, claimCount: 1 }),
      [['assets:receivable:DfE', 2], ['liabilities:owed:DfE', -2]]],
    ['settled', paymentSettled({ ...of, authority: 'BRENT', amountPence: 5, reference: 'P' }),
      [['liabilities:payable:BRENT', 5], ['assets:restricted cash', -5]]],
    ['adjustment approved', adjustmentApproved({ ...of, authority: 'BRENT', claimId: CLAIM, creditNoteNumber: 'CN', categories: { travel: 2, targeted: 3 } }),
      [['liabilities:payable:BRENT', 5], ['expenses:reimbursement:targeted', -3], ['expenses:reimbursement:travel', -2],
        ['income:grant:DfE', 5], ['liabilities:owed:DfE', -5]]],
    ['repaid', repaid({ ...of, authority: 'BRENT', amountPence: 5, reference: 'P' }),
      [['assets:restricted cash', 5], ['liabilities:payable:BRENT', -5]]],
    ['owed money used', owedMoneyUsed({ ...of, amountPence: 5, requestNumber: 'FR' }),
      [['liabilities:owed:DfE', 5], ['assets:receivable:DfE', -5]]],
    ['bank charge', bankCharge({ ...of, amountPence: 5, reference: '' }),
      [['expenses:bank charges', 5], ['assets:bank', -5]]],
    ['suspense in', suspense({ ...of, direction: 'in', amountPence: 5, reference: 'X' }),
      [['assets:restricted cash', 5], ['liabilities:suspense', -5]]],
    ['suspense out', suspense({ ...of, direction: 'out', amountPence: 5, reference: 'X' }),
      [['assets:restricted cash', -5], ['liabilities:suspense', 5]]],
  ])('%s', (_, journal, expected) => expect(lines(journal)).toEqual(expected)); // prettier-ignore

  it('balance, name accounts that can be and describe themselves in one line, whatever they are made of', () => {
    const amount = fc.integer({ min: 1, max: 10_000_000_000 });
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 });
    const categories = fc.dictionary(fc.stringMatching(/^[a-z_]{1,20}$/), amount, { minKeys: 1, maxKeys: 5 });
    const made = fc.oneof(
      fc.record({ amountPence: amount, reference: text, funder: text }).map((more) => receiptConfirmed({ ...of, ...more })),
      fc.record({ amountPence: amount, reference: text, funder: text }).map((more) => suspense({ ...of, direction: 'out', ...more })),
      fc.record({ categories, funder: text }).map((more) =>
        claimApproved({ claimId: CLAIM, authority: 'BRENT', invoiceNumber: 'N', programme: 'EIP2', ...more })),
      fc.record({ categories }).map((more) =>
        adjustmentApproved({ ...of, authority: 'BRENT', claimId: CLAIM, creditNoteNumber: 'CN', ...more })),
    ); // prettier-ignore
    fc.assert(
      fc.property(made, (journal) => {
        expect(sumPence(journal.postings.map(({ amountPence }) => amountPence))).toBe(0);
        expect(journal.postings.every(({ account }) => isAccountName(account))).toBe(true);
        expect(Array.from(journal.description).length).toBeLessThanOrEqual(300);
        expect(journal.description).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });
});

describe('a journal that nobody should have made', () => {
  const journal = (postings: Journal['postings']): Journal => ({
    ...{ event: 'e', kind: 'test', programme: 'EIP2', description: 'd' },
    postings,
  });
  const bank = (amountPence: number, authority?: string) => ({
    account: 'assets:bank',
    amountPence,
    ...(authority && { authority }),
  });

  it.each<[string, Journal['postings']]>([
    ['is out by a penny', [bank(100), bank(-99)]],
    ['has a fraction', [bank(0.5), bank(-0.5)]],
    ['has one posting', [bank(1)]],
    ['has a posting of nothing', [bank(1), bank(-1), bank(0)]],
    ['has two authorities', [bank(1, 'BRENT'), bank(-1, 'BRISTOL')]],
    ['has an account of no type', [bank(1), { account: 'cash', amountPence: -1 }]],
    ['has two spaces in an account', [bank(1), { account: 'assets:a  b', amountPence: -1 }]],
  ])('%s', (_, postings) => {
    expect(() => requireSound(journal(postings))).toThrow(InvalidValue);
  });
});
