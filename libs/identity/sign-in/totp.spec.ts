import { describe, expect, it } from '@jest/globals';
import { Secret } from 'otpauth';
import { newTotpSecret, totpCode, totpStepOf, totpUri } from './totp.js';

/** RFC 6238, appendix B, the SHA-1 rows, of which the last six digits count. */
const RFC_SECRET = Secret.fromUTF8('12345678901234567890').base32;
const at = (seconds: number): Date => new Date(seconds * 1000);

describe('codes of a telephone', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
  ])('are those of RFC 6238 at %i', (seconds, code) => {
    expect(totpCode(RFC_SECRET, at(seconds))).toBe(code);
    expect(totpStepOf(RFC_SECRET, code, at(seconds), null)).toBe(Math.floor(seconds / 30));
  });

  it('are taken half a minute early and late, and named by their own step', () => {
    const code = totpCode(RFC_SECRET, at(600));
    expect(totpStepOf(RFC_SECRET, code, at(630), null)).toBe(20);
    expect(totpStepOf(RFC_SECRET, code, at(570), null)).toBe(20);
    expect(totpStepOf(RFC_SECRET, code, at(660), null)).toBeNull();
    expect(totpStepOf(RFC_SECRET, code, at(539), null)).toBeNull();
  });

  it('work once', () => {
    const code = totpCode(RFC_SECRET, at(600));
    const step = totpStepOf(RFC_SECRET, code, at(600), null);
    expect(totpStepOf(RFC_SECRET, code, at(600), step)).toBeNull();
    expect(totpStepOf(RFC_SECRET, code, at(629), step)).toBeNull();
  });

  it('may be typed with a space, and are nothing else', () => {
    expect(totpStepOf(RFC_SECRET, ' 287 082', at(59), null)).toBe(1);
    for (const code of ['', '28708', '2870821', '28708a', '94287082']) {
      expect(totpStepOf(RFC_SECRET, code, at(59), null)).toBeNull();
    }
  });

  it('come of a secret that a telephone can be given', () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(secret);
    const uri = new URL(totpUri(secret, 'finance@mtm.example'));
    expect([uri.protocol, uri.host, uri.searchParams.get('secret')]).toEqual(['otpauth:', 'totp', secret]);
    expect(decodeURIComponent(uri.pathname)).toContain('finance@mtm.example');
  });
});
