import { refused, type Problem } from '#kernel';
import { appendAudits } from '#audit';
import { type Tx } from '#platform/database';
import { ArrayField, DateField, TextField, UuidField } from '#platform/validation';
import { type ClaimRecord } from './claim-record.js';
import { isPaid } from './domain/index.js';

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

/**
 * What the payer finds of a claim's trainer invoices, with the review or apart from it. A finding takes the place of an
 * earlier one of the same invoice.
 */
export class FindingsInput {
  @ArrayField(() => PaymentProofInput, { max: 50, optional: true })
  paymentProof?: PaymentProofInput[];

  @ArrayField(() => DistinctInput, { max: 50, optional: true })
  distinct?: DistinctInput[];
}

/** A problem for each trainer invoice that is not in the claim, or is named twice. */
export function unknownInvoices(claim: ClaimRecord, input: FindingsInput): Problem[] {
  const invoices = new Set(claim.invoices.map((invoice) => invoice.id));
  return [
    ...unknownIds('paymentProof', 'trainerInvoiceId', input.paymentProof, invoices),
    ...unknownIds('distinct', 'trainerInvoiceId', input.distinct, invoices),
  ];
}

/** A problem for each id of a list that is not a known one, or comes twice. */
export function unknownIds<Field extends string>(
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

/** Throws refused `payment_proof_in_future`. */
export function requirePastProofs(input: FindingsInput, today: string): void {
  const problems = (input.paymentProof ?? []).flatMap((proof, index): Problem[] =>
    isPaid(proof.paidOn, today)
      ? []
      : [
          {
            path: `paymentProof[${index}].paidOn`,
            code: 'payment_proof_in_future',
            message: 'A payment in the future proves nothing yet. Record it once that day has come.',
          },
        ],
  );
  if (problems.length > 0)
    throw refused('payment_proof_in_future', 'A proof of payment is dated in the future.', problems);
}

/** Stores findings with who found them and when; their ids are known to be of the claim. */
export async function saveFindings(tx: Tx, { paymentProof = [], distinct = [] }: FindingsInput): Promise<void> {
  if (paymentProof.length > 0) {
    await tx.execute(
      `UPDATE trainer_invoice i SET proof_paid_on = p.paid_on, proof_note = p.note, proof_by = $4, proof_at = $5
         FROM unnest($1::uuid[], $2::date[], $3::text[]) AS p (id, paid_on, note) WHERE i.id = p.id`,
      [
        paymentProof.map((proof) => proof.trainerInvoiceId),
        paymentProof.map((proof) => proof.paidOn),
        paymentProof.map((proof) => proof.note ?? null),
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

/** What the claim's trail says of its proofs of payment: ids and dates, those that were replaced and those recorded now. */
export function proofsInTrail(claim: ClaimRecord, { paymentProof = [] }: FindingsInput) {
  const named = new Set(paymentProof.map(({ trainerInvoiceId }) => trainerInvoiceId));
  const replaced = claim.invoices.filter(({ id, proofPaidOn }) => named.has(id) && proofPaidOn !== null);
  return {
    before: { paymentProof: replaced.map(({ id, proofPaidOn }) => ({ trainerInvoiceId: id, paidOn: proofPaidOn })) },
    after: { paymentProof: paymentProof.map(({ trainerInvoiceId, paidOn }) => ({ trainerInvoiceId, paidOn })) },
  };
}

/**
 * What was found beside another authority's claim goes into the programme's trail: the authority reads its own. One entry
 * for the invoices of each reason, which says which of them had been found distinct before.
 */
export async function recordDistinct(tx: Tx, claim: ClaimRecord, { distinct = [] }: FindingsInput): Promise<void> {
  const found = new Set(claim.invoices.flatMap(({ id, distinctNote }) => (distinctNote === null ? [] : [id])));
  const byNote = new Map<string, string[]>();
  for (const { trainerInvoiceId, note } of distinct) {
    byNote.set(note, [...(byNote.get(note) ?? []), trainerInvoiceId]);
  }
  await appendAudits(
    tx,
    [...byNote].map(([reason, trainerInvoiceIds]) => ({
      chain: claim.programme_code,
      action: 'claim.invoices_found_distinct',
      subjectType: 'claim',
      subjectId: claim.id,
      before: { trainerInvoiceIds: trainerInvoiceIds.filter((id) => found.has(id)) },
      after: { trainerInvoiceIds },
      reason,
    })),
  );
}
