import { conflict } from '#kernel';
import { appendAudits } from '#audit';
import { type Tx } from '#platform/database';
import { CLAIM_LIFECYCLE, isLive, isPossibleWhileHeld, type ClaimEvent, type ClaimState } from './domain/index.js';

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
  ...(['approved_pence', 'approved', 'makers', 'held_at', 'held_by', 'hold_reason'] as const),
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

interface MovedClaim {
  id: string;
  authority_code: string;
  from: ClaimState;
  version: number;
}

/**
 * The one way a claim's status changes, for one claim or a million: ids and an event in, one guarded UPDATE and its entries
 * of the trail out. A claim that is not in a state the event may start from, or that a hold keeps, makes the whole step
 * fail (409 `state_conflict`). Trainer invoices follow: they are live exactly while their claim is.
 *
 * For use cases of this library and of features that build on it (funding, payments), in their own transaction, once they
 * have asked `requireMay` and changed what goes with the step: days, documents, money. Call it last, since the trail's
 * heads are locked last. Never for a controller or a job.
 */
export async function changeState(tx: Tx, ids: readonly string[], event: ClaimEvent, step: Step = {}): Promise<void> {
  const { columns = {} } = step;
  const sources = CLAIM_LIFECYCLE.sources(event);
  const to = CLAIM_LIFECYCLE.find(sources[0]!, event)!.to;
  const names = COLUMN_NAMES.filter((name) => columns[name] !== undefined);
  const values = names.map((name) => columns[name]);
  const sets = names.map((name, index) => `, ${name} = $${index + 5}`).join('');
  const crosses = sources.some((from) => isLive(from) !== isLive(to));
  const held = isPossibleWhileHeld(event) ? '' : ' AND c.held_at IS NULL';
  const moved = await tx.query<MovedClaim>(
    `WITH found AS (
       SELECT c.id, c.state FROM claim c WHERE c.id = ANY ($3::uuid[]) AND c.state = ANY ($4::text[])${held} ORDER BY c.id FOR UPDATE
     ), moved AS (
       UPDATE claim c SET state = $1, version = c.version + 1, updated_at = $2${sets}
         FROM found WHERE c.id = found.id AND c.state = ANY ($4::text[])${held}
       RETURNING c.id, c.authority_code, found.state AS "from", c.version
     )${crosses ? `, invoices AS (UPDATE trainer_invoice i SET live = ${isLive(to)} FROM moved WHERE i.claim_id = moved.id)` : ''}
     SELECT * FROM moved ORDER BY id`,
    [to, tx.now, ids, sources, ...values],
  );
  if (moved.length !== new Set(ids).size) throw stateConflict(event);
  await appendAudits(
    tx,
    moved.map(({ id, authority_code, from, version }) => ({
      chain: authority_code,
      action: PAST[event],
      subjectType: 'claim',
      subjectId: id,
      claimId: id,
      before: { state: from, version: version - 1, ...step.replaced },
      after: { state: to, version, ...step.details },
      reason: step.reason ?? null,
    })),
  );
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
