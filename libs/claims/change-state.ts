import { conflict } from '#kernel';
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
  due_on?: string;
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

/**
 * The one way a claim's status changes, for one claim or a million: ids and an event in, one guarded UPDATE out. A claim
 * that is not in a state the event may start from changes nothing and makes the whole step fail (409
 * `state_conflict`). Trainer invoices follow: they are live exactly while their claim is.
 */
export async function changeState(
  tx: Tx,
  ids: readonly string[],
  event: ClaimEvent,
  columns: StepColumns = {},
): Promise<void> {
  const sources = CLAIM_LIFECYCLE.sources(event);
  const to = CLAIM_LIFECYCLE.find(sources[0]!, event)!.to;
  const names = COLUMN_NAMES.filter((name) => columns[name] !== undefined);
  const values = names.map((name) => columns[name]);
  const sets = names.map((name, index) => `, ${name} = $${index + 5}`).join('');
  const crosses = sources.some((from) => isLive(from) !== isLive(to));
  const changed = await tx.query<{ id: string }>(
    `WITH moved AS (
       UPDATE claim SET state = $1, version = version + 1, updated_at = $2${sets}
        WHERE id = ANY ($3::uuid[]) AND state = ANY ($4::text[])
       RETURNING id
     )${crosses ? `, invoices AS (UPDATE trainer_invoice i SET live = ${isLive(to)} FROM moved WHERE i.claim_id = moved.id)` : ''}
     SELECT id FROM moved`,
    [to, tx.now, ids, sources, ...values],
  );
  if (changed.length !== new Set(ids).size) throw stateConflict(event, sources);
}

/** The refusal when an event cannot start from where a claim is. */
export function stateConflict(event: ClaimEvent, sources: readonly string[] = CLAIM_LIFECYCLE.sources(event)): Error {
  return conflict(
    'state_conflict',
    `A claim can be changed by "${event}" only while it is ${sources.join(' or ')}. Read it again to see where it is now.`,
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
  if (claim.held_at === null || isPossibleWhileHeld(event)) return;
  throw conflict('claim_held', 'The claim is on hold. Release it first; its timeline says who holds it and why.');
}
