import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { conflict, formatDays, malformed, parseDays, refused } from '#kernel';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { requirePrintable } from '#platform/pdf';
import { TermsStore } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateInput } from '#platform/validation';
import { loadClaim, type ClaimRecord } from '../claim-record.js';
import { adjustLines, canAdjust, changeProblems, type AdjustedAmounts, type LineChange } from '../domain/index.js';
import { unknownIds } from '../findings.js';
import { AdjustmentInput } from './adjustment.input.js';
import { loadAdjustment } from './adjustment-record.js';
import { type AdjustmentPreview, type AdjustmentView } from './adjustment.view.js';
import { adjustmentPreview, adjustmentView } from './present-adjustment.js';
import { standingClaim, type StandingLineOf } from './standing-lines.js';

/** MTM finance proposes to take back what should not have been reimbursed; somebody else approves it. */
@Injectable()
export class ProposeAdjustment {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /**
   * Throws malformed (also for a line that is not in the claim), not_found, forbidden, conflict `state_conflict`,
   * `adjustment_pending`, refused `line_not_adjustable`, `adjustment_of_nothing`, `unsupported_character`.
   */
  run(actor: Actor, claimId: string, body: unknown): Promise<AdjustmentView> {
    return this.uow.run(actor, async (tx) => {
      const id = await this.propose(tx, claimId, body);
      const row = await loadAdjustment(tx, id);
      const claim = await loadClaim(tx, claimId, 'look');
      const { terms } = await this.terms.byId(tx, claim.terms_id!);
      return adjustmentView(tx, row, terms);
    });
  }

  /** What the same would take back, without proposing it. Throws as `run`. */
  preview(actor: Actor, claimId: string, body: unknown): Promise<AdjustmentPreview> {
    const input = validateInput(AdjustmentInput, body ?? {});
    return this.uow.read(actor, async (tx) => {
      const claim = await loadClaim(tx, claimId, 'look');
      requireMay(actor, 'adjustment.propose', { authority: claim.authority_code });
      const { amounts, lines, terms } = await this.judge(tx, claim, input);
      return adjustmentPreview(amounts, lines, claim, terms);
    });
  }

  /** The same as a part of another use case, in its transaction; locks the claim. Returns the adjustment's id. Throws as `run`. */
  async propose(tx: Tx, claimId: string, body: unknown): Promise<string> {
    const input = validateInput(AdjustmentInput, body ?? {});
    const claim = await loadClaim(tx, claimId, 'lock');
    requireMay(tx.actor, 'adjustment.propose', { authority: claim.authority_code });
    return store(tx, claim, { reason: input.reason, ...(await this.judge(tx, claim, input)) });
  }

  private async judge(tx: Tx, claim: ClaimRecord, input: AdjustmentInput) {
    await requireAdjustable(tx, claim);
    requirePrintable({ reason: input.reason });
    requireKnownLines(claim, input);
    const { terms } = await this.terms.byId(tx, claim.terms_id!);
    const standing = await standingClaim(tx, claim, terms);
    const changes = changesOf(claim, standing.lines, input);
    const problems = changeProblems(standing.lines, changes);
    if (problems.length > 0) {
      throw refused('line_not_adjustable', 'Some of these lines cannot be adjusted like this.', problems);
    }
    const amounts = adjustLines(standing, terms, changes);
    if (amounts.amountPence === 0) {
      const why = 'With these figures as much would be reimbursed as now: nothing is to be taken back.';
      throw refused('adjustment_of_nothing', why);
    }
    return { amounts, lines: standing.lines, terms };
  }
}

