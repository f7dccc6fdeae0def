import { Lifecycle, longDate, type Transition } from '#kernel';
import type { ProgrammeTerms } from '#programme/domain';

export const CLAIM_STATES = [
  'draft',
  'submitted',
  'reviewed',
  'returned',
  'approved',
  'rejected',
  'withdrawn',
  'funded',
  'scheduled',
  'paid',
  'reconciled',
] as const;
export type ClaimState = (typeof CLAIM_STATES)[number];

export type ClaimEvent =
  | 'submit'
  | 'withdraw'
  | 'review'
  | 'return'
  | 'approve'
  | 'reject'
  | 'fund'
  | 'unfund'
  | 'schedule'
  | 'unschedule'
  | 'settle'
  | 'unsettle'
  | 'reconcile'
  | 'bounce';

/** `system` is a step that follows from something else: a confirmed receipt, a payment run, a bank statement. */
export type ClaimRole = 'la_finance' | 'mtm_finance' | 'mtm_approver' | 'system';

/** A claim's life, in one table (docs/domain.md, A claim's life). Who made or reviewed never approves: that is checked apart. */
const TABLE: readonly Transition<ClaimState, ClaimEvent, ClaimRole>[] = [
  { from: ['draft', 'returned'], event: 'submit', to: 'submitted', by: ['la_finance'] },
  { from: ['draft', 'submitted', 'returned'], event: 'withdraw', to: 'withdrawn', by: ['la_finance'] },
  { from: ['submitted'], event: 'review', to: 'reviewed', by: ['mtm_finance'] },
  { from: ['submitted', 'reviewed'], event: 'return', to: 'returned', by: ['mtm_finance'] },
  { from: ['reviewed'], event: 'approve', to: 'approved', by: ['mtm_approver'] },
  { from: ['submitted', 'reviewed', 'approved'], event: 'reject', to: 'rejected', by: ['mtm_approver'] },
  { from: ['approved'], event: 'fund', to: 'funded', by: ['system'] },
  { from: ['funded'], event: 'unfund', to: 'approved', by: ['mtm_finance', 'system'] },
  { from: ['funded'], event: 'schedule', to: 'scheduled', by: ['system'] },
  { from: ['scheduled'], event: 'unschedule', to: 'funded', by: ['system'] },
  { from: ['scheduled'], event: 'settle', to: 'paid', by: ['system'] },
  { from: ['paid'], event: 'unsettle', to: 'scheduled', by: ['system'] },
  { from: ['paid'], event: 'reconcile', to: 'reconciled', by: ['system'] },
  { from: ['paid', 'reconciled'], event: 'bounce', to: 'funded', by: ['system'] },
];

export const CLAIM_LIFECYCLE = new Lifecycle<ClaimState, ClaimEvent, ClaimRole>('draft', TABLE);

/** States in which a claim counts: its invoices are taken, its days drawn. A held claim stays live. */
export const LIVE_STATES = ['submitted', 'reviewed', 'approved', 'funded', 'scheduled', 'paid', 'reconciled'] as const;
export const isLive = (state: ClaimState): boolean => (LIVE_STATES as readonly ClaimState[]).includes(state);

/** Live states in which the authority waits for its money: what the clock of days runs for. */
export const UNPAID_STATES = ['submitted', 'reviewed', 'approved', 'funded', 'scheduled'] as const;

/** States in which the money has come. */
export const PAID_STATES = ['paid', 'reconciled'] as const;
export const isPaidState = (state: ClaimState): boolean => (PAID_STATES as readonly ClaimState[]).includes(state);

/** States in which the authority writes the claim. */
export const EDITABLE_STATES = ['draft', 'returned'] as const;
export const isEditable = (state: ClaimState): boolean => (EDITABLE_STATES as readonly ClaimState[]).includes(state);

/** A hold is a mark with a reason, not a state: the claim keeps its state and leaves the queue. */
export const HOLDABLE_STATES = ['submitted', 'reviewed', 'approved', 'funded'] as const;
export const canHold = (state: ClaimState): boolean => (HOLDABLE_STATES as readonly ClaimState[]).includes(state);

/** States in which the payer has something to do with a claim, or waits for it to come back: it can be somebody's to deal with. */
export const ASSIGNABLE_STATES = ['submitted', 'reviewed', 'returned', 'approved', 'funded'] as const;
export const canAssign = (state: ClaimState): boolean => (ASSIGNABLE_STATES as readonly ClaimState[]).includes(state);

/** States in which the payer records findings, with its review or apart from it: until somebody has approved. */
export const FINDING_STATES = ['submitted', 'reviewed'] as const;
export const canRecordFindings = (state: ClaimState): boolean =>
  (FINDING_STATES as readonly ClaimState[]).includes(state);

/** States of an approved claim, whatever became of its money: what was approved can be adjusted, held or not. */
export const ADJUSTABLE_STATES = ['approved', 'funded', 'scheduled', 'paid', 'reconciled'] as const;
export const canAdjust = (state: ClaimState): boolean => (ADJUSTABLE_STATES as readonly ClaimState[]).includes(state);

/** What a held claim may still do, besides being released. */
export const EVENTS_WHILE_HELD = ['return', 'reject', 'withdraw', 'unfund'] as const;
export const isPossibleWhileHeld = (event: ClaimEvent): boolean =>
  (EVENTS_WHILE_HELD as readonly ClaimEvent[]).includes(event);

/**
 * Who has to act next, in words; null when nobody has to. `authority` is how the reader is told of the authority: its code,
 * or null when the reader is the authority itself, who is told "you". `askedOn` is the day the funder was asked for an approved
 * claim's money, null while nobody has asked; undefined where that is not known, as of several claims at once.
 */
export function waitingFor(
  state: ClaimState,
  held: boolean,
  terms: ProgrammeTerms,
  authority: string | null = null,
  askedOn?: string | null,
): string | null {
  const payer = terms.payer.shortName;
  if (held && canHold(state)) return `${payer} to release its hold`;
  switch (state) {
    case 'draft':
      return `${authority ?? 'You'} to submit this`;
    case 'submitted':
      return `${payer} to review`;
    case 'reviewed':
      return `${payer} to approve`;
    case 'returned':
      return `${authority ?? 'You'} to correct this`;
    case 'approved':
      return terms.payment.paidOnReceiptFromFunder ? waitingForFunder(terms, askedOn) : `${payer} to fund this`;
    case 'funded':
      return `${payer} to pay ${authority ?? 'you'}`;
    case 'scheduled':
      return `${payer}'s bank to pay ${authority ?? 'you'}`;
    case 'paid':
    case 'reconciled':
    case 'rejected':
    case 'withdrawn':
      return null;
  }
}

function waitingForFunder({ payer, funder }: ProgrammeTerms, askedOn: string | null | undefined): string {
  if (askedOn === null) return `${payer.shortName} to ask ${funder.shortName} for the money`;
  return `${funder.shortName} to pay ${payer.shortName}${askedOn === undefined ? '' : `, asked on ${longDate(askedOn)}`}`;
}
