import { type ClaimListItem, type Waiting } from '#claims';
import { type DeliveryQueries, type FailedJobView } from '#documents';
import { type AgeingSummary, type ReceiptListItem, type SummaryReports } from '#funding';
import { may } from '#identity';
import { sumPence } from '#kernel';
import { type PaymentsWaiting } from '#payments';
import { type Actor } from '#platform/database';
import { type LowAllocation } from '#programme';
import { date, dateTime, days, money, plural, TableFile } from '../page/index.js';
import { counted, type Card, type HomePage, type Table, type Task } from './home.view.js';

type Funding = Awaited<ReturnType<SummaryReports['funding']>>;

/** What the payer's people are told; null for what is not their business. */
export interface PayerFacts {
  today: string;
  waiting: Waiting | null;
  payments: PaymentsWaiting | null;
  accounts: readonly string[];
  toConfirm: readonly ReceiptListItem[];
  ageing: AgeingSummary | null;
  funding: Funding | null;
  toReview: readonly ClaimListItem[];
  toApprove: readonly ClaimListItem[];
  low: readonly LowAllocation[] | null;
  jobs: { figures: Awaited<ReturnType<DeliveryQueries['figures']>>; items: readonly FailedJobView[] } | null;
}

export function payerPage(actor: Actor, facts: PayerFacts): HomePage {
  const reads = facts.ageing ?? facts.funding;
  return {
    button: null,
    tasks: [...claimTasks(actor, facts), ...moneyTasks(actor, facts), ...jobTasks(actor, facts)],
    nothing: nothingText(actor),
    cards: cardsOf(facts),
    allocations: [],
    tables: tablesOf(facts),
    links: linksOf(actor),
    asOf: reads === null ? null : `${reads.daily ? 'Sums' : 'Figures'} as of ${dateTime(reads.asOf)}.`,
  };
}

const mayDo = (actor: Actor, action: Parameters<typeof may>[1]): boolean => may(actor, action).allowed;

function nothingText(actor: Actor): string {
  if (actor.roles.includes('auditor')) return 'Nothing is asked of you. You may read everything and change nothing.';
  if (actor.roles.includes('administrator')) return 'No job has failed, and no e-mail is unconfirmed.';
  if (actor.roles.includes('coordinator')) return 'Nothing waits for you.';
  return 'Nothing waits for you: nothing to review, to approve, to confirm or to match.';
}

/** A task that is there while there is something to do. */
const task = (count: number, of: Omit<Task, 'tag'>): Task[] => (count === 0 ? [] : [{ ...of, tag: counted(count) }]);

function claimTasks(actor: Actor, { waiting, toReview, toApprove, today }: PayerFacts): Task[] {
  if (waiting === null) return [];
  return [
    ...(mayDo(actor, 'claim.review')
      ? task(waiting.submitted, { text: 'Review claims', href: '/queue?show=review', ...urgency(toReview, today) })
      : []),
    ...(mayDo(actor, 'claim.approve')
      ? [
          ...task(waiting.reviewed, {
            text: 'Approve or reject reviewed claims',
            href: '/queue?show=approve',
            ...urgency(toApprove, today),
          }),
          ...task(waiting.adjustments, {
            text: 'Approve or cancel adjustments',
            href: '/adjustments?state=proposed',
            hint: 'Overpayments that somebody proposed to take back',
          }),
        ]
      : []),
  ];
}

/** Of a pile in the order of the due dates: which comes first. */
function urgency([first]: readonly ClaimListItem[], today: string): { hint?: string; urgent?: true } {
  if (!first?.dueOn) return {};
  const late = first.dueOn < today;
  const hint = `The most urgent, ${first.invoiceNumber}, ${late ? 'was' : 'is'} to be paid by ${date(first.dueOn)}`;
  return late ? { hint, urgent: true } : { hint };
}

