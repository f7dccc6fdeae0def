import { type ClaimState } from '#claims/domain';

export interface StatusTag {
  readonly text: string;
  /** A colour of GOV.UK's tags; the words carry the meaning. */
  readonly tag: 'grey' | 'blue' | 'light-blue' | 'turquoise' | 'green' | 'yellow' | 'orange' | 'red' | 'purple';
}

const TAGS: Readonly<Record<ClaimState, StatusTag>> = {
  draft: { text: 'Draft', tag: 'grey' },
  submitted: { text: 'Submitted', tag: 'light-blue' },
  reviewed: { text: 'Reviewed', tag: 'light-blue' },
  returned: { text: 'Returned', tag: 'orange' },
  approved: { text: 'Approved', tag: 'turquoise' },
  rejected: { text: 'Rejected', tag: 'red' },
  withdrawn: { text: 'Withdrawn', tag: 'grey' },
  funded: { text: 'Funded', tag: 'turquoise' },
  scheduled: { text: 'Payment sent', tag: 'turquoise' },
  paid: { text: 'Paid', tag: 'green' },
  reconciled: { text: 'Paid', tag: 'green' },
};

/** A claim's state in a word; a held one is that first of all. Who acts next is the claim's own `waitingFor`. */
export const claimStatus = (claim: { readonly state: ClaimState; readonly hold?: object | null }): StatusTag =>
  claim.hold ? { text: 'On hold', tag: 'yellow' } : TAGS[claim.state];
