import type { ProgrammeTerms } from '#programme/domain';
import { type ClaimBody, type ClaimLineBody, type TrainingLineBody } from './claim-body.js';
import { trainerKeys, Trainers } from './duplicates.js';
import { lineFigures, sumCategories } from './line-figures.js';

/**
 * What of a claim was delivered by a day: training whose last day it is or that is over, and the travel of a trainer who has
 * delivered some (docs/ledger.md, Accruals). Null when nothing was.
 */
export function deliveredBy(body: ClaimBody, day: string): ClaimBody | null {
  const done = (line: ClaimLineBody): line is TrainingLineBody =>
    line.kind === 'training' && line.deliveredOn.every((delivered) => delivered <= day);
  const keyed = body.trainerInvoices.map((invoice) => ({ invoice, keys: trainerKeys(invoice.trainer) }));
  const trainers = new Trainers(keyed.filter(({ invoice }) => invoice.lines.some(done)).map(({ keys }) => keys));
  const trainerInvoices = keyed
    .map(({ invoice, keys }) => ({
      ...invoice,
      lines: invoice.lines.filter((line) => done(line) || (line.kind === 'travel' && trainers.has(keys))),
    }))
    .filter(({ lines }) => lines.length > 0);
  return trainerInvoices.length === 0 ? null : { ...body, trainerInvoices };
}

/** What a body comes to in each category, in pence, as it is written. Throws malformed as `assess` does. */
export const reimbursementByCategory = (body: ClaimBody, terms: ProgrammeTerms): Record<string, number> =>
  Object.fromEntries(
    sumCategories(terms, lineFigures(body, terms)).map(({ category, reimbursementPence }) => [
      category.code,
      reimbursementPence,
    ]),
  );
