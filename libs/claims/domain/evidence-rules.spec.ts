import { describe, expect, it } from '@jest/globals';
import { canRemoveEvidence, whyNoEvidence } from './evidence-rules.js';
import { CLAIM_STATES } from './lifecycle.js';

describe('the evidence of a claim', () => {
  it('is added by its authority until the claim has ended, and by the payer once it was submitted', () => {
    const not = (own: boolean) => CLAIM_STATES.flatMap((state) => whyNoEvidence(state, own) ?? []);
    const closed = (own: boolean) => CLAIM_STATES.filter((state) => whyNoEvidence(state, own) !== null);
    expect([...closed(true)].sort()).toEqual(['rejected', 'withdrawn']);
    expect([...closed(false)].sort()).toEqual(['draft', 'rejected', 'returned', 'withdrawn']);
    expect(not(true)).toEqual(['ended', 'ended']);
    expect(whyNoEvidence('returned', false)).toBe('being_written');
  });

  it('is removed only while its authority writes the claim', () => {
    expect(CLAIM_STATES.filter(canRemoveEvidence)).toEqual(['draft', 'returned']);
  });
});
