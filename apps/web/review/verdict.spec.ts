import { describe, expect, it } from '@jest/globals';
import { type ClaimOnDesk } from '#claims';
import { CLAIM_STATES, type ClaimState } from '#claims/domain';
import { type Actor } from '#platform/database';
import { whyNot, type Work } from './verdict.js';

const actor = (...roles: string[]): Actor => ({ userId: 'u1', organisation: 'MTM', scope: '*', roles });
const desk = (state: ClaimState, over: { held?: boolean; makers?: string[]; approvers?: string[] } = {}): ClaimOnDesk =>
  ({
    claim: { state, authority: 'BRENT', hold: over.held ? { reason: 'x' } : null },
    makers: (over.makers ?? []).map((id) => ({ id, person: null })),
    approvers: over.approvers ?? [],
  }) as unknown as ClaimOnDesk;
const possible = (work: Work, held = false): ClaimState[] =>
  CLAIM_STATES.filter((state) => whyNot(actor('mtm_finance', 'mtm_approver'), desk(state, { held }), work) === null);

describe('what can be done with a claim', () => {
  it.each([
    ['review', ['submitted'], []],
    ['findings', ['submitted', 'reviewed'], []],
    ['approve', ['reviewed'], []],
    ['return', ['submitted', 'reviewed'], ['submitted', 'reviewed']],
    ['reject', ['submitted', 'reviewed', 'approved'], ['submitted', 'reviewed', 'approved']],
    ['hold', ['submitted', 'reviewed', 'approved', 'funded'], []],
    ['unfund', ['funded'], ['funded']],
  ] as const)('%s', (work, states, held) => {
    expect(possible(work)).toEqual(states);
    expect(possible(work, true)).toEqual(held);
  });

  it('is told with how the claim stands, before who may', () => {
    expect(whyNot(actor('auditor'), desk('paid'), 'review')).toBe(
      'Only a submitted claim is reviewed. This one is paid.',
    );
    expect(whyNot(actor('mtm_finance'), desk('submitted', { held: true }), 'review')).toMatch(/on hold. Release it/);
    expect(whyNot(actor('auditor'), desk('submitted'), 'review')).toMatch(/^You may not review a claim. Who may: /);
  });

  it('is kept from who made it, and from who approved it before', () => {
    const both = actor('mtm_finance', 'mtm_approver');
    expect(whyNot(both, desk('reviewed', { makers: ['u1'] }), 'approve')).toMatch(/another person must approve/);
    expect(whyNot(both, desk('approved', { approvers: ['u1'] }), 'reject')).toMatch(/another person must reject/);
    expect(whyNot(both, desk('reviewed', { makers: ['u2'] }), 'approve')).toBeNull();
  });
});
