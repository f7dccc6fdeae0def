/** What is known of the guesses at one account. */
export interface Attempts {
  /** Wrong ones since the last right one, or since a quiet day. */
  readonly failures: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly lockedUntil: Date | null;
}

type Admission =
  | { readonly admitted: true; readonly next: Attempts }
  | { readonly admitted: false; readonly retryAfterSeconds: number };

/** The fifth wrong guess locks. */
const FREE = 5;
const LONGEST_MINUTES = 60;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** After a day without a guess it begins anew: nobody else's old guesses shorten what one may mistype. */
const QUIET_MS = 24 * HOUR_MS;
const RESETS_AN_HOUR = 3;

/** For how many minutes this many wrong guesses in a row lock an account: none for four, then 1, 2, 4 … up to 60. */
export function lockMinutes(failures: number): number {
  return failures < FREE ? 0 : Math.min(LONGEST_MINUTES, 2 ** Math.min(failures - FREE, 10));
}

const noneYet = (now: Date): Attempts => ({ failures: 0, firstAt: now, lastAt: now, lockedUntil: null });
const secondsUntil = (then: number, now: Date): number => Math.max(1, Math.ceil((then - now.getTime()) / 1000));

/**
 * Whether a guess is looked at. It counts as wrong before it is: guesses made at the same time cannot all be looked at
 * before the first has failed. A guess while it is locked, right or wrong, is not looked at and does not count.
 */
export function admitGuess(before: Attempts, now: Date): Admission {
  if (before.lockedUntil !== null && before.lockedUntil > now) {
    return { admitted: false, retryAfterSeconds: secondsUntil(before.lockedUntil.getTime(), now) };
  }
  const known = now.getTime() - before.lastAt.getTime() >= QUIET_MS ? noneYet(now) : before;
  const failures = known.failures + 1;
  const minutes = lockMinutes(failures);
  const lockedUntil = minutes === 0 ? null : new Date(now.getTime() + minutes * MINUTE_MS);
  return { admitted: true, next: { ...known, failures, lastAt: now, lockedUntil } };
}

/** Whether another e-mail with a link goes to an address: three within an hour of the first. */
export function admitReset(before: Attempts, now: Date): Admission {
  const over = before.firstAt.getTime() + HOUR_MS;
  const known = now.getTime() >= over ? noneYet(now) : before;
  if (known.failures >= RESETS_AN_HOUR) return { admitted: false, retryAfterSeconds: secondsUntil(over, now) };
  return { admitted: true, next: { ...known, failures: known.failures + 1, lastAt: now } };
}
