import { MOST_COUNTED } from './desk.view.js';

/** Which claims of the queue are looked at. */
export interface Desk {
  authority?: string;
  assigned?: boolean;
  assignedTo?: string;
}

/**
 * Counts what waits, each number up to MOST_COUNTED, out of indexes alone: `claim_by_state`, `claim_of_authority_by_state` and `claim_held`
 * have all that is asked in them. Parameters: an authority, a person's id, each null for all.
 */
export function waitingSql({ assigned }: Desk): string {
  const wanted = assigned === undefined ? '' : ` AND assigned_to IS ${assigned ? 'NOT ' : ''}NULL`;
  const mine = `($1::text IS NULL OR authority_code = $1) AND ($2::uuid IS NULL OR assigned_to = $2)${wanted}`;
  const count = (from: string) => `(SELECT count(*)::int FROM (SELECT 1 FROM ${from} LIMIT ${MOST_COUNTED}) AS x)`;
  return `SELECT ${count(`claim WHERE state = 'submitted' AND held_at IS NULL AND ${mine}`)} AS submitted,
                 ${count(`claim WHERE state = 'reviewed' AND held_at IS NULL AND ${mine}`)} AS reviewed,
                 ${count(`claim WHERE held_at IS NOT NULL AND ${mine}`)} AS held,
                 ${count(`claim WHERE state = 'returned' AND ${mine}`)} AS returned,
                 ${count(`adjustment WHERE state = 'proposed' AND ($1::text IS NULL OR authority_code = $1)`)} AS adjustments`;
}
