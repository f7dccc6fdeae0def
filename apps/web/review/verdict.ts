import { type ClaimOnDesk } from '#claims';
import {
  canAdjust,
  canAssign,
  canHold,
  canRecordFindings,
  CLAIM_LIFECYCLE,
  isPossibleWhileHeld,
  type ClaimEvent,
} from '#claims/domain';
import { may } from '#identity';
import { type Actor } from '#platform/database';
import { claimStatus } from '../page/index.js';

export type Work =
  'review' | 'findings' | 'approve' | 'return' | 'reject' | 'hold' | 'release' | 'assign' | 'adjust' | 'unfund';

const ACTIONS = {
  review: 'claim.review',
  findings: 'claim.record_findings',
  approve: 'claim.approve',
  return: 'claim.return',
  reject: 'claim.reject',
  hold: 'claim.hold',
  release: 'claim.release',
  assign: 'claim.assign',
  adjust: 'adjustment.propose',
  unfund: 'claim.unfund',
} as const satisfies Record<Work, Parameters<typeof may>[1]>;

const EVENTS: Partial<Record<Work, ClaimEvent>> = {
  review: 'review',
  approve: 'approve',
  return: 'return',
  reject: 'reject',
  unfund: 'unfund',
};

/** Why this person cannot do this to the claim now, in words; null when they can. The use case judges it again. */
export function whyNot(actor: Actor, desk: ClaimOnDesk, work: Work): string | null {
  const { claim } = desk;
  const answer = may(actor, ACTIONS[work], {
    authority: claim.authority,
    makers: desk.makers.map(({ id }) => id),
    approvers: desk.approvers,
  });
  const placed = whyNotNow(desk, work);
  return placed ?? (answer.allowed ? null : answer.reason);
}

function whyNotNow({ claim }: ClaimOnDesk, work: Work): string | null {
  const is = claimStatus({ state: claim.state }).text.toLowerCase();
  const event = EVENTS[work];
  const possible = {
    findings: canRecordFindings(claim.state),
    hold: canHold(claim.state),
    release: claim.hold !== null,
    assign: canAssign(claim.state),
    adjust: canAdjust(claim.state),
  } as Partial<Record<Work, boolean>>;
  if (event ? !CLAIM_LIFECYCLE.find(claim.state, event) : !possible[work]) return `${NOT_NOW[work]} This one is ${is}.`;
  if (work === 'hold') return claim.hold ? 'The claim is on hold already.' : null;
  const held = claim.hold && (event ? !isPossibleWhileHeld(event) : work === 'findings');
  return held ? 'The claim is on hold. Release it first.' : null;
}

const NOT_NOW: Readonly<Record<Work, string>> = {
  review: 'Only a submitted claim is reviewed.',
  findings: 'Findings are recorded while a claim waits for review or approval.',
  approve: 'Only a reviewed claim is approved.',
  return: 'Only a claim that waits for review or approval is returned.',
  reject: 'A claim is rejected before it is funded.',
  hold: 'A claim is held before its payment is prepared.',
  release: 'Only a claim on hold is released.',
  assign: 'A claim is assigned while MTM has something to do with it.',
  adjust: 'Only an approved claim is adjusted.',
  unfund: 'Only the funding of a claim that is funded and in no payment run is taken back.',
};
