import { Inject, Injectable } from '@nestjs/common';
import { londonDate, malformed, refused, type Problem } from '#kernel';
import { appendAudits } from '#audit';
import { requireMay } from '#identity';
import { requirePrintable } from '#platform/pdf';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import {
  ArrayField,
  DateField,
  EnumField,
  TextField,
  UuidField,
  validateInput,
  honourVersion,
  type ExpectedVersion,
} from '#platform/validation';
import { changeState, requirePossible } from './change-state.js';
import { ClaimReader } from './claim-reader.js';
import { loadClaim, type ClaimRecord } from './claim-record.js';
import { type ClaimView } from './claim.view.js';
import { isPaid } from './domain/index.js';

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

export class PaymentProofInput {
  @UuidField()
  trainerInvoiceId: string;

  @DateField({ description: 'When the authority paid the trainer; not in the future.' })
  paidOn: string;

  @TextField({ max: 500, optional: true, nullable: true, example: 'Bank statement of 30 March, page 2' })
  note?: string | null;
}

export class DistinctInput {
  @UuidField()
  trainerInvoiceId: string;

  @TextField({ max: 500, example: 'Joint event: one invoice for each authority, checked with the trainer.' })
  note: string;
}

/** What a reviewer found. Lines that are not named are allowed. */
export class ReviewInput {
  @ArrayField(() => LineDecisionInput, { max: 10_000, optional: true })
  lines?: LineDecisionInput[];

  @ArrayField(() => PaymentProofInput, { max: 50, optional: true })
  paymentProof?: PaymentProofInput[];

  @ArrayField(() => DistinctInput, { max: 50, optional: true })
  distinct?: DistinctInput[];
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
      requireMay(actor, 'claim.review', { authority: claim.authority_code, makers: claim.makers });
      honourVersion(version, claim.version);
      requirePossible(claim, 'review');
      // After the version and the state: an edit gives lines new ids, and who saw the old ones is told of the edit.
      requireKnownIds(claim, input);
      requirePastProofs(input, londonDate(tx.now));
      // A credit note prints the reasons, and whoever approves cannot change them.
      requirePrintable({ lines: input.lines });
      await saveFindings(tx, claim, input);
      await changeState(tx, [id], 'review', {
        columns: {
          reviewed_by: actor.userId,
          reviewed_at: tx.now,
          makers: [...new Set([...claim.makers, actor.userId])],
        },
        details: findings(input),
      });
      await recordDistinct(tx, claim, input);
      return this.reader.viewAfter(tx, id);
    });
  }
}

/** What the trail says of a review. */
function findings(input: ReviewInput): object {
  const disallowed = (input.lines ?? []).filter((line) => line.decision === 'disallow');
  return {
    disallowed: disallowed.map(({ lineId, reason }) => ({ lineId, reason })),
    paymentProof: (input.paymentProof ?? []).map(({ trainerInvoiceId, paidOn }) => ({ trainerInvoiceId, paidOn })),
  };
}

/**
 * What was found beside another authority's claim goes into the programme's trail: the authority reads its own. One entry
 * for the invoices of each reason.
 */
async function recordDistinct(tx: Tx, claim: ClaimRecord, input: ReviewInput): Promise<void> {
  const byNote = new Map<string, string[]>();
  for (const { trainerInvoiceId, note } of input.distinct ?? []) {
    byNote.set(note, [...(byNote.get(note) ?? []), trainerInvoiceId]);
  }
  await appendAudits(
    tx,
    [...byNote].map(([reason, trainerInvoiceIds]) => ({
      chain: claim.programme_code,
      action: 'claim.invoices_found_distinct',
      subjectType: 'claim',
      subjectId: claim.id,
      after: { trainerInvoiceIds },
      reason,
    })),
  );
}

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
  const invoices = new Set(claim.invoices.map((invoice) => invoice.id));
  const lines = new Set(claim.invoices.flatMap((invoice) => invoice.lines.map((line) => line.id)));
  const problems = [
    ...unknownIds('lines', 'lineId', input.lines, lines),
    ...unknownIds('paymentProof', 'trainerInvoiceId', input.paymentProof, invoices),
    ...unknownIds('distinct', 'trainerInvoiceId', input.distinct, invoices),
  ];
  if (problems.length > 0) throw malformed(problems);
}

function unknownIds<Field extends string>(
  list: string,
  field: Field,
  given: readonly Record<Field, string>[] = [],
  known: ReadonlySet<string>,
): Problem[] {
  const seen = new Set<string>();
  return given.flatMap((item, index): Problem[] => {
    const id = item[field];
    const path = `${list}[${index}].${field}`;
    if (!known.has(id)) return [{ path, code: 'not_one_of', message: 'This is not in the claim.' }];
    if (seen.has(id)) return [{ path, code: 'repeated', message: 'This is named twice.' }];
    seen.add(id);
    return [];
  });
}

function requirePastProofs(input: ReviewInput, today: string): void {
  const problems = (input.paymentProof ?? []).flatMap((proof, index): Problem[] =>
    isPaid(proof.paidOn, today)
      ? []
      : [
          {
            path: `paymentProof[${index}].paidOn`,
            code: 'payment_proof_in_future',
            message: 'A payment in the future proves nothing yet. Return the claim, or review it without.',
          },
        ],
  );
  if (problems.length > 0)
    throw refused('payment_proof_in_future', 'A proof of payment is dated in the future.', problems);
}

async function saveFindings(tx: Tx, claim: ClaimRecord, input: ReviewInput): Promise<void> {
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
  const proofs = input.paymentProof ?? [];
  const distinct = input.distinct ?? [];
  if (proofs.length > 0) {
    await tx.execute(
      `UPDATE trainer_invoice i SET proof_paid_on = p.paid_on, proof_note = p.note, proof_by = $4, proof_at = $5
         FROM unnest($1::uuid[], $2::date[], $3::text[]) AS p (id, paid_on, note) WHERE i.id = p.id`,
      [
        proofs.map((proof) => proof.trainerInvoiceId),
        proofs.map((proof) => proof.paidOn),
        proofs.map((proof) => proof.note ?? null),
        tx.actor.userId,
        tx.now,
      ],
    );
  }
  if (distinct.length > 0) {
    await tx.execute(
      `UPDATE trainer_invoice i SET distinct_note = d.note, distinct_by = $3, distinct_at = $4
         FROM unnest($1::uuid[], $2::text[]) AS d (id, note) WHERE i.id = d.id`,
      [distinct.map((item) => item.trainerInvoiceId), distinct.map((item) => item.note), tx.actor.userId, tx.now],
    );
  }
}
