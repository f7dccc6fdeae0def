import { createHash } from 'node:crypto';

/** What a link is for: a first password, or another one. */
export type LinkPurpose = 'invitation' | 'reset';

const HOUR_MS = 3_600_000;

/** For how long a link works, in milliseconds. */
export const LINK_LIFETIME_MS: Record<LinkPurpose, number> = { invitation: 7 * 24 * HOUR_MS, reset: HOUR_MS };

/** The token in a link: 32 random bytes, base64url. */
export const LINK_TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** SHA-256 of random text that is kept nowhere else: the token of a link, the id in the cookie of a session. */
export const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** The address in the e-mail. `publicUrl` is PUBLIC_URL. */
export const linkAddress = (publicUrl: string, purpose: LinkPurpose, token: string): string =>
  `${publicUrl.replace(/\/+$/, '')}/${purpose}/${token}`;
