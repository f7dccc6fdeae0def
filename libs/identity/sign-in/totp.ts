import { Secret, TOTP } from 'otpauth';
import { acceptsStep, TOTP_PERIOD_SECONDS, totpStep } from '../domain/index.js';

const ISSUER = 'Programme claims';
/** What every authenticator app understands; most ignore any other choice. */
const FORM = { algorithm: 'SHA1', digits: 6, period: TOTP_PERIOD_SECONDS } as const;
const CODE = /^\d{6}$/;

/** A new secret, 160 bits, base32 (RFC 4226, 4). */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32;

/** What a telephone scans (otpauth://totp/…). `email` names the account in the app. */
export const totpUri = (secret: string, email: string): string =>
  new TOTP({ ...FORM, issuer: ISSUER, label: email, secret }).toString();

/** The step the code belongs to when it is taken now, else null. `last` is the step of the last code that was taken. */
export function totpStepOf(secret: string, code: string, now: Date, last: number | null): number | null {
  const plain = code.replace(/\s/g, '');
  if (!CODE.test(plain)) return null;
  const { algorithm, digits, period } = FORM;
  const given = { secret: Secret.fromBase32(secret), token: plain, algorithm, digits, period };
  const delta = TOTP.validate({ ...given, timestamp: now.getTime(), window: 1 });
  if (delta === null) return null;
  const step = totpStep(now) + delta;
  return acceptsStep(step, now, last) ? step : null;
}

/** The code of an instant: what a telephone shows. For tests and the demonstration. */
export const totpCode = (secret: string, at: Date): string =>
  TOTP.generate({ ...FORM, secret: Secret.fromBase32(secret), timestamp: at.getTime() });
