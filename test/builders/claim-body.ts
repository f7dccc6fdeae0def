import { readFileSync } from 'node:fs';
import { parseSeed, type ProgrammeTerms } from '#programme/domain';
import type { CalculationFacts, ClaimBody, TrainerInvoiceBody, TrainingLineBody, TravelLineBody } from '#claims/domain';

/** The first version of the terms in a programme file of this repository. */
export function termsFrom(path: string): ProgrammeTerms {
  const file: unknown = JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
  const [terms] = parseSeed(file).terms;
  if (!terms) throw new Error(`${path} holds no terms`);
  return terms;
}

export const eip2Terms = (): ProgrammeTerms => termsFrom('seeds/eip2.json');
export const secondTerms = (): ProgrammeTerms => termsFrom('test/fixtures/programmes/second.json');

/** A training line that may be claimed; VAT follows the net at 20% unless it is given. */
export function training(over: Partial<TrainingLineBody> = {}): TrainingLineBody {
  const netPence = over.netPence ?? 100_000;
  return {
    kind: 'training',
    category: 'targeted',
    rate: 'standard',
    description: 'Safety planning',
    bookedOn: '2018-01-10',
    deliveredOn: ['2018-03-12'],
    trainerDays: '1',
    netPence,
    vatRate: '20',
    vatPence: Math.floor(netPence / 5),
    ...over,
  };
}

/** A travel line without VAT. */
export const travel = (netPence: number, over: Partial<TravelLineBody> = {}): TravelLineBody => ({
  kind: 'travel',
  description: 'Rail',
  netPence,
  vatRate: '0',
  vatPence: 0,
  ...over,
});

/** A VAT-registered trainer's paid invoice. */
export const trainerInvoice = (
  lines: TrainerInvoiceBody['lines'],
  over: Partial<TrainerInvoiceBody> = {},
): TrainerInvoiceBody => ({
  trainer: { name: 'A Trainer Ltd', vatNumber: 'GB999999973' },
  number: 'INV-0042',
  issuedOn: '2018-03-14',
  paidOn: '2018-03-28',
  lines,
  ...over,
});

export const claimBody = (trainerInvoices: TrainerInvoiceBody[], over: Partial<ClaimBody> = {}): ClaimBody => ({
  programme: 'EIP2',
  authority: 'BRENT',
  trainerInvoices,
  ...over,
});

/** A claim of one invoice with these lines. */
export const claimOf = (...lines: TrainerInvoiceBody['lines']): ClaimBody => claimBody([trainerInvoice(lines)]);

/** April 2018, with more days left than anything needs. */
export const facts = (over: Partial<CalculationFacts> = {}): CalculationFacts => ({
  today: '2018-04-03',
  daysLeft: { targeted: 100_000_000, coaching_qa: 100_000_000, practice_leader: 100_000_000, course_days: 100_000_000 },
  duplicateInvoices: [],
  ...over,
});
