import { createHash } from 'node:crypto';
import type pg from 'pg';
import { ADJUSTMENTS } from './invariants/adjustments.js';
import { ASSURANCE } from './invariants/assurance.js';
import { BOOKS } from './invariants/books.js';
import { CLAIMS } from './invariants/claims.js';
import { CLOCK } from './invariants/clock.js';
import { FUNDING } from './invariants/funding.js';
import { GRANTS } from './invariants/grants.js';
import { type Invariants } from './invariants/invariant.js';
import { PAYMENTS } from './invariants/payments.js';
import { RECONCILIATION } from './invariants/reconciliation.js';
import { TRAIL } from './invariants/trail.js';

/** All that docs/domain.md, "What always holds", says, as far as a statement can ask it. A spec may ask a part. */
export const INVARIANTS = {
  ...CLAIMS,
  ...FUNDING,
  ...PAYMENTS,
  ...RECONCILIATION,
  ...ADJUSTMENTS,
  ...CLOCK,
  ...ASSURANCE,
  ...GRANTS,
  ...BOOKS,
  ...TRAIL,
} as const;
export type InvariantName = keyof typeof INVARIANTS;
/** For specs that arrange what comes later behind everybody's back: up to approval; up to funding; up to payment runs. */
export const CLAIM_INVARIANTS: Invariants = { ...CLAIMS, ...TRAIL };
export const FUNDING_INVARIANTS: Invariants = { ...FUNDING, ...BOOKS };
export const PAYMENT_INVARIANTS: Invariants = { ...FUNDING_INVARIANTS, ...PAYMENTS };

/** At most so many examples of each are told. */
const EXAMPLES = 5;

/** What is broken, by the invariant's name: an empty object when all is well. `admin` sees every row. */
export async function brokenInvariants(
  admin: pg.Client,
  of: Invariants = INVARIANTS,
): Promise<Record<string, unknown[]>> {
  const text = Object.entries(of)
    .map(([name, sql]) => `(SELECT '${name}' AS name, to_jsonb(found) AS row FROM (${sql}) AS found LIMIT ${EXAMPLES})`)
    .join('\nUNION ALL\n');
  // Prepared: to plan all of them costs more than to ask them.
  const name = `invariants-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  const { rows } = await admin.query<{ name: string; row: unknown }>({ name, text });
  const broken: Record<string, unknown[]> = {};
  for (const { name: which, row } of rows) (broken[which] ??= []).push(row);
  return broken;
}

/** What is broken of one. */
export const brokenRows = async (admin: pg.Client, name: InvariantName): Promise<unknown[]> =>
  (await brokenInvariants(admin, { [name]: INVARIANTS[name] }))[name] ?? [];

/** What is broken of the funder's money and the books. */
export const brokenFunding = (admin: pg.Client): Promise<Record<string, unknown[]>> =>
  brokenInvariants(admin, FUNDING_INVARIANTS);
