import { Inject, Injectable } from '@nestjs/common';
import { londonDate, malformed, type Problem } from '#kernel';
import { requireMay } from '#identity';
import { requirePrintable } from '#platform/pdf';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import {
  ArrayField,
  EnumField,
  TextField,
  UuidField,
  validateInput,
  honourVersion,
  type ExpectedVersion,
} from '#platform/validation';
import { changeState, requirePossible } from './change-state.js';
import { ClaimReader } from './claim-reader.js';
import { loadClaim, makersWith, type ClaimRecord } from './claim-record.js';
import { type ClaimView } from './claim.view.js';
import {
  FindingsInput,
  proofsInTrail,
  recordDistinct,
  requirePastProofs,
  saveFindings,
  unknownIds,
  unknownInvoices,
} from './findings.js';

export class LineDecisionInput {
  @UuidField()
  lineId: string;

  @EnumField(['allow', 'disallow'])
  decision: 'allow' | 'disallow';

  @TextField({
    max: 500,
    optional: true,
    nullable: true,
    description: 'Needed when the line is disallowed; the authority reads it.',
  })
  reason?: string | null;
}

/** What a reviewer found. Lines that are not named are allowed. */
export class ReviewInput extends FindingsInput {
  @ArrayField(() => LineDecisionInput, { max: 10_000, optional: true })
  lines?: LineDecisionInput[];
}

/** MTM finance checks a claim line by line. The reviewer becomes a maker: somebody else approves. */
@Injectable()
export class ReviewClaim {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimReader) private readonly reader: ClaimReader,
  ) {}

  /**
   * Throws malformed (also for a line that is not in the claim), not_found, forbidden, stale, conflict `state_conflict`,
   * `claim_held`, refused `payment_proof_in_future`.
   */
  async run(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ClaimView> {
    const input = validateInput(ReviewInput, body ?? {});
    requireReasons(input);
    return this.uow.run(actor, async (tx) => {
      const claim = await loadClaim(tx, id, 'lock');
      requireReviewable(tx, claim, input, version);
      await saveDecisions(tx, claim, input);
      await saveFindings(tx, input);
      const proofs = proofsInTrail(claim, input);
      await changeState(tx, [id], 'review', {
        columns: {
          reviewed_by: actor.userId,
          reviewed_at: tx.now,
          makers: makersWith(claim, actor),
        },
        replaced: proofs.before,
        details: { disallowed: disallowedIn(input), ...proofs.after },
      });
      await recordDistinct(tx, claim, input);
      return this.reader.viewAfter(tx, id);
    });
  }

  /** Whether `run` would go through as things stand; keeps nothing. Throws as `run`. */
  check(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<void> {
    const input = validateInput(ReviewInput, body ?? {});
    requireReasons(input);
    return this.uow.read(actor, async (tx) => requireReviewable(tx, await loadClaim(tx, id, 'look'), input, version));
  }
}

function requireReviewable(tx: Tx, claim: ClaimRecord, input: ReviewInput, version: ExpectedVersion): void {
  requireMay(tx.actor, 'claim.review', { authority: claim.authority_code, makers: claim.makers });
  honourVersion(version, claim.version);
  requirePossible(claim, 'review');
  // After the version and the state: an edit gives lines new ids, and who saw the old ones is told of the edit.
  requireKnownIds(claim, input);
  requirePastProofs(input, londonDate(tx.now));
  // A credit note prints the reasons, and whoever approves cannot change them.
  requirePrintable({ lines: input.lines });
}

/** What the trail says of the lines. */
const disallowedIn = ({ lines = [] }: ReviewInput): object[] =>
  lines.filter(({ decision }) => decision === 'disallow').map(({ lineId, reason }) => ({ lineId, reason }));

function requireReasons(input: ReviewInput): void {
  const problems = (input.lines ?? []).flatMap((line, index): Problem[] =>
    line.decision === 'disallow' && !line.reason
      ? [
          {
            path: `lines[${index}].reason`,
            code: 'required',
            message: 'Say why the line is disallowed; the authority reads it.',
          },
        ]
      : [],
  );
  if (problems.length > 0) throw malformed(problems);
}

/** Every id must be of this claim, and be named once. */
function requireKnownIds(claim: ClaimRecord, input: ReviewInput): void {
  const lines = new Set(claim.invoices.flatMap((invoice) => invoice.lines.map((line) => line.id)));
  const problems = [...unknownIds('lines', 'lineId', input.lines, lines), ...unknownInvoices(claim, input)];
  if (problems.length > 0) throw malformed(problems);
}

async function saveDecisions(tx: Tx, claim: ClaimRecord, input: ReviewInput): Promise<void> {
  const decisions = new Map((input.lines ?? []).map((line) => [line.lineId, line]));
  const lines = claim.invoices.flatMap((invoice) => invoice.lines.map((line) => line.id));
  await tx.execute(
    `UPDATE trainer_invoice_line l SET decision = d.decision, decision_reason = d.reason, decided_by = $4, decided_at = $5
       FROM unnest($1::uuid[], $2::text[], $3::text[]) AS d (id, decision, reason) WHERE l.id = d.id`,
    [
      lines,
      lines.map((id) => decisions.get(id)?.decision ?? 'allow'),
      lines.map((id) => decisions.get(id)?.reason ?? null),
      tx.actor.userId,
      tx.now,
    ],
  );
}
