import { describe, expect, it } from '@jest/globals';
import { assertionsText, directives, journalText, openingText } from './hledger.js';

describe('the books as text', () => {
  it('declares the commodity and every account', () => {
    expect(directives(['assets:bank', 'assets:restricted cash'])).toBe(
      'commodity GBP\n  format 1000.00 GBP\n\naccount assets:bank\naccount assets:restricted cash\n\n',
    );
  });

  it('writes a journal with its number and event, amounts exact', () => {
    const postings = [
      { account: 'assets:restricted cash', amountPence: 9_007_199_254_740_991 },
      { account: 'liabilities:received in advance:DfE', amountPence: -9_007_199_254_740_991 },
    ];
    expect(journalText({ id: 7, event: 'receipt:1', bookedOn: '2018-04-03', description: 'DfE paid', postings })).toBe(
      `2018-04-03 * (7) DfE paid
    ; receipt:1
    assets:restricted cash  90071992547409.91 GBP
    liabilities:received in advance:DfE  -90071992547409.91 GBP

`,
    );
  });

  it('opens with what is not nothing and asserts everything', () => {
    const balances = [
      { account: 'assets:bank', balancePence: 0 },
      { account: 'income:grant:DfE', balancePence: -5 },
    ];
    expect(openingText('2018-04-01', balances)).toBe(
      '2018-04-01 * Opening balances\n    income:grant:DfE  -0.05 GBP\n\n',
    );
    expect(openingText('2018-04-01', balances.slice(0, 1))).toBe('');
    expect(assertionsText('2018-04-30', balances)).toBe(
      '2018-04-30 * Balances\n    assets:bank  0.00 GBP = 0.00 GBP\n    income:grant:DfE  0.00 GBP = -0.05 GBP\n\n',
    );
    expect(assertionsText('2018-04-30', [])).toBe('');
  });
});
