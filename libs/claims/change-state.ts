import { conflict } from '#kernel';
import { appendMany } from '#audit';
import { statement, type Tx } from '#platform/database';
import {
  CLAIM_LIFECYCLE,
  isLive,
  isPaidState as isPaid,
  isPossibleWhileHeld,
  type ClaimEvent,
  type ClaimState,
} from './domain/index.js';

/** Columns a step may set together with the state. Money and dates are the step's own; the state is only set here. */
export interface StepColumns {
  terms_id?: string;
  calculation?: string;
  total_pence?: number;
  above_rate_pence?: number;
  submitted_at?: Date;
  submitted_by?: string;
  due_on?: string | null;
  invoice_id?: string;
  invoice_number?: string;
  reviewed_by?: string | null;
  reviewed_at?: Date | null;
  approved_by?: string | null;
  approved_at?: Date | null;
  approved_pence?: number | null;
  approved?: string | null;
  makers?: readonly string[];
  return_notes?: string | null;
  held_at?: null;
  held_by?: null;
  hold_reason?: null;
}

/** Names go into the statement as text, so only these. */
const COLUMN_NAMES: readonly (keyof StepColumns)[] = [
  ...([
    'terms_id',
    'calculation',
    'total_pence',
    'above_rate_pence',
    'submitted_at',
    'submitted_by',
    'due_on',
  ] as const),
  ...(['invoice_id', 'invoice_number', 'reviewed_by', 'reviewed_at', 'approved_by', 'approved_at'] as const),
  ...(['approved_pence', 'approved', 'makers', 'held_at', 'held_by', 'hold_reason', 'return_notes'] as const),
];

/** What the trail calls each step. */
const PAST: Readonly<Record<ClaimEvent, `claim.${string}`>> = {
  submit: 'claim.submitted',
  withdraw: 'claim.withdrawn',
  review: 'claim.reviewed',
  return: 'claim.returned',
  approve: 'claim.approved',
  reject: 'claim.rejected',
  fund: 'claim.funded',
  unfund: 'claim.unfunded',
  schedule: 'claim.scheduled',
  unschedule: 'claim.unscheduled',
  settle: 'claim.settled',
  unsettle: 'claim.unsettled',
  reconcile: 'claim.reconciled',
  bounce: 'claim.bounced',
};

/** A step besides its event. */
export interface Step {
  columns?: StepColumns;
  /** What the trail says besides state and version: ids, codes and figures. */
  details?: object;
  /** What of `details` was something else before, as it was then. */
  replaced?: object;
  /** Why, in the words of whoever decided. */
  reason?: string;
}

