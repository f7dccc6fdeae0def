import { describe, expect, it } from '@jest/globals';
import { type ClaimView } from '#claims';
import { CLAIM_LIFECYCLE, CLAIM_STATES, isPossibleWhileHeld, type ClaimEvent, type ClaimState } from '#claims/domain';
import { claimSteps } from './claim-steps.presenter.js';

const actor = (role: string, organisation = 'MTM') => ({
  ...{ userId: 'u', organisation, roles: [role] },
  scope: organisation === 'MTM' ? '*' : organisation,
});
const FINANCE = actor('mtm_finance');
const APPROVER = actor('mtm_approver');
const AUDITOR = actor('auditor');
const OFFICER = actor('la_finance', 'BRENT');

const hold = { reason: 'Asking', heldAt: '2018-04-03T09:00:00.000Z', heldBy: 'u' };
const claim = (state: ClaimState, held = false): ClaimView =>
  ({ id: 'c', authority: 'BRENT', state, hold: held ? hold : null }) as unknown as ClaimView;
const texts = (...of: Parameters<typeof claimSteps>): string[] => claimSteps(...of).map(({ text }) => text);

describe('what is offered on a claim’s page', () => {
  it.each<[string, ClaimState, typeof FINANCE, string[]]>([
    ['its officer', 'draft', OFFICER, ['Continue this claim', 'Withdraw', 'Add evidence']],
    ['its officer', 'returned', OFFICER, ['Correct this claim', 'Withdraw', 'Add evidence', 'Copy into a new claim']],
    ['its officer', 'submitted', OFFICER, ['Withdraw', 'Add evidence', 'Copy into a new claim']],
    ['its officer', 'paid', OFFICER, ['Add evidence', 'Copy into a new claim']],
    ['its officer', 'withdrawn', OFFICER, ['Copy into a new claim']],
    [
      'MTM finance',
      'submitted',
      FINANCE,
      ['Review this claim', 'Return for correction', 'Put on hold', 'Add evidence'],
    ],
    ['MTM finance', 'reviewed', FINANCE, ['Return for correction', 'Put on hold', 'Add evidence']],
    [
      'MTM finance',
      'funded',
      FINANCE,
      ['Take its funding back', 'Put on hold', 'Propose an adjustment', 'Add evidence'],
    ],
    ['MTM finance', 'paid', FINANCE, ['Propose an adjustment', 'Add evidence']],
    ['an approver', 'reviewed', APPROVER, ['Approve or reject', 'Reject']],
    ['an auditor', 'submitted', AUDITOR, []],
  ])('to %s, of a claim that is %s', (_, state, who, offered) => {
    expect(texts(who, claim(state))).toEqual(offered);
  });

  it('is on hold what the lifecycle allows a held claim, and its release', () => {
    expect(texts(FINANCE, claim('submitted', true))).toEqual([
      'Return for correction',
      'Release the hold',
      'Add evidence',
    ]);
    expect(texts(APPROVER, claim('reviewed', true))).toEqual(['Reject']);
    expect(texts(OFFICER, claim('submitted', true))).toEqual(['Withdraw', 'Add evidence', 'Copy into a new claim']);
  });

  /** By their address, which names the event. */
  const EVENTS: readonly ClaimEvent[] = ['review', 'approve', 'return', 'reject', 'withdraw', 'unfund'];
  const eventsOf = (state: ClaimState, held: boolean): string[] =>
    [FINANCE, APPROVER, OFFICER]
      .flatMap((who) => claimSteps(who, claim(state, held)))
      .map(({ href }) => href.split('/').at(-1)!)
      .filter((event) => (EVENTS as string[]).includes(event))
      .sort();

  it.each(CLAIM_STATES)('is no more and no less than the lifecycle has for a claim that is %s', (state) => {
    const possible = EVENTS.filter((event) => CLAIM_LIFECYCLE.find(state, event));
    expect(eventsOf(state, false)).toEqual([...possible].sort());
    expect(eventsOf(state, true)).toEqual(possible.filter(isPossibleWhileHeld).sort());
  });

  it('is one green button at most, the step that is expected now', () => {
    for (const state of CLAIM_STATES) {
      for (const who of [FINANCE, APPROVER, OFFICER, AUDITOR]) {
        for (const held of [false, true]) {
          const main = claimSteps(who, claim(state, held)).filter(({ main: is }) => is);
          expect(main.length).toBeLessThanOrEqual(1);
        }
      }
    }
  });
});
