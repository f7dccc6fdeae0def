import { formProblems, type ClaimView, type EvidenceView, type WrittenForm } from '#claims';
import { linePath } from '#claims/domain';
import { type Problem } from '#kernel';
import {
  date,
  days,
  grouped,
  linesIn,
  money,
  partIn,
  partOf,
  partsOf,
  placedLines,
  plural,
  workingByLine,
} from '../page/index.js';
import { formAddress, pageAddress, placedErrors, type PlacedError } from './task-list.presenter.js';

/** Problems told at once; the others come once these are mended. */
const PROBLEMS_AT_ONCE = 20;

/**
 * The answers as they would be submitted, each with the page to change it and each amount with its working. The lines of a long claim
 * are shown in parts (`asked`); all totals are those of the whole claim, which is what is submitted.
 */
export function checkPage(
  form: WrittenForm,
  claim: ClaimView,
  of: { files: readonly EvidenceView[]; maySubmit: boolean; asked?: unknown },
) {
  const { calculation } = claim;
  const files = of.files.filter(({ removedAt }) => removedAt === null);
  const texts = new Map(calculation.working.map(({ for: what, text }) => [what, text]));
  const textFor = (what: string): string => texts.get(what) ?? '';
  const lineCount = linesIn(claim.trainerInvoices);
  const part = partOf(of.asked, lineCount);
  return {
    form,
    back: formAddress(form.id),
    version: claim.version,
    maySubmit: of.maySubmit,
    problems: firstPlaced(form, calculation.problems),
    moreProblems: Math.max(0, calculation.problems.length - PROBLEMS_AT_ONCE),
    nothing: calculation.totalPence === 0,
    details: [
      { key: 'Your reference', value: claim.authorityReference ?? 'None' },
      { key: 'Purchase order number', value: claim.purchaseOrder ?? 'None' },
    ],
    detailsHref: pageAddress(form.id, 'details'),
    part,
    parts: partsOf(claim.trainerInvoices, part),
    lineCount,
    invoiceCount: claim.trainerInvoices.length,
    linesHref: `/claims/${claim.id}/lines.csv`,
    invoices: invoicesOf(form, claim, files, part),
    amounts: form.categories
      .filter(({ code }) => (calculation.categories[code]?.netPence ?? 0) > 0)
      .map(({ code, label }) => ({
        label,
        amount: money(calculation.categories[code]!.reimbursementPence),
        working: textFor(code),
      })),
    total: { amount: money(calculation.totalPence), working: textFor('totalPence') },
    others: [
      {
        label: 'Paid to trainers, VAT included',
        amount: money(calculation.grossPence),
        working: textFor('grossPence'),
      },
      { label: 'VAT', amount: money(calculation.vatPence), working: textFor('vatPence') },
      { label: 'You bear', amount: money(calculation.authorityPence), working: textFor('authorityPence') },
    ],
    files: files.length,
    filesHref: formAddress(form.id, 'evidence'),
  };
}

/** The trainer invoices with their lines in a part of them, each with where to change it and how its figures come about. */
function invoicesOf(form: WrittenForm, claim: ClaimView, files: readonly EvidenceView[], part: number) {
  const working = workingByLine(claim.calculation.working);
  const filesBy = grouped(
    files,
    ({ trainerInvoiceId }) => trainerInvoiceId ?? '',
    ({ id }) => id,
  );
  const filesOf = (id: string) => filesBy.get(id)?.length ?? 0;
  return partIn(placedLines(claim.trainerInvoices), part).map(({ invoice, at, lines }) => ({
    title: `${invoice.trainer.name}, invoice ${invoice.number}`,
    href: pageAddress(form.id, form.invoices[at]?.key ?? ''),
    rows: [
      { key: 'VAT number', value: invoice.trainer.vatNumber ?? 'Not registered for VAT' },
      ...(invoice.trainer.country === 'GB' ? [] : [{ key: 'Country', value: invoice.trainer.country }]),
      { key: 'Invoice date', value: date(invoice.issuedOn) },
      { key: 'Paid on', value: invoice.paidOn ? date(invoice.paidOn) : 'Not paid yet' },
      { key: 'Evidence', value: filesText(filesOf(invoice.id), filesOf('')) },
      ...(lines.length < invoice.lines.length
        ? [{ key: 'Lines', value: `${lines.length} of its ${plural(invoice.lines.length, 'line')} in this part` }]
        : []),
    ],
    lines: lines.map(({ line, lineAt }) => ({
      number: lineAt + 1,
      ...lineText(form, line),
      net: money(line.netPence),
      vat: `${money(line.vatPence)} (${line.vatRate}%)`,
      working: working.get(linePath(at, lineAt)) ?? [],
    })),
  }));
}

const filesText = (own: number, whole: number): string =>
  own === 0 && whole > 0 ? `${plural(whole, 'file')} for the whole claim` : plural(own, 'file');

type Line = ClaimView['trainerInvoices'][number]['lines'][number];

/** What a line is for, in the words of the terms. */
function lineText({ choices }: WrittenForm, line: Line): { what: string; description: string; detail: string } {
  const { description } = line;
  if (line.kind === 'travel') return { what: choices.atCost ?? 'Travel', description, detail: '' };
  const labelOf = (list: readonly { code: string; label: string }[], code = '') =>
    list.find((one) => one.code === code)?.label ?? code;
  const delivered = (line.deliveredOn ?? []).map((day) => date(day)).join(', ');
  const rate = labelOf(choices.rates, line.rate);
  return {
    what: labelOf(choices.categories, line.category),
    description,
    detail: `${days(line.trainerDays)}, ${rate}. Booked ${date(line.bookedOn)}, delivered ${delivered}.`,
  };
}

/** Problems of the claim, each leading to the field where it is mended. */
const placed = (form: WrittenForm, problems: readonly Problem[]): PlacedError[] =>
  placedErrors(form, formProblems(problems, form.invoices));

/** The first of them: a claim of ten thousand lines may have as many, and nobody mends more at once. */
const firstPlaced = (form: WrittenForm, problems: readonly Problem[]): PlacedError[] =>
  placed(form, problems.slice(0, PROBLEMS_AT_ONCE));

/** The same for an error summary, which ends by saying how many more there are. */
export function errorsPlaced(form: WrittenForm, problems: readonly Problem[]): (PlacedError | Problem)[] {
  const more = problems.length - PROBLEMS_AT_ONCE;
  const rest = { path: '', code: 'more', message: `And ${more} more, shown here once these are corrected.` };
  return [...firstPlaced(form, problems), ...(more > 0 ? [rest] : [])];
}

/** What was submitted, and what happens now. */
export function confirmationPage(form: WrittenForm, claim: ClaimView) {
  return {
    form,
    claim,
    number: claim.invoiceNumber,
    total: money(claim.totalPence),
    due: date(claim.dueOn),
    waitingFor: claim.waitingFor,
    pdf: formAddress(form.id, 'claim-invoice'),
  };
}
