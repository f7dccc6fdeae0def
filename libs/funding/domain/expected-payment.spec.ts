import { describe, expect, it } from '@jest/globals';
import { bankReferenceKey, expectedPayment } from './index.js';

const of = { today: '2018-05-10', funder: 'DfE' };

describe('the expected date of a payment', () => {
  it('is not known without history', () => {
    expect(expectedPayment(null, { ...of, askedOn: '2018-05-01' })).toEqual({
      on: null,
      from: 'not known yet: DfE has not paid a request so far',
    });
  });

  it('counts from the day the funder was asked, or from today', () => {
    const history = { medianDays: 21, payments: 3 };
    expect(expectedPayment(history, { ...of, askedOn: '2018-05-01' })).toEqual({
      on: '2018-05-22',
      from: 'the median of 3 past payments of DfE: 21 days after it was asked',
    });
    expect(expectedPayment(history, { ...of, askedOn: null }).on).toBe('2018-05-31');
  });

  it('is never in the past, and says why', () => {
    const late = expectedPayment({ medianDays: 1, payments: 1 }, { ...of, askedOn: '2018-04-01' });
    expect(late.on).toBe('2018-05-10');
    expect(late.from).toBe('the median of 1 past payment of DfE: 1 day after it was asked; that day has passed');
  });
});

describe('a bank reference', () => {
  it('is the same whatever a bank did to its case and spaces', () => {
    expect(bankReferenceKey('DfE eip2-0001 ')).toBe(bankReferenceKey('DFE/EIP2 0001'));
    expect(bankReferenceKey('DFE 1')).not.toBe(bankReferenceKey('DFE 2'));
  });
});
