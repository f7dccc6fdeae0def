import { type ClaimListItem, type FormListItem } from '#claims';
import { type AgeingSummary, type AssuranceItemView, type ForecastRow, type QueueItem } from '#funding';
import { sumPence } from '#kernel';
import { type PaymentDetail } from '#payments';
import { type ProgrammeQueries } from '#programme';
import { may } from '#identity';
import { type Actor } from '#platform/database';
import { claimStatus, date, dateTime, days, money, plural, shareBar, TableFile } from '../page/index.js';
import { type Card, type HomePage, type Table, type Task } from './home.view.js';

type Allocation = Awaited<ReturnType<ProgrammeQueries['allocations']>>[number];
type Account = Awaited<ReturnType<ProgrammeQueries['bankDetails']>>;

export interface AuthorityFacts {
  programmes: {
    name: string;
    allocations: readonly Allocation[];
    ageing: AgeingSummary;
    coming: readonly ForecastRow[];
    queue: readonly QueueItem[];
  }[];
  returned: readonly ClaimListItem[];
  moreReturned: boolean;
  forms: readonly FormListItem[];
  drafts: readonly ClaimListItem[];
  asked: readonly AssuranceItemView[];
  lately: readonly ClaimListItem[];
  lastPayment: PaymentDetail | null;
  account: Account;
}

/** So many claims in preparation are named. */
const MOST_FORMS = 5;

/** What an authority has to do, how many days it has left, what it is owed and when that comes. */
export function authorityPage(actor: Actor, facts: AuthorityFacts): HomePage {
  const finance = may(actor, 'claim.submit').allowed;
  return {
    button: may(actor, 'claim.draft').allowed ? { text: 'Start a new claim', href: '/claim-forms/new' } : null,
    tasks: tasksOf(facts, finance),
    nothing: 'Nothing waits for you: no claim was returned, none is in preparation and no evidence is asked for.',
    cards: [owedCard(facts), comingCard(facts), paidCard(facts)],
    allocations: allocationsOf(facts),
    tables: tablesOf(facts),
    links: [
      { text: 'All claims', href: '/claims' },
      { text: 'Payments to us', href: '/payments-to-us' },
      { text: 'Reports', href: '/reports' },
      { text: 'S31 grant', href: '/grants' },
    ],
    asOf: facts.programmes.find(({ ageing }) => ageing.daily)
      ? `Sums as of ${dateTime(facts.programmes.find(({ ageing }) => ageing.daily)!.ageing.asOf)}.`
      : null,
  };
}

const nameOf = (claim: ClaimListItem): string => claim.invoiceNumber ?? claim.authorityReference ?? 'Draft claim';

function tasksOf(facts: AuthorityFacts, finance: boolean): Task[] {
  const inForms = new Set(facts.forms.map(({ claimId }) => claimId));
  const returned = facts.returned.map((claim): Task => ({
    text: `Correct ${nameOf(claim)}`,
    href: `/claims/${claim.id}`,
    hint: `Returned to you: see why, correct it and send it again. ${money(claim.totalPence)}`,
    tag: 'Returned',
    urgent: true,
  }));
  const asked = facts.asked.map((item): Task => ({
    text: `Add evidence to ${item.invoiceNumber}`,
    href: `/claims/${item.claimId}/evidence`,
    hint: `Asked for on ${date(item.requestedAt)}${item.evidenceCount > 0 ? `; ${plural(item.evidenceCount, 'file')} added since` : ''}`,
    tag: item.evidenceCount > 0 ? 'Being checked' : 'Evidence asked for',
    ...(item.evidenceCount > 0 ? {} : { urgent: true as const }),
  }));
  const forms = facts.forms
    .filter(({ claimId }) => !facts.returned.some(({ id }) => id === claimId))
    .map((form): Task => ({
      text: `Continue the claim: ${form.title}`,
      href: `/claim-forms/${form.id}`,
      hint: `${plural(form.invoiceCount, 'trainer invoice')}; saved ${dateTime(form.saved.at)}${form.saved.by.name === null ? '' : ` by ${form.saved.by.name}`}`,
      tag: 'In preparation',
    }));
  const drafts = facts.drafts
    .filter(({ id }) => !inForms.has(id))
    .map((claim): Task => ({
      text: `Check and ${finance ? 'submit' : 'complete'} ${nameOf(claim)}`,
      href: `/claims/${claim.id}`,
      hint: money(claim.totalPence),
      tag: 'Draft',
    }));
  return [
    ...returned,
    ...(facts.moreReturned ? [more('More returned claims', '/claims?state=returned')] : []),
    ...asked,
    ...account(facts.account, finance),
    ...forms.slice(0, MOST_FORMS),
    ...(forms.length > MOST_FORMS
      ? [more(`${plural(forms.length - MOST_FORMS, 'more claim')} in preparation`, '/claim-forms')]
      : []),
    ...drafts,
  ];
}

const more = (text: string, href: string): Task => ({ text, href, tag: 'More' });

function account({ version, confirmedAt }: Account, finance: boolean): Task[] {
  if (confirmedAt !== null || (version === 0 && !finance)) return [];
  return version === 0
    ? [
        {
          text: 'Enter the account you are paid to',
          href: '/bank-details',
          hint: 'Without one nothing can be paid to you',
          tag: 'Bank details missing',
          urgent: true,
        },
      ]
    : [
        {
          text: 'The account you are paid to is being checked',
          href: '/bank-details',
          hint: 'MTM rings you back on a number it knows before anything is paid to it',
          tag: 'Waiting for MTM',
        },
      ];
}

