import { type ClaimView } from '#claims';
import { CLAIM_LIFECYCLE, canAdjust, canHold, isPossibleWhileHeld, type ClaimEvent } from '#claims/domain';
import { may } from '#identity';
import { type Actor } from '#platform/database';
import { evidenceRights } from '../evidence/evidence.presenter.js';

export interface StepLink {
  readonly text: string;
  readonly href: string;
  /** The one thing that this person is expected to do now. */
  readonly main?: true;
  /** Done by a form with these hidden fields, since it makes something. */
  readonly form?: readonly { readonly name: string; readonly value: string }[];
}

type MayStep = Parameters<typeof may>[1];

const STEPS: readonly { event: ClaimEvent; action: MayStep; text: string; path: string; main?: true }[] = [
  { event: 'review', action: 'claim.review', text: 'Review this claim', path: 'review', main: true },
  { event: 'approve', action: 'claim.approve', text: 'Approve or reject', path: 'approve', main: true },
  { event: 'return', action: 'claim.return', text: 'Return for correction', path: 'return' },
  { event: 'reject', action: 'claim.reject', text: 'Reject', path: 'reject' },
  { event: 'unfund', action: 'claim.unfund', text: 'Take its funding back', path: 'unfund' },
  { event: 'withdraw', action: 'claim.withdraw', text: 'Withdraw', path: 'withdraw' },
];

/**
 * What this person may do with a claim now, by the lifecycle's own table and the permissions' own function. Whether
 * somebody made what they would approve is told by the step's page, in words.
 */
export function claimSteps(actor: Actor, claim: ClaimView): StepLink[] {
  const mayDo = (action: MayStep): boolean => may(actor, action, { authority: claim.authority }).allowed;
  const links: StepLink[] = [];
  const to = (path: string): string => `/claims/${claim.id}/${path}`;
  if ((claim.state === 'draft' || claim.state === 'returned') && mayDo('claim.draft')) {
    const text = claim.state === 'draft' ? 'Continue this claim' : 'Correct this claim';
    links.push({ text, href: '/claim-forms', main: true, form: [{ name: 'claim', value: claim.id }] });
  }
  for (const { event, action, text, path, main } of STEPS) {
    if (!CLAIM_LIFECYCLE.find(claim.state, event) || !mayDo(action)) continue;
    if (claim.hold && !isPossibleWhileHeld(event)) continue;
    links.push({ text, href: to(path), ...(main ? { main } : {}) });
  }
  if (canHold(claim.state) && mayDo('claim.hold')) {
    links.push(
      claim.hold ? { text: 'Release the hold', href: to('release') } : { text: 'Put on hold', href: to('hold') },
    );
  }
  if (canAdjust(claim.state) && mayDo('adjustment.propose'))
    links.push({ text: 'Propose an adjustment', href: to('adjust') });
  if (evidenceRights(actor, claim).mayAdd) links.push({ text: 'Add evidence', href: to('evidence') });
  if (claim.state !== 'draft' && mayDo('claim.draft') && actor.scope !== '*') {
    links.push({ text: 'Copy into a new claim', href: '/claim-forms', form: [{ name: 'like', value: claim.id }] });
  }
  return links;
}
