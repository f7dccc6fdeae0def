import { daysBetween, formatPence, longDate } from '#kernel';
import { waitingFor, type ClaimState } from '#claims/domain';
import { type Letter } from '#documents/domain';
import { type ProgrammeTerms } from '#programme';
import { OVERDUE } from '../domain/index.js';

/** A claim as a warning tells of it; its own terms say whom it waits for. */
export interface WarnedClaim {
  invoiceNumber: string;
  /** The authority's name. */
  authority: string;
  pence: number;
  state: ClaimState;
  held: boolean;
  dueOn: string;
  /** The day the funder was asked for its money; null while nobody has asked. */
  askedOn: string | null;
  terms: ProgrammeTerms;
}

export interface Warning {
  programme: string;
  level: string;
  today: string;
  count: number;
  pence: number;
  firstDueOn: string;
  lastDueOn: string;
  /** The most urgent first, at most MOST_LISTED of `count`. */
  claims: readonly WarnedClaim[];
}

/** A letter is read; what is more is in the list of warnings. */
export const MOST_LISTED = 50;

/** Tells MTM finance which claims have reached a level of the clock, the most urgent first, and whose turn each is. */
export function warningLetter(warning: Warning, terms: ProgrammeTerms): Letter {
  const { programme, level, count, pence, claims } = warning;
  const what = `${claimsOf(count)}, ${formatPence(pence, terms.currency)}`;
  const overdue = level === OVERDUE;
  const rest = count - claims.length;
  return {
    subject: overdue ? `${programme}: overdue, ${what}` : `${programme}: unpaid after ${level} days, ${what}`,
    heading: overdue ? 'Claims that are overdue' : `Claims unpaid ${level} days after their submission`,
    paragraphs: [opening(warning, terms)],
    facts: [
      ...claims.map((claim): [string, string] => [claim.invoiceNumber, line(claim, warning)]),
      ...(rest > 0 ? [['And more', `${claimsOf(rest)}; the service’s list of warnings has them all`] as const] : []),
    ],
    closing: `You are told of each claim once at each of these times, and not again once it is paid. Claims on hold are among them: a hold does not stop the ${terms.payment.withinDays} days.`,
    sender: `${programme} claims`,
    replyTo: null,
    page: warningsPage(warning),
  };
}

/** What was warned of on that day at that level, whatever has become of it since. */
const warningsPage = ({ programme, level, today }: Warning): string =>
  `/reports/warnings?${new URLSearchParams({ on: today, level, programme }).toString()}`;

const claimsOf = (count: number): string => `${count} ${count === 1 ? 'claim' : 'claims'}`;
const daysOf = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`;

function opening({ level, count, firstDueOn, lastDueOn }: Warning, { payment }: ProgrammeTerms): string {
  const one = count === 1;
  const when =
    firstDueOn === lastDueOn ? longDate(firstDueOn) : `between ${longDate(firstDueOn)} and ${longDate(lastDueOn)}`;
  if (level === OVERDUE) {
    return `${one ? 'This claim was' : 'These claims were'} due ${firstDueOn === lastDueOn ? 'on ' : ''}${when} and ${one ? 'is' : 'are'} not paid: the ${daysOf(payment.withinDays)} are over.`;
  }
  return `${one ? 'This claim is' : 'These claims are'} not paid, ${level} days or more after ${one ? 'its' : 'their'} submission. The ${daysOf(payment.withinDays)} end ${firstDueOn === lastDueOn ? 'on ' : ''}${when}.`;
}

function line({ authority, pence, state, held, dueOn, askedOn, terms }: WarnedClaim, { today }: Warning): string {
  const left = daysBetween(today, dueOn);
  const due = left < 0 ? `${daysOf(-left)} ago` : left === 0 ? 'today' : `in ${daysOf(left)}`;
  const waits = waitingFor(state, held, terms, authority, askedOn);
  return [
    `${authority}, ${formatPence(pence, terms.currency)}`,
    `${state}${waits === null ? '' : `: waits for ${waits}`}`,
    `due ${longDate(dueOn)} (${due})`,
  ].join('; ');
}
