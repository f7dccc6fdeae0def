import { PAYER_ORGANISATION } from './roles.js';

/** Whether a user of this organisation signs in with a password only together with a second factor: all of the payer's do. */
export const needsSecondFactor = (organisation: string): boolean => organisation === PAYER_ORGANISATION;

/** Seconds a code of a telephone stands for (RFC 6238, 4.1). */
export const TOTP_PERIOD_SECONDS = 30;

/** The number of the 30 seconds an instant is in. */
export const totpStep = (at: Date): number => Math.floor(at.getTime() / 1000 / TOTP_PERIOD_SECONDS);

/**
 * Whether a code that belongs to `step` is taken now: of this step or of a neighbour, for clocks that differ and slow
 * typing, and later than the last one that was taken, so that none works twice (RFC 6238, 5.2).
 */
export function acceptsStep(step: number, now: Date, last: number | null): boolean {
  return Math.abs(step - totpStep(now)) <= 1 && (last === null || step > last);
}
