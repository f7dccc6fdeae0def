import { InvalidValue, parseDays, sumPence } from '#kernel';
import { type ProgrammeTerms } from '#programme';
import { type Tx } from '#platform/database';
import { bodyOf, type ClaimRecord, type LineRecord } from '../claim-record.js';
import { ADJUSTING_STATES, firstDay, sumCategories, type StandingLine } from '../domain/index.js';
import { frozenLines } from '../frozen-lines.js';

/** A line of a claim with its id, as it stands. */
export interface StandingLineOf extends StandingLine {
  readonly id: string;
}

/** What is left of a claim that was approved. */
export interface StandingClaim {
  trainers: ReturnType<typeof bodyOf>['trainerInvoices'][number]['trainer'][];
  lines: StandingLineOf[];
}

interface Left {
  line_id: string;
  net_pence: number;
  eligible_pence: number;
  trainer_days: string | null;
  funded_days: string;
}

/**
 * The lines of an approved claim as they stand: those that were allowed, with what earlier adjustments left of them. The
 * caller holds the claim. Throws InvalidValue when they do not come to what was approved less what was taken back.
 */
export async function standingClaim(tx: Tx, claim: ClaimRecord, terms: ProgrammeTerms): Promise<StandingClaim> {
  // Proposals of a claim come one after another, so the later id is the later adjustment.
  const left = await tx.query<Left>(
    `SELECT DISTINCT ON (l.line_id) l.line_id, l.net_pence, l.eligible_pence, trim_scale(l.trainer_days)::text AS trainer_days,
            trim_scale(l.funded_days)::text AS funded_days
       FROM adjustment_line l JOIN adjustment a ON a.id = l.adjustment_id
      WHERE a.claim_id = $1 AND a.state = ANY ($2) ORDER BY l.line_id, a.id DESC`,
    [claim.id, ADJUSTING_STATES],
  );
  const byLine = new Map(left.map((row) => [row.line_id, row]));
  const written = new Map(claim.invoices.flatMap(({ lines }) => lines.map((line) => [line.id, line])));
  const lines = frozenLines(claim, terms).flatMap((line): StandingLineOf[] => {
    const after = byLine.get(line.id);
    if (line.decision === 'disallow' || after?.net_pence === 0) return [];
    return [{ ...line, ...(after && figuresOf(after)), funding: fundingOf(written.get(line.id)!) }];
  });
  await requireAgreement(tx, claim, sumPence(sumCategories(terms, lines).map((sum) => sum.reimbursementPence)));
  return { trainers: bodyOf(claim).trainerInvoices.map(({ trainer }) => trainer), lines };
}

const figuresOf = (row: Left) => ({
  netPence: row.net_pence,
  eligiblePence: row.eligible_pence,
  trainerDays: row.trainer_days === null ? null : parseDays(row.trainer_days),
  fundedDays: parseDays(row.funded_days),
});

const fundingOf = (line: LineRecord): StandingLine['funding'] =>
  line.kind === 'travel' ? null : { rate: line.rate!, firstDay: firstDay({ deliveredOn: line.deliveredOn! }) };

async function requireAgreement(tx: Tx, claim: ClaimRecord, standingPence: number): Promise<void> {
  const [row] = await tx.query<{ pence: number }>(
    'SELECT coalesce(sum(amount_pence), 0)::bigint AS pence FROM adjustment WHERE claim_id = $1 AND state = ANY ($2)',
    [claim.id, ADJUSTING_STATES],
  );
  if (standingPence === claim.approved_pence! - row!.pence) return;
  throw new InvalidValue(
    `what stands of claim ${claim.id} is ${standingPence} pence, not ${claim.approved_pence} less ${row!.pence}`,
  );
}
