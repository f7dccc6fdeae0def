import { describe, expect, it } from '@jest/globals';
import { bankReferenceKey, expectedPayment, type OnItsWay } from './index.js';

const known = { today: '2018-05-10', funder: 'DfE', history: { medianDays: 21, payments: 3 } };
const waiting: OnItsWay = { state: 'approved', held: false, askedOn: '2018-05-01', run: null };

describe('the expected date of a payment', () => {
  it('is not known without history', () => {
    expect(expectedPayment(waiting, { ...known, history: null })).toEqual({
      on: null,
      from: 'not known yet: DfE has not paid a request so far',
    });
  });

  it('counts from the day the funder was asked, or from today', () => {
    expect(expectedPayment(waiting, known)).toEqual({
      on: '2018-05-22',
      from: 'the median of 3 past payments of DfE: 21 days after it was asked',
    });
    expect(expectedPayment({ ...waiting, askedOn: null }, known).on).toBe('2018-05-31');
  });

  it('is never in the past, and says why', () => {
    const history = { medianDays: 1, payments: 1 };
    const late = expectedPayment({ ...waiting, askedOn: '2018-04-01' }, { ...known, history });
    expect(late.on).toBe('2018-05-10');
    expect(late.from).toBe('the median of 1 past payment of DfE: 1 day after it was asked; that day has passed');
  });

  it('is the day of the run that pays it, once that is approved', () => {
    const run = { number: 'EIP2-PR-0001', payOn: null };
    const scheduled: OnItsWay = { ...waiting, state: 'scheduled', run };
    expect(expectedPayment(scheduled, known)).toEqual({
      on: null,
      from: 'not known yet: payment run EIP2-PR-0001 is not approved so far',
    });
    expect(expectedPayment({ ...scheduled, run: { ...run, payOn: '2018-05-09' } }, known)).toEqual({
      on: '2018-05-09',
      from: 'payment run EIP2-PR-0001 is paid on the day of its approval',
    });
  });

  it('is not known of a claim on hold, nor of one that has its money and no run', () => {
    expect(expectedPayment({ ...waiting, held: true }, known).on).toBeNull();
    expect(expectedPayment({ ...waiting, state: 'funded' }, known)).toEqual({
      on: null,
      from: 'not known yet: it is in no payment run so far',
    });
  });
});

describe('a bank reference', () => {
  it('is the same whatever a bank did to its case and spaces', () => {
    expect(bankReferenceKey('DfE eip2-0001 ')).toBe(bankReferenceKey('DFE/EIP2 0001'));
    expect(bankReferenceKey('DFE 1')).not.toBe(bankReferenceKey('DFE 2'));
  });
});
