import { daysBetween, formatPence, longDate } from '#kernel';
import { waitingFor, type ClaimState } from '#claims/domain';
import { type Letter } from '#documents/domain';
import { type ProgrammeTerms } from '#programme';
import { OVERDUE, type AgeBand } from '../domain/index.js';

/** Claims of one state, on hold or not. */
export interface StateLine {
  state: ClaimState;
  held: boolean;
  count: number;
  pence: number;
  firstDueOn: string | null;
}

/** A claim that waits, by when it is due. */
export interface WaitingLine {
  invoiceNumber: string;
  /** The authority's name. */
  authority: string;
  state: ClaimState;
  held: boolean;
  pence: number;
  dueOn: string;
  /** When the money should come, and how that was estimated; null while nothing can be said. */
  expectedOn: string | null;
  estimatedFrom: string | null;
  /** The day the funder was asked for its money; null while nobody has asked. */
  askedOn: string | null;
}

export interface AllocationLine {
  label: string;
  allottedDays: string;
  leftDays: string;
}

/** What a digest says of one programme. */
export interface ProgrammePart {
  programme: string;
  terms: ProgrammeTerms;
  states: readonly StateLine[];
  paidLately: { count: number; pence: number };
  /** Claims drawn for assurance: of an authority those without evidence since, of the payer those without an outcome. */
  unchecked: number;
  /** The most urgent first. */
  waiting: readonly WaitingLine[];
  /** An authority's; null for the payer. */
  allocations: readonly AllocationLine[] | null;
  /** The payer's; null for an authority. */
  bands: readonly (AgeBand & { claimCount: number; amountPence: number })[] | null;
}

export interface Digest {
  /** The Monday of the week. */
  monday: string;
  today: string;
  /** The authority by its name; null for the payer's own people. */
  authority: string | null;
  parts: readonly ProgrammePart[];
}

type Fact = readonly [label: string, value: string];

/** The weekly digest of one organisation, as of now. */
export function digestLetter(digest: Digest): Letter {
  const { authority, monday, parts } = digest;
  const whose = authority ?? parts.map(({ terms }) => terms.payer.shortName).find(Boolean) ?? 'Claims';
  const facts = parts.flatMap((part) =>
    factsOf(digest, part).map(([label, value]): Fact => [
      parts.length > 1 ? `${part.programme}, ${label}` : label,
      value,
    ]),
  );
  const week = longDate(monday);
  return {
    subject: `${whose}: claims in the week of ${week}`,
    heading: `Claims in the week of ${week}`,
    paragraphs: [parts.map((part) => opening(authority, part, parts.length > 1)).join(' ')],
    facts,
    closing: 'You get this every Monday because you asked for it, and can stop it in the claims service at any time.',
    sender: `${parts[0]?.programme ?? ''} claims`.trim(),
    replyTo: null,
    page: '/',
  };
}

function opening(
  authority: string | null,
  { programme, terms, waiting, states }: ProgrammePart,
  named: boolean,
): string {
  const of = named ? ` of ${programme}` : '';
  const open = states.filter(({ firstDueOn }) => firstDueOn !== null);
  const count = open.reduce((sum, one) => sum + one.count, 0);
  if (count === 0) return `No claim${of} waits for payment.`;
  const pence = open.reduce((sum, one) => sum + one.pence, 0);
  const first = waiting[0] === undefined ? '' : `, the first due on ${longDate(waiting[0].dueOn)}`;
  const whose = authority === null ? '' : ` of ${authority}`;
  return `${claimsOf(count)}${whose}${of} for ${formatPence(pence, terms.currency)} ${count === 1 ? 'is' : 'are'} submitted and not paid${first}.`;
}

function factsOf(digest: Digest, part: ProgrammePart): Fact[] {
  const { terms, states, paidLately, unchecked, bands, allocations, waiting } = part;
  const money = (pence: number) => formatPence(pence, terms.currency);
  return [
    ...states.map((line): Fact => [stateLabel(line), stateText(line, part, digest)]),
    ...(paidLately.count === 0
      ? []
      : [['Paid in the last 7 days', `${claimsOf(paidLately.count)}, ${money(paidLately.pence)}`] as const]),
    ...(unchecked === 0 ? [] : [uncheckedFact(digest, unchecked)]),
    ...(bands ?? [])
      .filter(({ claimCount }) => claimCount > 0)
      .map((band): Fact => [ageLabel(band), `${claimsOf(band.claimCount)}, ${money(band.amountPence)}`]),
    ...waiting.map((line): Fact => [line.invoiceNumber, waitingText(line, part, digest)]),
    ...(allocations ?? []).map((line): Fact => [line.label, `${line.leftDays} of ${line.allottedDays} days left`]),
  ];
}

const uncheckedFact = ({ authority }: Digest, count: number): Fact =>
  authority === null
    ? ['Assurance checks to record', claimsOf(count)]
    : ['Evidence asked for', `${claimsOf(count)} drawn for assurance; waits for you to add it`];

const claimsOf = (count: number): string => `${count} ${count === 1 ? 'claim' : 'claims'}`;
const stateLabel = ({ state, held }: StateLine): string =>
  `${state.charAt(0).toUpperCase()}${state.slice(1)}${held ? ', on hold' : ''}`;
const ageLabel = ({ band, fromDays, toDays }: AgeBand): string =>
  band === OVERDUE ? 'Overdue' : `${fromDays} to ${toDays} days old`;

/** Told of several authorities at once, so by no name, or of the reader's own. */
const whomFor = (
  { state, held, askedOn }: { state: ClaimState; held: boolean; askedOn?: string | null },
  { terms }: ProgrammePart,
  digest: Digest,
): string | null => waitingFor(state, held, terms, digest.authority === null ? 'the authority' : null, askedOn);

function stateText(line: StateLine, part: ProgrammePart, digest: Digest): string {
  const waits = whomFor(line, part, digest);
  return [
    `${claimsOf(line.count)}, ${formatPence(line.pence, part.terms.currency)}`,
    ...(waits === null ? [] : [`waits for ${lowerYou(waits)}`]),
    ...(line.firstDueOn === null ? [] : [`first due ${longDate(line.firstDueOn)}`]),
  ].join('; ');
}

function waitingText(line: WaitingLine, part: ProgrammePart, digest: Digest): string {
  const left = daysBetween(digest.today, line.dueOn);
  const waits = whomFor(line, part, digest);
  return [
    ...(digest.authority === null ? [line.authority] : []),
    formatPence(line.pence, part.terms.currency),
    `${line.state}${waits === null ? '' : `, waits for ${lowerYou(waits)}`}`,
    `due ${longDate(line.dueOn)}${left < 0 ? ' (overdue)' : ''}`,
    ...(line.expectedOn === null
      ? []
      : [`expected ${longDate(line.expectedOn)}${line.estimatedFrom === null ? '' : ` (${line.estimatedFrom})`}`]),
  ].join('; ');
}

/** "You to submit this" begins a sentence elsewhere. */
const lowerYou = (waits: string): string => waits.replace(/^You /, 'you ');
