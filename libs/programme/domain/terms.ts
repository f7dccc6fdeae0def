import { parseDays, type Rounding } from '#kernel';

/** Both ends belong to the period; null leaves that end open. Dates are `YYYY-MM-DD`. */
export interface Period {
  readonly from: string | null;
  readonly to: string | null;
}

/** What the programme funds for a trainer-day delivered in the period. A code may have several periods, never two at once. */
export interface DayRate extends Period {
  readonly code: string;
  readonly label: string;
  readonly pencePerTrainerDay: number;
  /** Days of the allocation that one trainer-day draws, a decimal such as `"1.2"`. */
  readonly fundedDaysPerTrainerDay: string;
}

/** A rate of VAT that a trainer's invoice dated in the period may carry; percent is a decimal such as `"20"`. */
interface VatRate extends Period {
  readonly percent: string;
}

export interface Share {
  readonly numerator: number;
  readonly denominator: number;
}

/** Training by the day: funded at the permitted rates, out of an allocation. */
interface TrainingCategory {
  readonly kind: 'training';
  readonly code: string;
  readonly label: string;
  readonly share: Share;
  readonly rates: readonly string[];
  readonly allocation: string;
}

/** What goes with training and is reimbursed at cost, without a cap: travel, in EIP2. A programme has at most one. */
interface AtCostCategory {
  readonly kind: 'at_cost';
  readonly code: string;
  readonly label: string;
  readonly share: Share;
}

export type Category = TrainingCategory | AtCostCategory;

/** Days every authority gets alike, or a pool that the programme shares out, part of it kept in reserve. */
export type AllocationTerms =
  | { readonly kind: 'per_authority'; readonly label: string; readonly daysPerAuthority: string }
  | { readonly kind: 'pool'; readonly label: string; readonly maximumDays: string; readonly reserveDays: string };

/** Who is claimed from. `identifier` is its official number; `scheme` the ISO 6523 code of the register, null without one. */
export interface Payer {
  readonly legalName: string;
  readonly tradingName: string | null;
  readonly shortName: string;
  readonly identifier: { readonly label: string; readonly value: string; readonly scheme: string | null };
  readonly address: readonly string[];
  readonly country: string;
  readonly invoiceEmail: string;
}

/** The account claims are paid from: in the United Kingdom by sort code and number, abroad by IBAN and BIC. */
export type DebtorAccount =
  | { readonly name: string; readonly sortCode: string; readonly accountNumber: string }
  | { readonly name: string; readonly iban: string; readonly bic: string };

/** One version of a programme's terms. Which version a claim has is decided by its submission, for ever. */
export interface ProgrammeTerms {
  readonly programme: string;
  readonly version: number;
  readonly inForceFrom: string;
  readonly currency: string;
  /** What every document number starts with: `EIP2` gives `EIP2-BRENT-0001`. */
  readonly numberPrefix: string;
  readonly funder: { readonly name: string; readonly shortName: string };
  readonly payer: Payer;
  readonly payment: {
    readonly withinDays: number;
    readonly paidOnReceiptFromFunder: boolean;
    /** Days after submission when the payer is warned of an unpaid claim, rising; read them by `warningDays`. */
    readonly warningDays?: readonly number[];
    /** Null: no payment can be made yet. */
    readonly debtor: DebtorAccount | null;
  };
  readonly eligibility: {
    /** Booked strictly after this date. */
    readonly bookedAfter: string;
    /** Every delivery day strictly after this date. */
    readonly deliveredAfter: string;
    /** The last day a delivery may have, or null. */
    readonly deliveredBy: string | null;
    /** The last day a claim may be submitted, or null. */
    readonly claimBy: string | null;
  };
  /** By what law the authority recovers the VAT itself; printed on the claim invoice. */
  readonly vatRecovery: string;
  readonly vatRates: readonly VatRate[];
  readonly dayRates: readonly DayRate[];
  readonly categories: readonly Category[];
  readonly allocations: Readonly<Record<string, AllocationTerms>>;
  readonly rounding: { readonly fundedCost: Rounding; readonly fundedDays: Rounding; readonly reimbursement: Rounding };
}

/** True when a date is within a period. */
const within = (period: Period, date: string): boolean =>
  (period.from === null || period.from <= date) && (period.to === null || date <= period.to);

/** The rate a code has on a date (a line's first delivery day: docs/domain.md, Money 7); null when none is in force. */
export function rateOn(terms: ProgrammeTerms, code: string, date: string): DayRate | null {
  return terms.dayRates.find((rate) => rate.code === code && within(rate, date)) ?? null;
}

/**
 * The rate to calculate with even when none is in force: the last one before the date, else the first after it.
 * A problem changes no figure, so the line is still calculated; null only for a code the terms do not know.
 */
export function nearestRate(terms: ProgrammeTerms, code: string, date: string): DayRate | null {
  const inForce = rateOn(terms, code, date);
  if (inForce) return inForce;
  const byStart = terms.dayRates
    .filter((rate) => rate.code === code)
    .sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
  return byStart.findLast((rate) => rate.to !== null && rate.to < date) ?? byStart[0] ?? null;
}

/** Whether a trainer's invoice of that date may carry that rate of VAT. `"20"` and `"20.0"` are the same rate. */
export function vatRateExists(terms: ProgrammeTerms, percent: string, date: string): boolean {
  const wanted = parseDays(percent);
  return terms.vatRates.some((rate) => within(rate, date) && parseDays(rate.percent) === wanted);
}

/** The rates of VAT in force on a date, lowest first. */
export function vatRatesOn(terms: ProgrammeTerms, date: string): string[] {
  return terms.vatRates
    .filter((rate) => within(rate, date))
    .map((rate) => rate.percent)
    .sort((a, b) => parseDays(a) - parseDays(b));
}

/** The category with a code, or null. */
export function categoryOf(terms: ProgrammeTerms, code: string): Category | null {
  return terms.categories.find((category) => category.code === code) ?? null;
}

/** The category for what is reimbursed at cost, or null when the programme pays for nothing but training. */
export function atCostCategory(terms: ProgrammeTerms): AtCostCategory | null {
  return terms.categories.find((category) => category.kind === 'at_cost') ?? null;
}

/** **Decided** (docs/domain.md, Getting paid): what holds where the terms say nothing. */
const WARNING_DAYS: readonly number[] = [30, 45, 55];

/** When the payer is warned of an unpaid claim, in days after its submission: rising, and before the time is up. */
export const warningDays = ({ payment }: Pick<ProgrammeTerms, 'payment'>): readonly number[] =>
  payment.warningDays ?? WARNING_DAYS.filter((days) => days < payment.withinDays);
