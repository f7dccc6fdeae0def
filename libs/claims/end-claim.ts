import { Inject, Injectable } from '@nestjs/common';
import { conflict, malformed } from '#kernel';
import { requireMay } from '#identity';
import { claimApprovedEvent, reverseJournals } from '#ledger';
import { changeDays, lockAllocations, TermsStore, type DayChange, type ProgrammeTerms } from '#programme';
import { requirePrintable } from '#platform/pdf';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import {
  ArrayField,
  TextField,
  UuidField,
  validateInput,
  honourVersion,
  type ExpectedVersion,
} from '#platform/validation';
import { changeState, requirePossible, type StepColumns } from './change-state.js';
import { ClaimReader } from './claim-reader.js';
import { loadClaim, type ClaimRecord, type ReturnNote } from './claim-record.js';
import { type ClaimView } from './claim.view.js';
import { creditDetails, creditRest } from './credit.js';
import { canAdjust, daysByAllocation, isLive, linePath, LIVE_ADJUSTMENT_STATES } from './domain/index.js';
import { unknownIds } from './findings.js';
import { changesOf, frozenLines } from './frozen-lines.js';
import { type IssuedDocument } from './claim-document.js';

/** Why: shown to the authority, printed on the credit note, kept in the trail. */
export class ReasonInput {
  @TextField({ max: 500, example: 'The invoice of 14 March is not legible. Attach it again.' })
  reason: string;
}

export class LineReasonInput {
  @UuidField()
  lineId: string;

  @TextField({ max: 500, example: 'The trainer-days differ from the invoice.' })
  reason: string;
}

/** Why, and what of it concerns single lines. */
export class ReturnInput extends ReasonInput {
  @ArrayField(() => LineReasonInput, { max: 10_000, optional: true })
  lines?: LineReasonInput[];
}

export class OptionalReasonInput {
  @TextField({ max: 500, optional: true, nullable: true })
  reason?: string | null;
}

type Ending = 'withdraw' | 'return' | 'reject';

interface EndingStep {
  event: Ending;
  reason: string;
  version: ExpectedVersion;
  /** Of a return: what it says of single lines. */
  lines?: readonly LineReasonInput[];
}

interface More {
  columns?: StepColumns;
  /** For the trail. */
  details?: object;
}

/** What a claim that has ended no longer has: a hold, since it leaves the states that can be held; a day it is due; amounts. */
const ENDED: StepColumns = {
  held_at: null,
  held_by: null,
  hold_reason: null,
  due_on: null,
  approved_pence: null,
  approved: null,
};

/**
 * The three ways a claim stops counting: the authority withdraws it, MTM returns or rejects it. What was invoiced and not
 * yet credited gets a credit note, the days it drew are given back, its trainer invoices are free again.
 */
