import { type ClaimView } from '#claims';
import { type Problem } from '#kernel';
import { type Form } from '../page/index.js';

/** What a reviewer has typed, of the whole claim, by line and by trainer invoice. */
export interface TypedReview {
  /** Reasons of the lines to disallow. */
  readonly disallowed: ReadonlyMap<string, string>;
  /** Reasons typed at lines that are allowed all the same: one of the two is a mistake, which only the reviewer can mend. */
  readonly contradicted: ReadonlyMap<string, string>;
  readonly proofs: ReadonlyMap<string, TypedProof>;
  /** Why an invoice is another one than the one elsewhere. */
  readonly distinct: ReadonlyMap<string, string>;
}

export interface TypedProof {
  readonly day: string;
  readonly month: string;
  readonly year: string;
  readonly note: string;
}

export const NOTHING_TYPED: TypedReview = {
  disallowed: new Map(),
  contradicted: new Map(),
  proofs: new Map(),
  distinct: new Map(),
};

/** Nothing disallowed any more, and everything else as it was typed: what was found has nothing to do with it. */
export const allAllowed = (typed: TypedReview): TypedReview => ({ ...typed, disallowed: new Map() });

/** The form's fields; only those of lines and invoices of this claim are looked at. */
export function typedReview(form: Form, claim: ClaimView): TypedReview {
  const disallowed = new Map<string, string>();
  const contradicted = new Map<string, string>();
  const proofs = new Map<string, TypedProof>();
  const distinct = new Map<string, string>();
  for (const { id, lines } of claim.trainerInvoices) {
    for (const line of lines) {
      const reason = form.typed(`reason.${line.id}`);
      if (form.typed(`decision.${line.id}`) === 'disallow') disallowed.set(line.id, reason);
      else if (reason.trim() !== '') contradicted.set(line.id, reason);
    }
    const part = (name: string) => form.typed(`proof.${id}-${name}`);
    const proof = { day: part('day'), month: part('month'), year: part('year'), note: form.typed(`proofNote.${id}`) };
    if (Object.values(proof).some((text) => text.trim() !== '')) proofs.set(id, proof);
    if (form.text(`distinct.${id}`) !== undefined) distinct.set(id, form.typed(`distinct.${id}`));
  }
  return { disallowed, contradicted, proofs, distinct };
}

/** Everything typed as hidden fields, for a page that does not show it: lines of another part, the check before the review. */
export function hiddenFields(
  { disallowed, contradicted, proofs, distinct }: TypedReview,
  not: ReadonlySet<string> = new Set(),
): { name: string; value: string }[] {
  return [
    ...[...disallowed]
      .filter(([id]) => !not.has(id))
      .flatMap(([id, reason]) => [
        { name: `decision.${id}`, value: 'disallow' },
        { name: `reason.${id}`, value: reason },
      ]),
    ...[...contradicted].filter(([id]) => !not.has(id)).map(([id, value]) => ({ name: `reason.${id}`, value })),
    ...[...proofs]
      .filter(([id]) => !not.has(id))
      .flatMap(([id, { day, month, year, note }]) => [
        { name: `proof.${id}-day`, value: day },
        { name: `proof.${id}-month`, value: month },
        { name: `proof.${id}-year`, value: year },
        { name: `proofNote.${id}`, value: note },
      ]),
    ...[...distinct].filter(([id]) => !not.has(id)).map(([id, value]) => ({ name: `distinct.${id}`, value })),
  ];
}

/** What was typed as the use case takes it, and which field each place of it is. Dates that are none are problems of `form`. */
export function findingsOf(form: Form, typed: TypedReview) {
  const fields = new Map<string, string>();
  const paymentProof = [...typed.proofs].map(([trainerInvoiceId, { note }], at) => {
    fields.set(`paymentProof[${at}].paidOn`, `proof.${trainerInvoiceId}`);
    fields.set(`paymentProof[${at}].note`, `proofNote.${trainerInvoiceId}`);
    const paidOn = form.date(`proof.${trainerInvoiceId}`);
    const about = note.trim();
    return { trainerInvoiceId, ...(paidOn && { paidOn }), ...(about !== '' && { note: about }) };
  });
  const distinct = [...typed.distinct].map(([trainerInvoiceId, note], at) => {
    fields.set(`distinct[${at}].note`, `distinct.${trainerInvoiceId}`);
    return { trainerInvoiceId, note: note.trim() };
  });
  return { paymentProof, distinct, fields };
}

/**
 * The same with the lines to disallow; the others are allowed by not being named. A reason at a line that would be allowed is a problem
 * of `form`: without JavaScript its field is always open beside an "Allow" that is chosen beforehand, and the line would be paid.
 */
export function reviewOf(form: Form, typed: TypedReview) {
  const { fields, ...findings } = findingsOf(form, typed);
  const lines = [...typed.disallowed].map(([lineId, text], at) => {
    fields.set(`lines[${at}].reason`, `reason.${lineId}`);
    const reason = text.trim();
    return { lineId, decision: 'disallow' as const, ...(reason !== '' && { reason }) };
  });
  for (const lineId of typed.contradicted.keys()) form.problem(`reason.${lineId}`, 'contradicted', CONTRADICTED);
  return { input: { ...findings, lines }, fields };
}

/** Problems at the fields of the page. What belongs to no field stands in the summary alone. */
export function placedAt(errors: readonly Problem[], fields: ReadonlyMap<string, string>): Problem[] {
  return errors.map((error) => {
    const path = fields.get(error.path) ?? (/^(proof|reason)\./.test(error.path) ? error.path : '');
    const message = error.code === 'required' && path.startsWith('proof.') ? PROOF_DATE : error.message;
    // A date's first field takes the keyboard, not the group of three.
    const href = path.startsWith('proof.') ? { href: `#${path.replace('.', '-')}-day` } : {};
    return { ...error, path, message, ...href };
  });
}

const CONTRADICTED =
  'You gave a reason for not allowing this line, but chose to allow it. Choose “Disallow”, or take the reason out.';
const PROOF_DATE = 'Enter the day the authority paid the trainer.';