/** Claims named by a statement: one column `id`, its parameters numbered from $1. For sets too large to go through this process. */
export interface ClaimSelection {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Entries of the trail go to their function in parts: one value of the database holds a quarter of a gigabyte at most. */
const ENTRIES_AT_ONCE = 5000;

/**
 * The one way a claim's status changes, for one claim or a million: ids, or a statement that gives them, and an event in;
 * one guarded UPDATE and its entries of the trail out, all in one statement. A claim that is not in a state the event may
 * start from, or that a hold keeps, makes the whole step fail (409 `state_conflict`). Trainer invoices follow: they are
 * live exactly while their claim is. Answers how many claims moved.
 *
 * For use cases of this library and of features that build on it (funding, payments), in their own transaction, once they
 * have asked `requireMay` and changed what goes with the step: days, documents, money. Call it last, since the trail's
 * heads are locked last. Never for a controller or a job.
 */
export async function changeState(
  tx: Tx,
  which: readonly string[] | ClaimSelection,
  event: ClaimEvent,
  step: Step = {},
): Promise<number> {
  const listed = !('sql' in which);
  const { sql, values } = listed ? { sql: 'SELECT unnest($1::uuid[]) AS id', values: [which] } : which;
  const { text, parameters } = statementOf(tx, event, step, values.length);
  const whole = `WITH picked AS (${sql}), ${text}`;
  // A step of one claim, or a few, is the same work whichever they are: prepared. A selection's plan is its own.
  const [done] = await tx.query<{ wanted: number; moved: number }>(listed ? statement(whole) : whole, [
    ...values,
    ...parameters,
  ]);
  if (done!.moved !== done!.wanted) throw stateConflict(event);
  return done!.moved;
}

/** All of the step but the choice of its claims, whose parameters come first: there are `taken` of them. */
function statementOf(tx: Tx, event: ClaimEvent, step: Step, taken: number): { text: string; parameters: unknown[] } {
  const { columns = {} } = step;
  const parameters: unknown[] = [];
  const given = (value: unknown): string => `$${taken + parameters.push(value)}`;
  const sources = CLAIM_LIFECYCLE.sources(event);
  const to = CLAIM_LIFECYCLE.find(sources[0]!, event)!.to;
  const names = COLUMN_NAMES.filter((name) => columns[name] !== undefined);
  const sets = names.map((name) => `, ${name} = ${given(columns[name])}`).join('');
  const crosses = sources.some((from) => isLive(from) !== isLive(to));
  const held = isPossibleWhileHeld(event) ? '' : ' AND c.held_at IS NULL';
  const state = `${given(to)}::text`;
  const now = `${given(tx.now)}::timestamptz`;
  const from = `c.state = ANY (${given(sources)}::text[])${held}`;
  const text = `found AS (
      SELECT c.id, c.state FROM claim c WHERE c.id IN (SELECT id FROM picked) AND ${from} ORDER BY c.id FOR UPDATE OF c
    ), moved AS ( -- By the primary key alone: asked for the state again, the planner would go through all claims in it for each one found.
      UPDATE claim c SET state = ${state}, version = c.version + 1, updated_at = ${now}${paidAt(sources, to, now)}${sets}
        FROM found WHERE c.id = found.id
      RETURNING c.id, c.authority_code, found.state AS was, c.version
    )${crosses ? `, invoices AS (UPDATE trainer_invoice i SET live = ${isLive(to)} FROM moved WHERE i.claim_id = moved.id)` : ''},
    entries AS (
      SELECT m.authority_code AS chain, (row_number() OVER (PARTITION BY m.authority_code ORDER BY m.id) - 1) / ${ENTRIES_AT_ONCE} AS part, m.id,
             jsonb_build_object('chain', m.authority_code, 'action', ${given(PAST[event])}::text, 'subjectType', 'claim', 'subjectId', m.id,
               'claimId', m.id, 'reason', ${given(step.reason ?? null)}::text,
               'before', jsonb_build_object('state', m.was, 'version', m.version - 1) || ${given(JSON.stringify(step.replaced ?? {}))}::jsonb,
               'after', jsonb_build_object('state', ${state}, 'version', m.version) || ${given(JSON.stringify(step.details ?? {}))}::jsonb) AS entry
        FROM moved m
    ), parts AS (
      SELECT jsonb_agg(entry ORDER BY id) AS entries FROM entries GROUP BY chain, part ORDER BY chain COLLATE "C", part
    ), told AS MATERIALIZED (
      SELECT ${appendMany('entries', tx, given)} AS count FROM parts
    )
    SELECT (SELECT count(DISTINCT id) FROM picked)::int AS wanted, coalesce((SELECT sum(count) FROM told), 0)::int AS moved`;
  return { text, parameters };
}

/** When the money came, kept while the claim is paid: set on the way there, taken away on the way back. */
function paidAt(sources: readonly ClaimState[], to: ClaimState, now: string): string {
  if (isPaid(to)) return sources.every(isPaid) ? '' : `, paid_at = ${now}`;
  return sources.some(isPaid) ? ', paid_at = NULL' : '';
}

/** The refusal when an event cannot start from where a claim is. */
function stateConflict(event: ClaimEvent): Error {
  const states = CLAIM_LIFECYCLE.sources(event).join(' or ');
  return conflict(
    'state_conflict',
    `A claim can be changed by "${event}" only while it is ${states}${isPossibleWhileHeld(event) ? '' : ', and not on hold'}. Read it again to see where it is now.`,
  );
}

/** The refusal of an edit of what is no longer the authority's to edit. */
export const editConflict = (): Error =>
  conflict(
    'state_conflict',
    'A claim can be edited only while it is a draft or was returned to you. Withdraw it, or wait until it is returned.',
  );

/** Throws conflict when an event cannot start from the claim's state (`state_conflict`) or a hold keeps it (`claim_held`). */
export function requirePossible(claim: { state: ClaimState; held_at: Date | null }, event: ClaimEvent): void {
  if (!CLAIM_LIFECYCLE.find(claim.state, event)) throw stateConflict(event);
  if (!isPossibleWhileHeld(event)) requireNotHeld(claim);
}

/** Throws conflict `claim_held`. */
export function requireNotHeld(claim: { held_at: Date | null }): void {
  if (claim.held_at === null) return;
  throw conflict('claim_held', 'The claim is on hold. Release it first; its timeline says who holds it and why.');
}
