import { createHash } from 'node:crypto';

/** Makes a token that leaked into a log or a repository recognisable to scanners and to people. */
const TOKEN_PREFIX = 'pct_';
/** For how many days a token works. */
export const TOKEN_DAYS = { min: 1, default: 90, max: 366 } as const;

const TOKEN = /^pct_[A-Za-z0-9_-]{43}$/;

/** A bearer token out of 32 random bytes: the prefix and base64url. It is shown once and stored nowhere. */
export const tokenFrom = (random: Buffer): string => TOKEN_PREFIX + random.toString('base64url');

/** SHA-256 of the whole token. Unsalted: the token is random already, and it must be found by one index look-up. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest();

/** Whether this could be a token of ours at all, so that rubbish never reaches the database. */
export const looksLikeToken = (text: string): boolean => TOKEN.test(text);
