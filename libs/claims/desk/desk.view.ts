import { type Problem } from '#kernel';
import { type Person } from '#identity';
import { type ClaimView } from '../claim.view.js';

/** What approval of these decisions would come to. Pence. */
export interface WouldBeApproved {
  readonly claimedPence: number;
  readonly approvedPence: number;
  readonly creditPence: number;
  /** The programme's categories that the claim has something of. */
  readonly categories: readonly { code: string; label: string; claimedPence: number; approvedPence: number }[];
  /** Days that go back to the allocation, by its label; decimals. */
  readonly releasedDays: readonly { label: string; days: string }[];
  /** Lines of travel that no decision named and that go with their trainer's training. */
  readonly consequential: readonly string[];
  /** Then approving rejects. */
  readonly allDisallowed: boolean;
}

/** A claim with what the payer's people need to deal with it. */
export interface ClaimOnDesk {
  readonly claim: ClaimView;
  readonly authorityName: string;
  readonly payer: string;
  readonly funder: string;
  /** Days within which a submitted claim is paid. */
  readonly paidWithinDays: number;
  readonly categories: readonly { code: string; label: string; atCost: boolean }[];
  readonly rates: readonly { code: string; label: string }[];
  readonly submittedBy: Person | null;
  readonly reviewedBy: Person | null;
  readonly reviewedAt: string | null;
  readonly approvedBy: Person | null;
  readonly approvedAt: string | null;
  readonly heldBy: Person | null;
  readonly assignedTo: Person | null;
  /** Everybody who edited, submitted, reviewed or recorded a finding: none of them may approve. */
  readonly makers: readonly { id: string; person: Person | null }[];
  /** Users who may not reject, because they approved. */
  readonly approvers: readonly string[];
  /** Who may approve it, by name. */
  readonly mayApprove: readonly Person[];
  /** By the decisions recorded; null unless it waits for review or approval. */
  readonly wouldBe: WouldBeApproved | null;
  /** What approval would be refused for as things stand. */
  readonly lacking: readonly Problem[];
}

/** How many claims wait, counted up to `MOST_COUNTED`. */
export interface Waiting {
  readonly submitted: number;
  readonly reviewed: number;
  readonly held: number;
  readonly returned: number;
  readonly adjustments: number;
}

export const MOST_COUNTED = 1000;
