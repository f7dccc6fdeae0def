import { describe, expect, it } from '@jest/globals';
import { InvalidValue } from '#kernel';
import { claimInvoiceNumber, creditNoteNumber, dueOn } from './index.js';
import { eip2Terms, secondTerms } from '../../../test/builders/claim-body.js';

describe('numbers of documents', () => {
  it('have four digits, and more when needed', () => {
    expect(claimInvoiceNumber(eip2Terms(), 'BRENT', 1)).toBe('EIP2-BRENT-0001');
    expect(creditNoteNumber(eip2Terms(), 'BRENT', 1)).toBe('EIP2-BRENT-CN-0001');
    expect(claimInvoiceNumber(eip2Terms(), 'BRENT', 12_345)).toBe('EIP2-BRENT-12345');
    expect(claimInvoiceNumber(secondTerms(), 'NORTHTON', 7)).toBe('WH-NORTHTON-0007');
    for (const wrong of [0, -1, 1.5, NaN])
      expect(() => claimInvoiceNumber(eip2Terms(), 'BRENT', wrong)).toThrow(InvalidValue);
  });
});

describe('the due date', () => {
  it('is 60 calendar days after the London date of the submission, across summer time', () => {
    expect(dueOn(eip2Terms(), new Date('2018-04-03T10:00:00Z'))).toBe('2018-06-02');
    expect(dueOn(eip2Terms(), new Date('2018-06-30T23:30:00Z'))).toBe('2018-08-30');
    expect(dueOn(eip2Terms(), new Date('2018-02-28T23:59:59Z'))).toBe('2018-04-29');
  });

  it('follows the terms', () => {
    expect(dueOn(secondTerms(), new Date('2020-04-03T10:00:00Z'))).toBe('2020-05-03');
  });
});
