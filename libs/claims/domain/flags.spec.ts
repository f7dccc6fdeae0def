import { describe, expect, it } from '@jest/globals';
import { FLAGS, FLAG_CODES, flagsSeenBy, isPaid, unprovenPayments } from './index.js';

describe('flags', () => {
  it('that tell of another authority are for the payer and auditors only', () => {
    expect(flagsSeenBy('all')).toEqual([
      'above_funded_rate',
      'trainer_not_paid',
      'evidence_missing',
      'reclaimed_after_rejection',
      'evidence_reused',
    ]);
    expect(flagsSeenBy('payer')).toEqual(FLAG_CODES);
    expect(FLAG_CODES).toHaveLength(7);
  });

  it('mention another authority only to those who may know', () => {
    for (const code of flagsSeenBy('all'))
      expect(FLAGS[code].message).not.toMatch(/another authority|other authorities/i);
  });

  it('take a date that has come for a payment, and no other', () => {
    expect(isPaid('2018-04-03', '2018-04-03')).toBe(true);
    for (const when of ['2018-04-04', null, undefined]) expect(isPaid(when, '2018-04-03')).toBe(false);
    const invoices = [
      { paidOn: '2018-04-03', proofPaidOn: null },
      { paidOn: '2018-04-04', proofPaidOn: null },
      { paidOn: null, proofPaidOn: '2018-04-01' },
      { paidOn: null, proofPaidOn: null },
    ];
    expect(unprovenPayments(invoices, '2018-04-03').map(({ path, code }) => `${path} ${code}`)).toEqual([
      'trainerInvoices[1].paidOn payment_proof_missing',
      'trainerInvoices[3].paidOn payment_proof_missing',
    ]);
  });
});
