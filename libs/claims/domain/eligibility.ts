import { formatDays, longDate, type Problem } from '#kernel';
import { categoryOf, rateOn, type ProgrammeTerms } from '#programme/domain';
import type { CalculationFacts } from './calculation-types.js';
import { isTraining, placedLines, type ClaimBody, type PlacedLine, type TrainingLineBody } from './claim-body.js';
import { firstOfSame, trainerKeys, Trainers } from './duplicates.js';
import { daysByAllocation, firstDay, type LineFigures } from './line-figures.js';
import { daysText } from './text.js';
import { vatLineProblems, vatNumberProblems } from './vat-rules.js';

/** Every reason why a claim cannot be submitted. */
export const PROBLEM_CODES = [
  'booked_too_early',
  'delivered_too_early',
  'delivered_in_future',
  'claim_window_closed',
  'unsupported_character',
  'foreign_vat',
  'vat_mismatch',
  'vat_without_number',
  'vat_number_invalid',
  'travel_without_training',
  'allocation_exceeded',
  'duplicate_trainer_invoice',
  'rate_not_allowed',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** All that a rule may look at. */
export interface Assessed {
  readonly body: ClaimBody;
  readonly terms: ProgrammeTerms;
  readonly facts: CalculationFacts;
  readonly lines: readonly LineFigures[];
}

type Rule = (assessed: Assessed) => Problem[];

const RULES: readonly Rule[] = [
  claimWindow,
  datesOfTraining,
  ratesAllowed,
  vat,
  travelWithTraining,
  duplicateInvoices,
  allocationsFit,
  printable,
];

/** Checks every rule of docs/domain.md, Eligibility and Money. None hides another, and none changes a figure. */
export function findProblems(assessed: Assessed): Problem[] {
  return RULES.flatMap((rule) => rule(assessed));
}

const problem = (path: string, code: ProblemCode, message: string): Problem => ({ path, code, message });

function claimWindow({ terms, facts }: Assessed): Problem[] {
  const { claimBy } = terms.eligibility;
  if (claimBy === null || facts.today <= claimBy) return [];
  const message = `Claims had to be submitted by ${longDate(claimBy)}. Ask ${terms.payer.shortName} whether anything can still be done.`;
  return [problem('programme', 'claim_window_closed', message)];
}

function datesOfTraining({ body, terms, facts }: Assessed): Problem[] {
  return placedLines(body)
    .filter(isTraining)
    .flatMap((placed) => [
      ...bookedProblems(placed, terms),
      ...placed.line.deliveredOn.flatMap((day, at) =>
        deliveryProblems(day, `${placed.path}.deliveredOn[${at}]`, terms, facts.today),
      ),
    ]);
}

function bookedProblems({ line, path }: PlacedLine<TrainingLineBody>, terms: ProgrammeTerms): Problem[] {
  const { bookedAfter } = terms.eligibility;
  if (line.bookedOn > bookedAfter) return [];
  const message = `Booked on ${longDate(line.bookedOn)}; only training booked after ${longDate(bookedAfter)} can be claimed. Take this line out, or correct the date.`;
  return [problem(`${path}.bookedOn`, 'booked_too_early', message)];
}

function deliveryProblems(day: string, path: string, terms: ProgrammeTerms, today: string): Problem[] {
  const { deliveredAfter, deliveredBy } = terms.eligibility;
  const problems: Problem[] = [];
  if (day <= deliveredAfter) {
    const message = `Delivered on ${longDate(day)}; only training delivered after ${longDate(deliveredAfter)} can be claimed. Take this line out, or correct the date.`;
    problems.push(problem(path, 'delivered_too_early', message));
  }
  if (deliveredBy !== null && day > deliveredBy) {
    const message = `Delivered on ${longDate(day)}; only training delivered by ${longDate(deliveredBy)} can be claimed. Take this line out, or correct the date.`;
    problems.push(problem(path, 'claim_window_closed', message));
  }
  if (day > today) {
    const message = `${longDate(day)} is in the future. Claim this training once it has been delivered, or correct the date.`;
    problems.push(problem(path, 'delivered_in_future', message));
  }
  return problems;
}

/** A rate must be one of the category's, and in force on the first delivery day: two rules, two problems. */
function ratesAllowed({ body, terms }: Assessed): Problem[] {
  return placedLines(body)
    .filter(isTraining)
    .flatMap(({ line, path }) => {
      const problems: Problem[] = [];
      const category = categoryOf(terms, line.category);
      if (category?.kind === 'training' && !category.rates.includes(line.rate)) {
        const message = `"${line.rate}" is not a rate for ${category.label}. Choose one of: ${category.rates.join(', ')}; or choose another category.`;
        problems.push(problem(`${path}.rate`, 'rate_not_allowed', message));
      }
      const known = terms.dayRates.some((rate) => rate.code === line.rate);
      if (known && !rateOn(terms, line.rate, firstDay(line))) {
        const message = `The rate "${line.rate}" was not in force on ${longDate(firstDay(line))}, the first delivery day. Choose another rate, or correct the date.`;
        problems.push(problem(`${path}.rate`, 'rate_not_allowed', message));
      }
      return problems;
    });
}

function vat({ body, terms }: Assessed): Problem[] {
  return [
    ...body.trainerInvoices.flatMap(({ trainer }, at) => vatNumberProblems(trainer, `trainerInvoices[${at}].trainer`)),
    ...placedLines(body).flatMap((placed) => vatLineProblems(placed, terms)),
  ];
}

function travelWithTraining({ body }: Assessed): Problem[] {
  const keys = body.trainerInvoices.map(({ trainer }) => trainerKeys(trainer));
  const trained = new Trainers(
    keys.filter((_, at) => body.trainerInvoices[at]!.lines.some((line) => line.kind === 'training')),
  );
  const alone = keys.map((trainer) => !trained.has(trainer));
  return placedLines(body)
    .filter(({ line, invoiceAt }) => line.kind === 'travel' && alone[invoiceAt])
    .map(({ path }) =>
      problem(
        path,
        'travel_without_training',
        'Travel can be claimed only with training by the same trainer in the same claim. Add the training, or take this line out.',
      ),
    );
}

function duplicateInvoices({ body, facts }: Assessed): Problem[] {
  const within = firstOfSame(body.trainerInvoices).flatMap((first, at) => {
    if (first === at) return [];
    const message = `Invoice ${body.trainerInvoices[at]!.number} of this trainer is in this claim twice, as number ${first + 1} and ${at + 1}. Take one out.`;
    return [problem(`trainerInvoices[${at}].number`, 'duplicate_trainer_invoice', message)];
  });
  const elsewhere = facts.duplicateInvoices.map(({ index, detail }) =>
    problem(
      `trainerInvoices[${index}].number`,
      'duplicate_trainer_invoice',
      `Invoice ${body.trainerInvoices[index]?.number ?? ''} of this trainer is already claimed, in ${detail}. Take it out; an invoice can be claimed once, and whole.`,
    ),
  );
  return [...within, ...elsewhere];
}

/** One problem for each allocation that does not suffice, at the line with which it is passed. */
function allocationsFit({ lines, facts, terms }: Assessed): Problem[] {
  return Object.entries(daysByAllocation(lines)).flatMap(([allocation, needed]) => {
    const left = Math.max(0, facts.daysLeft[allocation] ?? 0);
    if (needed <= left) return [];
    let drawn = 0;
    const passing = lines.find((line) => line.allocation === allocation && (drawn += line.fundedDays) > left);
    const message =
      `${terms.allocations[allocation]?.label ?? allocation}: ${daysText(left)} left, this claim needs ${formatDays(needed)}. ` +
      'Claim fewer days, or ask the programme coordinator to move days to you.';
    return [problem(`${passing?.path ?? ''}.trainerDays`, 'allocation_exceeded', message)];
  });
}

function printable({ body, facts }: Assessed): Problem[] {
  const find = facts.unsupportedCharacter;
  if (!find) return [];
  return printedTexts(body).flatMap(([path, text]) => {
    const letter = text ? find(text) : null;
    if (letter === null) return [];
    const point = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const message = `The character "${letter}" (U+${point}) cannot be printed on the claim invoice. Write this without it.`;
    return [problem(path, 'unsupported_character', message)];
  });
}

/** Every text of the claim that its invoice prints. */
function printedTexts(body: ClaimBody): [string, string | null | undefined][] {
  return [
    ['authorityReference', body.authorityReference],
    ['purchaseOrder', body.purchaseOrder],
    ...body.trainerInvoices.flatMap((invoice, at): [string, string][] => [
      [`trainerInvoices[${at}].trainer.name`, invoice.trainer.name],
      [`trainerInvoices[${at}].number`, invoice.number],
    ]),
    ...placedLines(body).map(({ line, path }): [string, string] => [`${path}.description`, line.description]),
  ];
}
