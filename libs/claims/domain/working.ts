import { formatDays, formatPence, type Rounding } from '#kernel';
import { nearestRate, type ProgrammeTerms } from '#programme/domain';
import type { Totals, Working } from './calculation-types.js';
import { isTraining, placedLines, type ClaimBody, type PlacedLine } from './claim-body.js';
import { firstDay, type CategorySums, type LineFigures } from './line-figures.js';
import { countText, daysText } from './text.js';

const ROUNDED: Record<Rounding, string> = {
  half_up: 'rounded to the nearest penny, half a penny up',
  half_even: 'rounded to the nearest penny, half a penny to the even one',
  down: 'rounded down to the penny',
};

/** The working of every figure of a calculation: each line, each category, each total. Names no trainer. */
export function explain(
  body: ClaimBody,
  terms: ProgrammeTerms,
  lines: readonly LineFigures[],
  sums: readonly CategorySums[],
  totals: Totals,
): Working[] {
  const pounds = writtenOnce(terms.currency);
  const placed = placedLines(body);
  return [
    ...lines.flatMap((line, at) => explainLine(placed[at] as PlacedLine, line, terms, pounds)),
    ...sums.map((sum) => explainCategory(sum, terms, pounds)),
    ...explainTotals(sums, lines, totals, terms, pounds),
  ];
}

type Pounds = (value: number) => string;

/** A line names its amounts several times and lines share many of them; writing one is the dearest part of explaining a long claim. */
function writtenOnce(currency: string): Pounds {
  const written = new Map<number, string>();
  return (value) => {
    const known = written.get(value);
    if (known !== undefined) return known;
    const text = formatPence(value, currency);
    written.set(value, text);
    return text;
  };
}

function explainLine(placed: PlacedLine, figures: LineFigures, terms: ProgrammeTerms, pounds: Pounds): Working[] {
  const where = `Invoice ${placed.invoice.number}, line ${placed.lineAt + 1}`;
  const { netPence, eligiblePence, aboveRatePence } = figures;
  if (!isTraining(placed)) {
    const text = `${where}: ${pounds(netPence)} net, reimbursed at cost, so all of it is eligible.`;
    return [{ for: `${figures.path}.eligiblePence`, text, inputs: { netPence }, resultPence: eligiblePence }];
  }
  const fundedCostPence = figures.fundedCostPence ?? 0;
  const rate = nearestRate(terms, placed.line.rate, firstDay(placed.line));
  const days = formatDays(figures.trainerDays ?? 0);
  const exact = (figures.trainerDays ?? 0) * (figures.ratePence ?? 0) === fundedCostPence * 1000;
  const funded = rate
    ? `${where}: ${days} trainer-${days === '1' ? 'day' : 'days'} × ${pounds(rate.pencePerTrainerDay)} (${rate.label})${exact ? '' : `, ${ROUNDED[terms.rounding.fundedCost]},`} = ${pounds(fundedCostPence)} funded, drawing ${daysText(figures.fundedDays)} of the allocation.`
    : `${where}: there is no rate "${placed.line.rate}", so nothing is funded.`;
  const lower = aboveRatePence > 0 ? 'the funded cost' : 'the charge';
  return [
    {
      for: `${figures.path}.fundedCostPence`,
      text: funded,
      inputs: {
        trainerDays: days,
        ratePence: figures.ratePence ?? 0,
        fundedDaysPerTrainerDay: rate?.fundedDaysPerTrainerDay ?? '0',
        fundedDays: formatDays(figures.fundedDays),
      },
      resultPence: fundedCostPence,
    },
    {
      for: `${figures.path}.eligiblePence`,
      text: `${where}: the trainer charged ${pounds(netPence)} net and ${pounds(fundedCostPence)} is funded; ${
        netPence === fundedCostPence ? 'they are the same' : `${lower} is lower`
      }, so ${pounds(eligiblePence)} is eligible${aboveRatePence > 0 ? ` and ${pounds(aboveRatePence)} stays with the authority` : ''}.`,
      inputs: { netPence, fundedCostPence, aboveRatePence },
      resultPence: eligiblePence,
    },
  ];
}

function explainCategory(sum: CategorySums, terms: ProgrammeTerms, pounds: Pounds): Working {
  const { code, label, share, kind } = sum.category;
  const part = `${share.numerator}/${share.denominator}`;
  const exact =
    BigInt(sum.eligiblePence) * BigInt(share.numerator) === BigInt(sum.reimbursementPence) * BigInt(share.denominator);
  const days = kind === 'training' && sum.lineCount > 0 ? `, ${daysText(sum.fundedDays)} of the allocation` : '';
  return {
    for: code,
    text:
      sum.lineCount === 0
        ? `${label}: nothing is claimed.`
        : `${label}: ${countText(sum.lineCount, 'line')}, ${pounds(sum.netPence)} net, ${pounds(sum.eligiblePence)} eligible${days}. ` +
          `${pounds(sum.eligiblePence)} × ${part}${exact ? '' : `, ${ROUNDED[terms.rounding.reimbursement]},`} = ${pounds(sum.reimbursementPence)}.`,
    inputs: {
      netPence: sum.netPence,
      eligiblePence: sum.eligiblePence,
      share: part,
      ...(kind === 'training' ? { days: formatDays(sum.trainerDays), fundedDays: formatDays(sum.fundedDays) } : {}),
    },
    resultPence: sum.reimbursementPence,
  };
}

function explainTotals(
  sums: readonly CategorySums[],
  lines: readonly LineFigures[],
  totals: Totals,
  terms: ProgrammeTerms,
  pounds: Pounds,
): Working[] {
  const netPence = totals.grossPence - totals.vatPence;
  const addends = sums.map((sum) => `${sum.category.label} ${pounds(sum.reimbursementPence)}`).join(' + ');
  const above = lines.filter((line) => line.aboveRatePence > 0).length;
  return [
    {
      for: 'totalPence',
      text: `Total reimbursement: ${addends} = ${pounds(totals.totalPence)}.`,
      inputs: Object.fromEntries(sums.map((sum) => [sum.category.code, sum.reimbursementPence])),
      resultPence: totals.totalPence,
    },
    {
      for: 'vatPence',
      text: `VAT: ${pounds(totals.vatPence)} on ${countText(lines.length, 'line')}. It is not reimbursed; the authority recovers it itself (${terms.vatRecovery}).`,
      inputs: { lines: lines.length },
      resultPence: totals.vatPence,
    },
    {
      for: 'grossPence',
      text: `Gross: ${pounds(netPence)} net + ${pounds(totals.vatPence)} VAT = ${pounds(totals.grossPence)} paid to trainers.`,
      inputs: { netPence, vatPence: totals.vatPence },
      resultPence: totals.grossPence,
    },
    {
      for: 'aboveRatePence',
      text:
        above === 0
          ? 'Above the funded rate: nothing.'
          : `Above the funded rate: ${pounds(totals.aboveRatePence)} on ${countText(above, 'line')}, which is not shared.`,
      inputs: { lines: above },
      resultPence: totals.aboveRatePence,
    },
    {
      for: 'authorityPence',
      text: `The authority bears ${pounds(netPence)} net − ${pounds(totals.totalPence)} reimbursed = ${pounds(totals.authorityPence)}, before VAT.`,
      inputs: { netPence, totalPence: totals.totalPence },
      resultPence: totals.authorityPence,
    },
  ];
}