@Injectable()
export class EndClaim {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimReader) private readonly reader: ClaimReader,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** Throws malformed, not_found, forbidden, stale, conflict `state_conflict`. */
  async withdraw(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ClaimView> {
    const { reason } = validateInput(OptionalReasonInput, body ?? {});
    return this.run(actor, id, { event: 'withdraw', reason: reason ?? 'Withdrawn by the authority', version });
  }

  /** Back to the authority, which can correct it and submit it again. */
  async returnToAuthority(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ClaimView> {
    const { reason, lines } = validateInput(ReturnInput, body ?? {});
    return this.run(actor, id, { event: 'return', reason, version, ...(lines && { lines }) });
  }

  /**
   * Within the caller's transaction, which sees to the requests the claim is in (`#funding`). Throws not_found, forbidden, stale,
   * conflict `state_conflict`, `claim_adjusted`.
   */
  reject(tx: Tx, id: string, reason: string, version?: ExpectedVersion): Promise<ClaimView> {
    return this.step(tx, id, { event: 'reject', reason, version });
  }

  private run(actor: Actor, id: string, step: EndingStep): Promise<ClaimView> {
    return this.uow.run(actor, (tx) => this.step(tx, id, step));
  }

  private async step(tx: Tx, id: string, step: EndingStep): Promise<ClaimView> {
    const claim = await loadClaim(tx, id, 'lock');
    requireMay(tx.actor, `claim.${step.event}`, {
      authority: claim.authority_code,
      makers: claim.makers,
      approvers: [claim.approved_by],
    });
    honourVersion(step.version, claim.version);
    requirePossible(claim, step.event);
    if (canAdjust(claim.state)) await requireUnadjusted(tx, claim);
    requirePrintable({ reason: step.reason });
    await this.end(tx, claim, step.event, step.reason, step.event === 'return' ? returning(claim, step.lines) : {});
    return this.reader.viewAfter(tx, id);
  }

  /** The step itself, with more for the trail and the claim; approving a claim of which nothing is allowed ends here too. */
  async end(tx: Tx, claim: ClaimRecord, event: Ending, reason: string, more: More = {}): Promise<void> {
    const credit = isLive(claim.state) ? await this.undo(tx, claim, reason) : null;
    // Only an approval is in the books.
    if (claim.state === 'approved') {
      await reverseJournals(tx, [claimApprovedEvent(claim.id, claim.invoice_number!)], reason);
    }
    await changeState(tx, [claim.id], event, {
      columns: { ...ENDED, ...more.columns },
      details: { ...more.details, ...creditDetails(credit) },
      reason,
    });
  }

  private async undo(tx: Tx, claim: ClaimRecord, reason: string): Promise<IssuedDocument | null> {
    const { terms } = await this.terms.byId(tx, claim.terms_id!);
    await lockAllocations(tx, claim.programme_code, claim.authority_code);
    const of = { programme: claim.programme_code, authority: claim.authority_code, claimId: claim.id };
    await changeDays(tx, of, daysBack(claim, terms));
    return creditRest(tx, { claim, terms, reason });
  }
}

/** A returned claim is reviewed anew; what the return says of single lines stays with it. Throws malformed for other lines. */
function returning(claim: ClaimRecord, lines: readonly LineReasonInput[] = []): More {
  const known = new Map(
    claim.invoices.flatMap((invoice, at) =>
      invoice.lines.map((line, lineAt) => [line.id, { path: linePath(at, lineAt), description: line.description }]),
    ),
  );
  const problems = unknownIds('lines', 'lineId', lines, new Set(known.keys()));
  if (problems.length > 0) throw malformed(problems);
  const notes = lines.map(({ lineId, reason }): ReturnNote => ({ lineId, ...known.get(lineId)!, reason }));
  return {
    columns: { reviewed_by: null, reviewed_at: null, return_notes: notes.length > 0 ? JSON.stringify(notes) : null },
    details: notes.length > 0 ? { lines } : {},
  };
}

/** What was taken back of a claim is in the books and was credited: it stays approved. A proposal is dealt with first. */
async function requireUnadjusted(tx: Tx, { id }: ClaimRecord): Promise<void> {
  const live = await tx.query('SELECT 1 FROM adjustment WHERE claim_id = $1 AND state = ANY ($2) LIMIT 1', [
    id,
    LIVE_ADJUSTMENT_STATES,
  ]);
  if (live.length === 0) return;
  throw conflict(
    'claim_adjusted',
    'The claim has an adjustment: cancel the proposal first, or take the rest back by another one.',
  );
}

/** All its days are reserved until it is approved; from then on those of the allowed lines are used. */
function daysBack(claim: ClaimRecord, terms: ProgrammeTerms): DayChange[] {
  const lines = frozenLines(claim, terms);
  if (claim.approved === null) return changesOf(daysByAllocation(lines), 'released');
  const allowed = lines.filter((line) => line.decision === 'allow');
  return changesOf(daysByAllocation(allowed), 'unused');
}
