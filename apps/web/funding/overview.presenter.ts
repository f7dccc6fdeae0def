import { sumPence } from '#kernel';
import { type FundersMoney, type FundingStage, type StageRow, type Summarised } from '#funding';
import { date, dateTime, money, plural } from '../page/index.js';

export interface FundingCard {
  title: string;
  figure: string;
  text: string;
  href: string;
  link: string;
}

type Of = Summarised<StageRow> & { money: FundersMoney; payer: string; funder: string };

/** Adds up what is at these stages. */
export function atStages(rows: readonly StageRow[], ...stages: readonly FundingStage[]) {
  const found = rows.filter(({ stage }) => stages.includes(stage));
  return {
    count: found.reduce((sum, { claimCount }) => sum + claimCount, 0),
    pence: sumPence(found.map(({ amountPence }) => amountPence)),
    firstDueOn: found.map(({ firstDueOn }) => firstDueOn).sort()[0] ?? null,
  };
}

/** The way of the money, step by step, each with where it is looked at. */
export function fundingCards({ rows, money: funders, payer, funder }: Of): FundingCard[] {
  const notAsked = atStages(rows, 'not_asked', 'in_draft');
  const asked = atStages(rows, 'asked');
  const held = atStages(rows, 'held');
  const funded = atStages(rows, 'funded');
  const scheduled = atStages(rows, 'scheduled');
  return [
    {
      title: 'Approved, not asked for',
      figure: money(notAsked.pence),
      text: `${plural(notAsked.count, 'claim')} that ${payer} has not asked ${funder} for${drafts(funders)}`,
      href: notAsked.count > 0 ? '/funding/requests/new' : '/funding/requests',
      link: notAsked.count > 0 ? 'Ask for it' : 'See the requests',
    },
    {
      title: `Asked for, not received`,
      figure: money(Math.max(0, funders.openPence - funders.openReceivedPence)),
      text: `${plural(funders.openCount, 'request')} that ${funder} has not paid in full; ${plural(asked.count, 'claim')} waiting`,
      href: '/funding/requests?state=submitted',
      link: 'See what was asked for',
    },
    {
      title: 'Received',
      figure: money(funders.confirmedPence),
      text: `${received(funders)}`,
      href: funders.recordedCount > 0 ? '/funding/receipts?state=recorded' : '/funding/receipts',
      link: funders.recordedCount > 0 ? 'Confirm receipts' : 'See the receipts',
    },
    {
      title: 'Funded and not paid',
      figure: money(funded.pence + scheduled.pence),
      text: `${plural(funded.count, 'claim')} in no payment run, ${plural(scheduled.count, 'claim')} in one`,
      href: '/funding/queue?state=funded',
      link: 'See the payment queue',
    },
    ...(held.count > 0
      ? [
          {
            title: 'On hold',
            figure: money(held.pence),
            text: `${plural(held.count, 'approved claim')} that nobody is paid for until the hold is released`,
            href: '/funding/queue',
            link: 'See the payment queue',
          },
        ]
      : []),
  ];
}

const drafts = ({ draftCount }: FundersMoney): string =>
  draftCount === 0 ? '' : `, some of it in ${plural(draftCount, 'draft request')}`;

function received(of: FundersMoney): string {
  const parts = [
    of.recordedCount > 0 ? `${money(of.recordedPence)} more waits for a second person` : '',
    of.unallocatedPence > 0 ? `${money(of.unallocatedPence)} of it funds no claim yet` : 'all of it funds claims',
  ];
  return parts.filter((part) => part !== '').join('; ');
}

const NAMES: Readonly<Record<FundingStage, string>> = {
  not_asked: 'Not asked for',
  in_draft: 'In a draft request',
  asked: 'Asked for',
  held: 'On hold',
  funded: 'Funded, in no run',
  scheduled: 'In a payment run',
};

/** The same by authority. */
export const STAGE_CSV = ['authority', 'stage', 'claimCount', 'amountPence', 'firstDueOn'] as const;

export function stagesTable(rows: readonly StageRow[]) {
  return {
    caption: 'Approved and not paid, by authority',
    empty: 'No claim is approved and unpaid: there is nothing to ask for and nothing to pay.',
    head: [
      { text: 'Authority' },
      { text: 'Where it stands' },
      { text: 'Claims', numeric: true },
      { text: 'Amount', numeric: true },
      { text: 'First one due' },
    ],
    rows: rows.map(({ authority, stage, claimCount, amountPence, firstDueOn }) => [
      { text: authority, href: `/funding/queue?authority=${encodeURIComponent(authority)}` },
      { text: NAMES[stage] },
      { text: claimCount.toLocaleString('en-GB'), numeric: true },
      { text: money(amountPence), numeric: true },
      { text: date(firstDueOn) },
    ]),
  };
}

/** As of when figures are, in words. */
export const asOfText = ({ asOf, daily }: { asOf: string; daily: boolean }): string =>
  daily
    ? `Figures of claims as of ${dateTime(asOf)}: they are added up once a day.`
    : `Figures as of now, ${dateTime(asOf)}.`;
