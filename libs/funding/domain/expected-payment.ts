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

/**
 * A waiting claim's expected date: the day the funder was asked for it, today when nobody has asked yet, and the median of
 * how long the funder took before; never in the past. Without history nothing is known (docs/domain.md, Getting paid).
 */
export function expectedPayment(
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