function moneyTasks(actor: Actor, facts: PayerFacts): Task[] {
  const { funding, payments, waiting } = facts;
  const at = (stage: string) => (funding?.rows ?? []).filter((row) => row.stage === stage);
  const count = (stage: string) => at(stage).reduce((sum, { claimCount }) => sum + claimCount, 0);
  const pence = (stage: string) => money(sumPence(at(stage).map(({ amountPence }) => amountPence)));
  const confirm = facts.toConfirm;
  const finance = mayDo(actor, 'payment_run.prepare');
  return [
    ...task(confirm.length, {
      text: 'Confirm receipts that somebody else recorded',
      href: '/funding/receipts?state=recorded',
      hint: `${money(sumPence(confirm.map(({ amountPence }) => amountPence)))} that funds nothing until then`,
    }),
    ...(finance
      ? [
          ...task(count('not_asked'), {
            text: `Ask ${funding?.funder ?? 'the funder'} for approved claims`,
            href: '/funding/requests/new',
            hint: `${pence('not_asked')} in no request`,
          }),
          ...task(funding?.money.draftCount ?? 0, {
            text: 'Submit or cancel draft requests',
            href: '/funding/requests?state=draft',
          }),
          ...task(count('funded'), {
            text: 'Put funded claims into a payment run',
            href: '/payments',
            hint: `${pence('funded')} that could be paid now`,
          }),
          ...task(payments?.openLines ?? 0, { text: 'Match lines of bank statements', href: '/bank' }),
          ...task(facts.accounts.length, {
            text: 'Confirm bank details by telephone',
            href: '/bank-details',
            hint: `${some(facts.accounts)}: nothing is paid there until then`,
          }),
          ...task(waiting?.held ?? 0, { text: 'Look at claims on hold', href: '/queue?show=held' }),
        ]
      : []),
    ...(mayDo(actor, 'payment_run.approve')
      ? task(payments?.preparedRuns ?? 0, {
          text: 'Approve or cancel payment runs',
          href: '/payments?state=prepared',
          hint: 'Not one that you prepared, nor with a claim that you approved',
        })
      : []),
  ];
}

const some = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;

function jobTasks(actor: Actor, { jobs }: PayerFacts): Task[] {
  if (jobs === null || !mayDo(actor, 'job.manage')) return [];
  const { documentsFailed, deliveriesFailed, deliveriesUnconfirmed } = jobs.figures;
  return [
    ...task(documentsFailed, { text: 'Retry documents that could not be made', href: '/jobs', urgent: true }),
    ...task(deliveriesFailed, { text: 'Send failed e-mails again', href: '/jobs', urgent: true }),
    ...task(deliveriesUnconfirmed, {
      text: 'Look at unconfirmed e-mails',
      href: '/jobs',
      hint: 'They may or may not have arrived; they are never sent again by themselves',
    }),
  ];
}

function cardsOf({ ageing, funding, jobs }: PayerFacts): Card[] {
  const cards: Card[] = [];
  if (ageing) {
    cards.push({
      title: 'Submitted and not paid',
      figure: money(ageing.total.amountPence),
      text: `${plural(ageing.total.claimCount, 'claim')}; ${overdueText(ageing)}`,
      href: '/reports/ageing',
      link: 'See how old they are',
    });
  }
  if (funding) {
    const { openPence, openReceivedPence, unallocatedPence } = funding.money;
    cards.push({
      title: `Asked of ${funding.funder}, not received`,
      figure: money(Math.max(0, openPence - openReceivedPence)),
      text:
        unallocatedPence > 0
          ? `${money(unallocatedPence)} received funds no claim yet`
          : 'All that was received funds claims',
      href: '/funding',
      link: 'See the funding',
    });
  }
  if (jobs) {
    const { documentsFailed, deliveriesFailed, deliveriesUnconfirmed } = jobs.figures;
    const failed = documentsFailed + deliveriesFailed;
    cards.push({
      title: 'Failed jobs',
      figure: failed.toLocaleString('en-GB'),
      text: `${plural(documentsFailed, 'document')}, ${plural(deliveriesFailed, 'e-mail')}; ${plural(deliveriesUnconfirmed, 'e-mail')} unconfirmed`,
      href: '/jobs',
      link: 'See the jobs',
    });
  }
  return cards;
}

