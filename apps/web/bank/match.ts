import { type MatchCandidate, type MatchInput, type MatchPreview } from '#payments';
import { BANK_CHARGES, SUSPENSE } from '#payments/domain';
import { type Form } from '../page/index.js';

/** What somebody chose for a line: things by kind and id, and where the rest goes. */
export interface Choice {
  picks: { kind: string; id: string }[];
  rest: 'charges' | 'suspense' | null;
  /** Pence by id, where not all that is open is meant. */
  amounts: Map<string, number>;
}

const PICK = /^(payment|payment_return|payment_run|receipt|repayment):([0-9a-f-]{36})$/i;

/** Reads the query of the page, or its form, which have the same names. Amounts that are none become problems of the form. */
export function choiceOf(form: Form): Choice {
  const picks = form.all('pick').flatMap((text) => {
    const match = PICK.exec(text);
    return match ? [{ kind: match[1]!, id: match[2]!.toLowerCase() }] : [];
  });
  const rest = form.typed('rest');
  const amounts = new Map<string, number>();
  for (const name of Object.keys(form.values)) {
    if (!name.startsWith('amount-')) continue;
    const pence = form.pence(name);
    if (pence !== undefined) amounts.set(name.slice('amount-'.length), pence);
  }
  return { picks, rest: rest === 'charges' || rest === 'suspense' ? rest : null, amounts };
}

/** The address of the page that shows this choice, with what was typed. */
export function choiceQuery(form: Form): string {
  const query = new URLSearchParams();
  for (const pick of form.all('pick')) query.append('pick', pick);
  if (form.text('rest')) query.set('rest', form.typed('rest'));
  for (const name of Object.keys(form.values)) if (name.startsWith('amount-')) query.set(name, form.typed(name));
  return query.toString();
}

/** As the use case takes it. */
export function matchInput({ picks, rest, amounts }: Choice): MatchInput {
  const of = (...kinds: string[]) => picks.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
  const lists = {
    paymentIds: of('payment', 'payment_return'),
    receiptIds: of('receipt'),
    adjustmentIds: of('repayment'),
  };
  return {
    ...Object.fromEntries(Object.entries(lists).filter(([, ids]) => ids.length > 0)),
    ...(rest === null ? {} : { account: rest === 'charges' ? BANK_CHARGES : SUSPENSE }),
    ...(amounts.size === 0 ? {} : { amounts: [...amounts].map(([id, amountPence]) => ({ id, amountPence })) }),
  };
}

/** What follows from a match, in a sentence: the person decides on it. */
export function consequence(
  { kind, targetId, pence }: MatchPreview['matches'][number],
  found: MatchCandidate | undefined,
): string {
  const whole = found !== undefined && Math.abs(pence) === found.openPence;
  const name = found?.reference ?? targetId ?? '';
  switch (kind) {
    case 'payment':
      return whole
        ? `${name} is paid: its claims become paid, and the authority gets its remittance advice.`
        : `A part of ${name} is paid. It waits for the rest.`;
    case 'payment_return':
      return whole
        ? `${name} came back: its claims are funded again and can be paid by another run.`
        : `A part of ${name} came back. Its claims stay paid until all of it has.`;
    case 'receipt':
      return whole
        ? `The receipt ${name} is confirmed if it is not yet, and its money funds claims.`
        : `A part of the receipt ${name} is shown.`;
    case 'repayment':
      return `The authority has repaid this much of ${name}.`;
    case 'bank_charge':
      return 'This is booked as bank charges, which are MTM’s.';
    case 'suspense':
      return 'This is booked as suspense. It can be explained later, even once the statement is closed.';
  }
}