const pennies = (rows: readonly { amountPence: number }[]) => sumPence(rows.map(({ amountPence }) => amountPence));

function owedCard({ programmes }: AuthorityFacts): Card {
  const totals = programmes.map(({ ageing }) => ageing.total);
  const overdue = pennies(programmes.map(({ ageing }) => ageing.overdue));
  const number = totals.reduce((sum, { claimCount }) => sum + claimCount, 0);
  return {
    title: 'Claimed and not paid yet',
    figure: money(pennies(totals)),
    text: `${plural(number, 'claim')}${overdue > 0 ? `, ${money(overdue)} of it overdue` : number > 0 ? ', none overdue' : ''}`,
    href: '/reports/ageing',
    link: 'See how old they are',
  };
}

function comingCard({ programmes }: AuthorityFacts): Card {
  const rows = programmes.flatMap(({ coming }) => coming).filter(({ basis }) => basis === 'expected');
  const first = rows.map(({ month }) => month).sort()[0];
  const next = programmes
    .flatMap(({ queue }) => queue)
    .flatMap(({ expectedPaymentOn }) => (expectedPaymentOn === null ? [] : [expectedPaymentOn]))
    .sort()[0];
  return {
    title: 'Money expected next',
    figure: first === undefined ? 'Not known yet' : money(pennies(rows.filter(({ month }) => month === first))),
    text:
      first === undefined
        ? 'A date is expected once a claim is approved and the funder’s usual time is known'
        : `in ${monthOf(first)}${next === undefined ? '' : `, the first of it about ${date(next)}`}`,
    href: '/reports/cash',
    link: 'See what comes when',
  };
}

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const monthOf = (month: string): string => MONTH.format(new Date(`${month}-01T00:00:00Z`));

function paidCard({ lastPayment }: AuthorityFacts): Card {
  return {
    title: 'Last payment to you',
    figure: lastPayment === null ? 'None yet' : money(lastPayment.amountPence),
    text:
      lastPayment === null
        ? 'Payments show here once the bank’s statement has them'
        : `on ${date(lastPayment.settledAt)}, for ${plural(lastPayment.claimIds.length, 'claim')}`,
    href: '/payments-to-us',
    link: 'See all payments',
  };
}

/** Of each category: drawn and left as one bar, with how long it lasts. */
function allocationsOf({ programmes }: AuthorityFacts): HomePage['allocations'] {
  const several = programmes.length > 1;
  return programmes.flatMap(({ name, allocations }) =>
    allocations
      .filter(({ allottedDays }) => Number(allottedDays) > 0)
      .map((one) => {
        const title = `${one.label}: ${days(one.leftDays)} left of ${one.allottedDays}, ${days(one.drawnDays)} drawn.`;
        return {
          label: several ? `${name}, ${one.label}` : one.label,
          text: `${days(one.leftDays)} left of ${one.allottedDays}. ${one.forecast.text}`,
          chart: shareBar(title, [
            { label: 'Drawn', value: Number(one.drawnDays), text: days(one.drawnDays) },
            { label: 'Left', value: Number(one.leftDays), text: days(one.leftDays), kind: 'other' },
          ]),
        };
      }),
  );
}

const COMING_COLUMNS = [
  'invoiceNumber',
  'amountPence',
  'waitingFor',
  'expectedPaymentOn',
  'estimatedFrom',
  'dueOn',
  'claimId',
];
const LATEST_COLUMNS = [
  'invoiceNumber',
  'authorityReference',
  'state',
  'waitingFor',
  'totalPence',
  'approvedPence',
  'id',
];

function tablesOf({ programmes, lately }: AuthorityFacts): Table[] {
  const queue = programmes.flatMap((part) => part.queue);
  const coming: Table = {
    caption: 'Next to be paid',
    head: [{ text: 'Claim' }, { text: 'Amount', numeric: true }, { text: 'Who acts next' }, { text: 'Money expected' }],
    rows: queue.map((item) => [
      { text: item.invoiceNumber, href: `/claims/${item.claimId}`, nowrap: true },
      { text: money(item.amountPence), numeric: true },
      { text: item.waitingFor },
      { text: date(item.expectedPaymentOn) || `Due by ${date(item.dueOn)}`, hint: sentenceCase(item.estimatedFrom) },
    ]),
    file: new TableFile('next-to-be-paid', COMING_COLUMNS, queue),
  };
  const latest: Table = {
    caption: 'Latest claims',
    empty: 'There are no claims yet. Start a new claim when you have paid a trainer’s invoice.',
    head: [{ text: 'Claim' }, { text: 'Status' }, { text: 'Who acts next' }, { text: 'Amount', numeric: true }],
    rows: lately.map((claim) => [
      { text: nameOf(claim), href: `/claims/${claim.id}`, nowrap: true },
      claimStatus(claim),
      { text: claim.waitingFor ?? 'Nobody: this is finished' },
      { text: money(claim.approvedPence ?? claim.totalPence), numeric: true },
    ]),
    file: new TableFile('latest-claims', LATEST_COLUMNS, lately),
  };
  return queue.length > 0 ? [coming, latest] : [latest];
}
