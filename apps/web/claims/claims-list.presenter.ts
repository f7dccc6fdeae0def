import { type ClaimListItem } from '#claims';
import { CLAIM_STATES } from '#claims/domain';
import { claimStatus, date, money } from '../page/index.js';

/** Columns of the list as a file: the same as the API's. */
export const CLAIM_CSV_COLUMNS = [
  ...['invoiceNumber', 'authority', 'state', 'waitingFor', 'totalPence', 'approvedPence', 'submittedAt', 'dueOn'],
  ...['expectedPaymentOn', 'estimatedFrom', 'authorityReference', 'purchaseOrder', 'hold.reason', 'programme', 'id'],
] as const;

/** States as a list of choices; two states that read alike are told apart by what is done. */
export function stateChoices(chosen: string | undefined): { value: string; text: string; selected: boolean }[] {
  const texts = { reconciled: 'Paid and reconciled' } as Readonly<Record<string, string>>;
  return [
    { value: '', text: 'All', selected: !chosen },
    ...CLAIM_STATES.map((state) => ({
      value: state,
      text: texts[state] ?? claimStatus({ state }).text,
      selected: state === chosen,
    })),
  ];
}

/** What a claim is called: its invoice's number, or what the authority calls it. */
export const claimName = (claim: Pick<ClaimListItem, 'invoiceNumber' | 'authorityReference'>): string =>
  claim.invoiceNumber ?? claim.authorityReference ?? 'Draft claim';

/** The list as a table. `everybody` adds whose each claim is, for those who see more than their own. */
export function claimsTable(items: readonly ClaimListItem[], everybody: boolean, filtered: boolean) {
  return {
    caption: 'Claims',
    captionHidden: true,
    empty: filtered ? 'No claim matches these filters.' : 'There are no claims yet.',
    head: [
      { text: 'Claim' },
      ...(everybody ? [{ text: 'Authority' }] : []),
      { text: 'Status' },
      { text: 'Who acts next' },
      { text: 'Amount', numeric: true },
      { text: 'Submitted' },
      { text: 'Money expected' },
    ],
    rows: items.map((claim) => [
      { text: claimName(claim), href: `/claims/${claim.id}`, nowrap: true },
      ...(everybody ? [{ text: claim.authority }] : []),
      claimStatus(claim),
      { text: claim.waitingFor ?? 'Nobody: this is finished' },
      { text: money(claim.approvedPence ?? claim.totalPence), numeric: true },
      { text: date(claim.submittedAt) },
      { text: date(claim.expectedPaymentOn) || 'Not known yet' },
    ]),
  };
}
