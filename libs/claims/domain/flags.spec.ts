import { describe, expect, it } from '@jest/globals';
import { FLAGS, FLAG_CODES, flagsSeenBy } from './index.js';

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
});
