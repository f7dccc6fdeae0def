import { addDays } from '#kernel';

/** How long the funder took before: the median of whole days from a request to the money that named it. */
export interface History {
  readonly medianDays: number;
  readonly payments: number;
}

/** When the money should come, and how that was estimated; both in the programme's words. */
export interface Expectation {
  readonly on: string | null;
  readonly from: string;
}

/** The payment run that a scheduled claim is in; `payOn` is the London day it was approved, null until then. */
export interface PayingRun {
  readonly number: string;
  readonly payOn: string | null;
}

/** What is known of one claim that is on its way to be paid. */
export interface OnItsWay {
  readonly state: 'approved' | 'funded' | 'scheduled';
  readonly held: boolean;
  /** The day the funder was asked for it. */
  readonly askedOn: string | null;
  readonly run: PayingRun | null;
}

/**
 * When a claim should be paid: while it waits for the funder's money, the day that should come; once it is in a payment run,
 * the day the bank was told to pay. In between nothing is known, nor of a claim on hold (docs/domain.md, Getting paid).
 */
export function expectedPayment(
  claim: OnItsWay,
  known: { history: History | null; today: string; funder: string },
): Expectation {
  if (claim.state === 'scheduled') return byRun(claim.run);
  if (claim.held) return { on: null, from: 'not known yet: it is on hold' };
  if (claim.state === 'funded') return { on: null, from: 'not known yet: it is in no payment run so far' };
  return byHistory(known.history, { ...known, askedOn: claim.askedOn });
}

function byRun(run: PayingRun | null): Expectation {
  if (run === null) return { on: null, from: 'not known yet' };
  if (run.payOn === null) return { on: null, from: `not known yet: payment run ${run.number} is not approved so far` };
  return { on: run.payOn, from: `payment run ${run.number} is paid on the day of its approval` };
}

/**
 * The day the funder was asked, today when nobody has asked yet, and the median of how long the funder took before; never in
 * the past. Without history nothing is known.
 */
function byHistory(
  history: History | null,
  of: { askedOn: string | null; today: string; funder: string },
): Expectation {
  if (history === null) return { on: null, from: `not known yet: ${of.funder} has not paid a request so far` };
  const asked = of.askedOn ?? of.today;
  const on = addDays(asked, history.medianDays);
  const days = `${history.medianDays} ${history.medianDays === 1 ? 'day' : 'days'}`;
  const base = `the median of ${history.payments} past ${history.payments === 1 ? 'payment' : 'payments'} of ${of.funder}: ${days} after it was asked`;
  const late = on < of.today;
  return {
    on: late ? of.today : on,
    from: of.askedOn === null ? `${base}; as if asked today` : late ? `${base}; that day has passed` : base,
  };
}
