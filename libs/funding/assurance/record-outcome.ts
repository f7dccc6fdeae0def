import { Inject, Injectable } from '@nestjs/common';
import { conflict, malformed, type Problem } from '#kernel';
import { appendAudit } from '#audit';
import { ProposeAdjustment, type AdjustmentPreview } from '#claims';
import { canAdjust, type ClaimState } from '#claims/domain';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { honourVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { OutcomeInput } from './assurance.input.js';
import { itemView, loadItem, type ItemRow } from './assurance-record.js';
import { type AssuranceItemView } from './assurance.view.js';

interface CheckedClaim {
  state: ClaimState;
  makers: string[];
  approvedBy: string | null;
  /** An adjustment of it is proposed, or was approved. */
  adjusted: boolean;
}

/**
 * Records what the check of a drawn claim came to, once and for all: by MTM finance, and by nobody who made, reviewed or
 * approved the claim. A failed check proposes an adjustment, which another person approves.
 */
@Injectable()
export class RecordOutcome {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ProposeAdjustment) private readonly proposing: ProposeAdjustment,
  ) {}

  /**
   * Throws malformed, not_found, forbidden `maker_cannot_record`, `approver_cannot_record`, stale, conflict
   * `outcome_recorded`; for a failed check also what ProposeAdjustment throws.
   */
  run(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<AssuranceItemView> {
    const input = validateInput(OutcomeInput, body);
    requireWhole(input);
    return this.uow.run(actor, async (tx) => {
      // Claims come before what is theirs in the order of locks.
      const { claimId } = await loadItem(tx, id);
      const claim = await readClaim(tx, claimId, 'lock');
      await tx.query('SELECT 1 FROM assurance_item WHERE id = $1 FOR UPDATE', [id]);
      const item = await loadItem(tx, id);
      requireOpen(actor, item, claim, version);
      await this.record(tx, item, input, await this.adjust(tx, item, claim, input));
      return itemView(await loadItem(tx, id));
    });
  }

  /** What the same would take back, null for nothing; nothing is recorded. Throws as `run`. */
  async preview(actor: Actor, id: string, body: unknown): Promise<AdjustmentPreview | null> {
    const input = validateInput(OutcomeInput, body);
    requireWhole(input);
    const { claimId } = await this.uow.read(actor, async (tx) => {
      const item = await loadItem(tx, id);
      const claim = await readClaim(tx, item.claimId, 'look');
      requireOpen(actor, item, claim);
      if (input.outcome === 'failed') requireLines(claim, input);
      return item;
    });
    const { reason, lines } = input;
    return lines === undefined ? null : this.proposing.preview(actor, claimId, { reason, lines });
  }

  /** The id of the adjustment proposed, or null where there is none to propose. */
  private async adjust(tx: Tx, item: ItemRow, claim: CheckedClaim, input: OutcomeInput): Promise<string | null> {
    if (input.outcome === 'passed') return null;
    requireLines(claim, input);
    if (input.lines === undefined) return null;
    return this.proposing.propose(tx, item.claimId, { reason: input.reason, lines: input.lines });
  }

  private async record(tx: Tx, item: ItemRow, input: OutcomeInput, adjustmentId: string | null): Promise<void> {
    const { outcome, reason = null } = input;
    await tx.execute(
      `UPDATE assurance_item SET state = $2, reason = $3, recorded_by = $4, recorded_at = $5, adjustment_id = $6, version = version + 1 WHERE id = $1`,
      [item.id, outcome, reason, tx.actor.userId, tx.now, adjustmentId],
    );
    await appendAudit(tx, {
      chain: item.authority,
      action: `assurance.${outcome}`,
      subjectType: 'assurance_item',
      subjectId: item.id,
      claimId: item.claimId,
      before: { state: 'requested', version: item.version },
      after: { state: outcome, version: item.version + 1, ...(adjustmentId === null ? {} : { adjustmentId }) },
      reason,
    });
  }
}

function requireWhole({ outcome, reason, lines }: OutcomeInput): void {
  const problems: Problem[] = [];
  if (outcome === 'failed' && reason === undefined) {
    problems.push({ path: 'reason', code: 'required', message: 'Say what the evidence does not bear out.' });
  }
  if (outcome === 'passed' && lines !== undefined) {
    problems.push({ path: 'lines', code: 'unknown_field', message: 'Nothing is adjusted after a check that passed.' });
  }
  if (problems.length > 0) throw malformed(problems);
}

function requireOpen(actor: Actor, item: ItemRow, claim: CheckedClaim, version?: ExpectedVersion): void {
  const of = { authority: item.authority, makers: claim.makers, approvers: [claim.approvedBy] };
  requireMay(actor, 'assurance.record', of);
  honourVersion(version, item.version);
  if (item.state !== 'requested') {
    throw conflict('outcome_recorded', 'What the check came to is recorded already, and stays.');
  }
}

/** Without lines a failure is recorded only where nothing is left to propose. */
function requireLines(claim: CheckedClaim, { lines }: OutcomeInput): void {
  if (lines !== undefined || !canAdjust(claim.state) || claim.adjusted) return;
  const message = 'Name the lines that the check does not bear out: an adjustment is proposed of them.';
  throw malformed([{ path: 'lines', code: 'required', message }]);
}

async function readClaim(tx: Tx, id: string, how: 'look' | 'lock'): Promise<CheckedClaim> {
  const [claim] = await tx.query<Omit<CheckedClaim, 'adjusted'>>(
    `SELECT state, makers::text[] AS makers, approved_by AS "approvedBy" FROM claim WHERE id = $1 ${how === 'lock' ? 'FOR UPDATE' : ''}`,
    [id],
  );
  const adjustments = await tx.query(`SELECT 1 FROM adjustment WHERE claim_id = $1 AND state <> 'cancelled' LIMIT 1`, [
    id,
  ]);
  return { ...claim!, adjusted: adjustments.length > 0 };
}
