import { type TimelineItem } from '#claims';
import { words } from '../page/index.js';

/** What each step of a claim's trail is called on the page; what is not here is shown by its own words. */
const WORDS: Readonly<Record<string, string>> = {
  'claim.drafted': 'Draft started',
  'claim.edited': 'Changed',
  'claim.submitted': 'Submitted',
  'claim.withdrawn': 'Withdrawn',
  'claim.reviewed': 'Reviewed',
  'claim.returned': 'Returned for correction',
  'claim.approved': 'Approved',
  'claim.rejected': 'Rejected',
  'claim.funded': 'Funded',
  'claim.unfunded': 'Funding taken back',
  'claim.scheduled': 'Put into a payment run',
  'claim.unscheduled': 'Taken out of the payment run',
  'claim.settled': 'Paid: the bank statement shows it',
  'claim.unsettled': 'Payment is no longer matched to the bank statement',
  'claim.reconciled': 'Bank statement closed',
  'claim.bounced': 'The payment came back',
  'claim.held': 'Put on hold',
  'claim.released': 'Hold released',
  'claim.findings_recorded': 'Findings recorded',
  'claim.invoices_found_distinct': 'Trainer invoices found distinct',
  'claim.message_sent': 'Message sent',
  'claim.assigned': 'Put on somebody’s desk, or taken off it',
  'document.stored': 'Document made',
  'document.failed': 'Document could not be made',
  'delivery.sent': 'E-mailed',
  'document.requeued': 'Making the document is tried again',
  'delivery.sending': 'E-mail going out',
  'delivery.failed': 'E-mail could not be sent',
  'delivery.unconfirmed': 'Not known whether the e-mail went out',
  'delivery.requeued': 'E-mail is tried again',
  'evidence.added': 'Evidence added',
  'evidence.removed': 'Evidence removed',
  'assurance.evidence_requested': 'Drawn for a check: evidence asked for',
  'assurance.passed': 'Check passed',
  'assurance.failed': 'Check failed: not borne out by the evidence',
  'adjustment.proposed': 'Adjustment proposed',
  'adjustment.approved': 'Adjustment approved',
  'adjustment.cancelled': 'Adjustment cancelled',
  'adjustment.set_off': 'Adjustment set off against a payment',
  'adjustment.taken_into_payment': 'Adjustment taken into a payment',
  'adjustment.freed': 'Adjustment out of the payment again',
  'adjustment.set_off_undone': 'Setting off the adjustment undone',
  'adjustment.repaid': 'Adjustment repaid',
  'adjustment.repayment_undone': 'Repayment of the adjustment undone',
};

export interface TimelineEntry {
  readonly title: string;
  readonly by: string;
  readonly at: Date;
  readonly reason: string | null;
}

/** Entries of the timeline as people read them. Who acted is told by organisation: the trail holds no names. */
export function timelineOf(items: readonly TimelineItem[]): TimelineEntry[] {
  return items.map(({ action, organisation, roles, at, reason }) => ({
    title: WORDS[action] ?? sentence(words(action)),
    by: roles.includes('system') ? 'the service' : organisation,
    at,
    reason,
  }));
}

export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
