import { PAYER_ORGANISATION } from './roles.js';

/** How long a session lasts, in seconds. */
export interface SessionLimits {
  /** Without a request. */
  readonly idleSeconds: number;
  /** In all, whatever happens. */
  readonly absoluteSeconds: number;
}

const MINUTE = 60;
const HOUR = 3600;

/**
 * The limits of a session of somebody of this organisation, or of nobody (null). Shorter for the payer's staff, who see
 * every authority and move money; an authority's officer reads invoices on paper between two fields (docs/adr/0040-sign-in.md).
 */
export function sessionLimits(organisation: string | null): SessionLimits {
  if (organisation === null) return { idleSeconds: 15 * MINUTE, absoluteSeconds: HOUR };
  const idleSeconds = organisation === PAYER_ORGANISATION ? 30 * MINUTE : 60 * MINUTE;
  return { idleSeconds, absoluteSeconds: 12 * HOUR };
}
