import { divideRounded, formatPence, pence, type Pence } from '#kernel';
import type { GrantTerms } from '#programme/domain';
import { quartersFrom, type Quarter } from './quarters.js';

/** How a figure came about, for a person. Amounts in pence. */
export interface GrantWorking {
  readonly for: string;
  readonly text: string;
  readonly inputs: Readonly<Record<string, string | number>>;
  readonly resultPence: Pence;
}

const QUARTERS_A_YEAR = 4;

/** Every quarter of the grant, the vacant ones included. */
export const grantQuarters = (terms: GrantTerms): Quarter[] =>
  quartersFrom(terms.startsOn, terms.years * QUARTERS_A_YEAR);

/** What the post costs over its years less the quarters it stands vacant (guide, Direct funding for LAs). */
export function workOutGrant(terms: GrantTerms): { amountPence: Pence; working: GrantWorking } {
  const { annualPence, years, vacantQuarters, currency } = terms;
  const wholePence = pence(annualPence * years);
  const vacantPence = pence(
    Number(divideRounded(BigInt(annualPence) * BigInt(vacantQuarters), BigInt(QUARTERS_A_YEAR), 'half_up')),
  );
  const amountPence = wholePence - vacantPence;
  const pounds = (value: Pence): string => formatPence(value, currency);
  const vacant = vacantQuarters === 1 ? '1 vacant quarter' : `${vacantQuarters} vacant quarters`;
  const whole = `${pounds(annualPence)} × ${years} ${years === 1 ? 'year' : 'years'}`;
  const text =
    vacantQuarters === 0
      ? `Amount of the grant: ${whole} = ${pounds(amountPence)}.`
      : `Amount of the grant: ${whole} = ${pounds(wholePence)}, less ${vacant}, ${pounds(vacantPence)}, = ${pounds(amountPence)}.`;
  const inputs = { annualPence, years, vacantQuarters, vacantPence };
  return { amountPence, working: { for: 'workedOutPence', text, inputs, resultPence: amountPence } };
}

/**
 * What of an amount each quarter is for: nothing while the post stands vacant, then equal parts. Rounded as they add up,
 * so that the parts are the amount, whatever it is.
 */
export function quarterShares(terms: GrantTerms, amountPence: Pence): Map<string, Pence> {
  const quarters = grantQuarters(terms);
  const paid = BigInt(quarters.length - terms.vacantQuarters);
  const upTo = (count: number): number => Number((BigInt(amountPence) * BigInt(Math.max(0, count))) / paid);
  return new Map(
    quarters.map(({ code }, at) => {
      const before = at - terms.vacantQuarters;
      return [code, pence(upTo(before + 1) - upTo(before))];
    }),
  );
}