const overdueText = ({ overdue }: AgeingSummary): string =>
  overdue.claimCount === 0
    ? 'none overdue'
    : `${overdue.claimCount.toLocaleString('en-GB')} worth ${money(overdue.amountPence)} overdue`;

function tablesOf({ toReview, toApprove, low, jobs, today }: PayerFacts): Table[] {
  const tables: Table[] = [];
  if (toReview.length > 0) tables.push(claimsTable('Most urgent to review', 'to-review', toReview, today));
  if (toApprove.length > 0) tables.push(claimsTable('Most urgent to approve', 'to-approve', toApprove, today));
  if (low !== null) {
    tables.push({
      caption: 'Allocations nearly used up',
      empty: 'No allocation has less than a tenth of its days left.',
      head: [{ text: 'Authority' }, { text: 'Allocation' }, { text: 'Left', numeric: true }],
      rows: low.map((one) => [
        { text: one.authority, href: `/allocations?authority=${encodeURIComponent(one.authority)}` },
        { text: one.label },
        { text: `${days(one.leftDays)} of ${one.allottedDays}`, numeric: true },
      ]),
      file: new TableFile('low-allocations', ['authority', 'programme', 'label', 'leftDays', 'allottedDays'], low),
    });
  }
  if (jobs && jobs.items.length > 0) {
    tables.push({
      caption: 'Newest failures',
      head: [{ text: 'What' }, { text: 'Authority' }, { text: 'When' }, { text: 'Why' }],
      rows: jobs.items.map((item) => [
        { text: item.number ?? item.kind },
        { text: item.authority },
        { text: dateTime(item.at) },
        { text: item.lastError ?? 'Not known' },
      ]),
      file: new TableFile(
        'newest-failures',
        ['kind', 'number', 'authority', 'state', 'at', 'lastError', 'id'],
        jobs.items,
      ),
    });
  }
  return tables;
}

const claimsTable = (caption: string, name: string, items: readonly ClaimListItem[], today: string): Table => ({
  caption,
  head: [
    { text: 'Claim' },
    { text: 'Authority' },
    { text: 'Amount', numeric: true },
    { text: 'Submitted' },
    { text: 'To be paid by' },
  ],
  rows: items.map((claim) => [
    { text: claim.invoiceNumber ?? 'Claim', href: `/claims/${claim.id}`, nowrap: true },
    { text: claim.authority },
    { text: money(claim.totalPence), numeric: true },
    { text: date(claim.submittedAt) },
    { text: date(claim.dueOn), ...(claim.dueOn !== null && claim.dueOn < today ? { hint: 'Overdue' } : {}) },
  ]),
  file: new TableFile(name, ['invoiceNumber', 'authority', 'state', 'totalPence', 'submittedAt', 'dueOn', 'id'], items),
});

function linksOf(actor: Actor): { text: string; href: string }[] {
  const all: [text: string, href: string, shown: boolean][] = [
    ['Work queue', '/queue', mayDo(actor, 'claim.assign')],
    ['Claims', '/claims', true],
    ['Allocations and their moves', '/allocations', actor.roles.includes('coordinator')],
    ['Verify the audit trail', '/audit', actor.roles.includes('auditor')],
    ['Trial balance', '/reports/trial-balance', actor.roles.includes('auditor')],
    ['Assurance samples', '/assurance', mayDo(actor, 'assurance.draw') || actor.roles.includes('auditor')],
    ['Warnings of unpaid claims', '/reports/warnings', mayDo(actor, 'claim.review')],
    ['Reports', '/reports', mayDo(actor, 'ledger.read')],
    ['Users and invitations', '/users', mayDo(actor, 'user.manage')],
    ['Jobs', '/jobs', mayDo(actor, 'job.manage')],
  ];
  return all.flatMap(([text, href, shown]) => (shown ? [{ text, href }] : []));
}
