import { isEditable, type ClaimState } from './lifecycle.js';

/** Nothing supports a claim that came to nothing. */
const hasEnded = (state: ClaimState): boolean => state === 'withdrawn' || state === 'rejected';

/** Why no file is added to a claim in this state: it has ended, or its authority is still writing it. Null when files are. */
export type NoEvidence = 'ended' | 'being_written';

/**
 * The authority (`own`) adds evidence until a claim has ended; the payer, proof of payment it was sent, from the submission on
 * (docs/domain.md, "Who").
 */
export function whyNoEvidence(state: ClaimState, own: boolean): NoEvidence | null {
  if (hasEnded(state)) return 'ended';
  return isEditable(state) && !own ? 'being_written' : null;
}

/** What a submitted claim rests on stays with it: files are taken off while its authority writes it. */
export const canRemoveEvidence = isEditable;
