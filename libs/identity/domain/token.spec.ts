import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { hashToken, looksLikeToken, tokenFrom } from './token.js';

describe('a bearer token', () => {
  it('is recognisable and holds all 32 bytes', () => {
    const bytes = randomBytes(32);
    const token = tokenFrom(bytes);
    expect(token).toMatch(/^pct_[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(token.slice(4), 'base64url')).toEqual(bytes);
    expect(looksLikeToken(token)).toBe(true);
  });

  it('is known by the SHA-256 of its text', () => {
    // printf 'pct_AAA…' | sha256sum
    const expected = '234f36dbc65c800e7240093386c34c848a86f9ae2fd8c75a3dfc304e1677a048';
    expect(hashToken(`pct_${'A'.repeat(43)}`).toString('hex')).toBe(expected);
  });

  it.each([
    '',
    'pct_',
    'abc',
    `pct_${'A'.repeat(42)}`,
    `pct_${'A'.repeat(44)}`,
    `xyz_${'A'.repeat(43)}`,
    `pct_${'!'.repeat(43)}`,
  ])('is not "%s"', (text) => expect(looksLikeToken(text)).toBe(false));
});
