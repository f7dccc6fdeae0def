import { formatPence } from '#kernel';
import type { ProgrammeTerms } from '#programme/domain';
import type { ClaimBody } from './claim-body.js';
import type { LineFigures } from './line-figures.js';
import { longDate } from './text.js';

/** `all`: whoever sees the claim. `payer`: the payer's staff and auditors only, since it tells of another authority. */
export type FlagAudience = 'all' | 'payer';

/** What a reviewer should look at and what refuses nothing, with who may see it (docs/domain.md, Flags). */
export const FLAGS = {
  above_funded_rate: 'all',
  trainer_not_paid: 'all',
  evidence_missing: 'all',
  reclaimed_after_rejection: 'all',
  evidence_reused: 'all',
  trainer_invoice_at_other_authority: 'payer',
  trainer_double_booked: 'payer',
} as const satisfies Record<string, FlagAudience>;

export type FlagCode = keyof typeof FLAGS;
export const FLAG_CODES = Object.keys(FLAGS) as readonly FlagCode[];

export interface Flag {
  readonly code: FlagCode;
  readonly path: string;
  readonly message: string;
}

/** The flags that somebody may see. */
export const visibleFlags = (flags: readonly Flag[], audience: FlagAudience): Flag[] =>
  flags.filter((flag) => audience === 'payer' || FLAGS[flag.code] === 'all');

export interface FlagFacts {
  readonly today: string;
  /** Files of evidence the claim has. */
  readonly evidenceCount: number;
  /** Places of the trainer invoices for which the payer has recorded a proof of payment. */
  readonly proven?: ReadonlySet<number>;
}

/** The flags that follow from the claim alone; those that need other claims come from the database. */
export function flagsOfClaim(
  body: ClaimBody,
  terms: ProgrammeTerms,
  lines: readonly LineFigures[],
  facts: FlagFacts,
): Flag[] {
  const above = lines
    .filter((line) => line.aboveRatePence > 0)
    .map((line) => {
      const amount = formatPence(line.aboveRatePence, terms.currency);
      const message = `${amount} net is above the funded rate and stays with the authority.`;
      return { code: 'above_funded_rate' as const, path: `${line.path}.netPence`, message };
    });
  const unpaid = body.trainerInvoices.flatMap(({ paidOn }, at) => {
    if (facts.proven?.has(at) || isPaid(paidOn, facts.today)) return [];
    const message = paidOn
      ? `The date the trainer was paid, ${longDate(paidOn)}, is in the future.`
      : 'There is no date on which the authority paid the trainer.';
    return [{ code: 'trainer_not_paid' as const, path: `trainerInvoices[${at}].paidOn`, message }];
  });
  const evidence =
    facts.evidenceCount > 0
      ? []
      : [{ code: 'evidence_missing' as const, path: 'evidence', message: 'No file of evidence is attached.' }];
  return [...above, ...unpaid, ...evidence];
}

/** Whether a date proves that a trainer was paid: there is one, and it has come. */
export const isPaid = (paidOn: string | null | undefined, today: string): boolean => !!paidOn && paidOn <= today;