/** One after another: what is approved takes back what was proposed, to the penny. */
async function requireAdjustable(tx: Tx, claim: ClaimRecord): Promise<void> {
  if (!canAdjust(claim.state)) {
    throw conflict('state_conflict', `Only an approved claim is adjusted; this one is ${claim.state}.`);
  }
  const pending = await tx.query(`SELECT 1 FROM adjustment WHERE claim_id = $1 AND state = 'proposed'`, [claim.id]);
  if (pending.length === 0) return;
  throw conflict(
    'adjustment_pending',
    'An adjustment of this claim is proposed already. Have it approved or cancelled first.',
  );
}

function requireKnownLines(claim: ClaimRecord, input: AdjustmentInput): void {
  const known = new Set(claim.invoices.flatMap(({ lines }) => lines.map(({ id }) => id)));
  const problems = unknownIds('lines', 'lineId', input.lines, known);
  if (problems.length > 0) throw malformed(problems);
}

/** A line that stands no more has no place among those that do; its id keeps it apart. */
const changesOf = (claim: ClaimRecord, lines: readonly StandingLineOf[], input: AdjustmentInput): LineChange[] => {
  const paths = new Map(lines.map(({ id, path }) => [id, path]));
  return input.lines.map(({ lineId, netPence, trainerDays }) => ({
    path: paths.get(lineId) ?? `${claim.id}/${lineId}`,
    ...(netPence !== undefined && { netPence }),
    ...(trainerDays !== undefined && { trainerDays: parseDays(trainerDays) }),
  }));
};

interface Proposal {
  reason: string;
  amounts: AdjustedAmounts;
  lines: readonly StandingLineOf[];
}

async function store(tx: Tx, claim: ClaimRecord, { reason, amounts, lines }: Proposal): Promise<string> {
  const id = uuid();
  await tx.execute(
    `INSERT INTO adjustment (id, programme_code, authority_code, claim_id, state, reason, amount_pence, amounts, proposed_by, proposed_at, updated_at)
     VALUES ($1, $2, $3, $4, 'proposed', $5, $6, $7, $8, $9, $9)`,
    [
      ...[id, claim.programme_code, claim.authority_code, claim.id, reason, amounts.amountPence],
      ...[JSON.stringify(amounts.categories), tx.actor.userId, tx.now],
    ],
  );
  await storeLines(tx, id, claim.authority_code, { amounts, lines });
  await appendAudit(tx, {
    chain: claim.authority_code,
    action: 'adjustment.proposed',
    subjectType: 'adjustment',
    subjectId: id,
    claimId: claim.id,
    after: { state: 'proposed', amountPence: amounts.amountPence, lines: amounts.lines.length },
    reason,
  });
  return id;
}

async function storeLines(
  tx: Tx,
  id: string,
  authority: string,
  { amounts, lines }: Pick<Proposal, 'amounts' | 'lines'>,
): Promise<void> {
  const ids = new Map(lines.map((line) => [line.path, line.id]));
  const days = (value: number | null): string | null => (value === null ? null : formatDays(value));
  const rows = amounts.lines.map(({ before, after, consequential }) => ({
    line_id: ids.get(before.path),
    was_net_pence: before.netPence,
    net_pence: after.netPence,
    was_eligible_pence: before.eligiblePence,
    eligible_pence: after.eligiblePence,
    was_trainer_days: days(before.trainerDays),
    trainer_days: days(after.trainerDays),
    was_funded_days: days(before.fundedDays),
    funded_days: days(after.fundedDays),
    consequential,
  }));
  await tx.execute(
    `INSERT INTO adjustment_line (adjustment_id, authority_code, line_id, was_net_pence, net_pence, was_eligible_pence, eligible_pence,
                                  was_trainer_days, trainer_days, was_funded_days, funded_days, consequential)
     SELECT $1, $2, l.* FROM json_to_recordset($3::json) AS l (line_id uuid, was_net_pence bigint, net_pence bigint,
            was_eligible_pence bigint, eligible_pence bigint, was_trainer_days numeric, trainer_days numeric,
            was_funded_days numeric, funded_days numeric, consequential boolean)`,
    [id, authority, JSON.stringify(rows)],
  );
}
