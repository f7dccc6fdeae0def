// The package's index loads every country's rules; only these are needed.
import { validate } from 'stdnum/lib/cjs/gb/vat.js';
import { formatPence, longDate, parseDays, type Problem } from '#kernel';
import { vatRateExists, vatRatesOn, type ProgrammeTerms } from '#programme/domain';
import { countryOf, type PlacedLine, type TrainerBody } from './claim-body.js';

/** Where UK VAT is charged: the Isle of Man is one territory with the UK for VAT (VAT Act 1994, Isle of Man Act 1979). */
const UK_VAT_AREA = new Set(['GB', 'IM']);

const isOutsideUk = (trainer: TrainerBody) => !UK_VAT_AREA.has(countryOf(trainer));

/** A GB number must pass its check digits, by mod 97 or by 9755 (HMRC uses both), with or without GB and spaces. */
export function isGbVatNumber(number: string): boolean {
  return /[1-9]/.test(number) && validate(number).isValid;
}

/** The trainer's own number; another country's is not checked. */
export function vatNumberProblems(trainer: TrainerBody, path: string): Problem[] {
  const number = trainer.vatNumber?.trim();
  if (!number) return [];
  if (isOutsideUk(trainer) && !/^GB/i.test(number)) return [];
  if (isGbVatNumber(number)) return [];
  return [
    {
      path: `${path}.vatNumber`,
      code: 'vat_number_invalid',
      message: `${number} is not a VAT number: its check digits are wrong. Copy it again from the trainer's invoice, or ask the trainer.`,
    },
  ];
}

/** Every rule for the VAT of one line (docs/domain.md, Money 2). Each is checked, whatever the others say. */
export function vatLineProblems({ line, invoice, path }: PlacedLine, terms: ProgrammeTerms): Problem[] {
  const problems: Problem[] = [];
  const note = (field: string, code: string, message: string) =>
    problems.push({ path: `${path}.${field}`, code, message });
  const pounds = (value: number) => formatPence(value, terms.currency);

  if (line.vatPence > 0 && isOutsideUk(invoice.trainer)) {
    note(
      'vatPence',
      'foreign_vat',
      'A trainer outside the UK charges no VAT. Enter 0, or correct the country; any reverse charge is yours to account for.',
    );
  }
  if (line.vatPence > 0 && !invoice.trainer.vatNumber?.trim()) {
    note(
      'vatPence',
      'vat_without_number',
      `VAT of ${pounds(line.vatPence)} is charged, but the trainer has no VAT number here. Enter the number on the trainer's invoice; if there is none, ask the trainer for a corrected invoice.`,
    );
  }
  if (!vatRateExists(terms, line.vatRate, invoice.issuedOn)) {
    const inForce = vatRatesOn(terms, invoice.issuedOn).map((rate) => `${rate}%`);
    note(
      'vatRate',
      'vat_mismatch',
      inForce.length > 0
        ? `${line.vatRate}% was not a rate of VAT in force on ${longDate(invoice.issuedOn)}, the date of the trainer's invoice. Choose ${inForce.join(', ')}, or correct the date.`
        : `No rate of VAT is known for ${longDate(invoice.issuedOn)}, the date of the trainer's invoice. Correct the date.`,
    );
  }
  if (!vatAgrees(line.netPence, line.vatRate, line.vatPence)) {
    note(
      'vatPence',
      'vat_mismatch',
      `VAT of ${pounds(line.vatPence)} is not ${line.vatRate}% of ${pounds(line.netPence)} net. Check net, rate and VAT against the trainer's invoice.`,
    );
  }
  return problems;
}

/** VAT equals net × rate within one penny, compared exactly: nothing is rounded first. */
export function vatAgrees(netPence: number, percent: string, vatPence: number): boolean {
  // Per cent in thousandths: net × rate is in hundred-thousandths of a penny.
  const difference = BigInt(vatPence) * 100_000n - BigInt(netPence) * BigInt(parseDays(percent));
  return difference <= 100_000n && difference >= -100_000n;
}
