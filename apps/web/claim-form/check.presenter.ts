import { formProblems, type ClaimView, type EvidenceView, type FormView } from '#claims';
import { type Problem } from '#kernel';
import { date, days, money, plural } from '../page/index.js';
import { formAddress, pageAddress, placedErrors, type PlacedError } from './task-list.presenter.js';

const textFor = (claim: ClaimView, what: string): string =>
  claim.calculation.working.find((step) => step.for === what)?.text ?? '';

/** The answers as they would be submitted, each with the page to change it and each amount with its working. */
export function checkPage(
  form: FormView,
  claim: ClaimView,
  of: { files: readonly EvidenceView[]; maySubmit: boolean },
) {
  const { calculation } = claim;
  const files = of.files.filter(({ removedAt }) => removedAt === null);
  return {
    form,
    back: formAddress(form.id),
    version: claim.version,
    maySubmit: of.maySubmit,
    problems: placed(form, calculation.problems),
    nothing: calculation.totalPence === 0,
    details: [
      { key: 'Your reference', value: claim.authorityReference ?? 'None' },
      { key: 'Purchase order number', value: claim.purchaseOrder ?? 'None' },
    ],
    detailsHref: pageAddress(form.id, 'details'),
    invoices: invoicesOf(form, claim, files),
    amounts: form.working.categories
      .filter(({ code }) => (calculation.categories[code]?.netPence ?? 0) > 0)
      .map(({ code, label }) => ({
        label,
        amount: money(calculation.categories[code]!.reimbursementPence),
        working: textFor(claim, code),
      })),
    total: { amount: money(calculation.totalPence), working: textFor(claim, 'totalPence') },
    others: [
      {
        label: 'Paid to trainers, VAT included',
        amount: money(calculation.grossPence),
        working: textFor(claim, 'grossPence'),
      },
      { label: 'VAT', amount: money(calculation.vatPence), working: textFor(claim, 'vatPence') },
      { label: 'You bear', amount: money(calculation.authorityPence), working: textFor(claim, 'authorityPence') },
    ],
    files: files.length,
    filesHref: formAddress(form.id, 'evidence'),
  };
}

/** The trainer invoices with their lines, each with where to change it and how its figures come about. */
function invoicesOf(form: FormView, claim: ClaimView, files: readonly EvidenceView[]) {
  const { working } = claim.calculation;
  const filesOf = (id: string | null) => files.filter(({ trainerInvoiceId }) => trainerInvoiceId === id).length;
  return claim.trainerInvoices.map((invoice, at) => ({
    title: `${invoice.trainer.name}, invoice ${invoice.number}`,
    href: pageAddress(form.id, form.invoices[at]?.key ?? ''),
    rows: [
      { key: 'VAT number', value: invoice.trainer.vatNumber ?? 'Not registered for VAT' },
      ...(invoice.trainer.country === 'GB' ? [] : [{ key: 'Country', value: invoice.trainer.country }]),
      { key: 'Invoice date', value: date(invoice.issuedOn) },
      { key: 'Paid on', value: invoice.paidOn ? date(invoice.paidOn) : 'Not paid yet' },
      { key: 'Evidence', value: filesText(filesOf(invoice.id), filesOf(null)) },
    ],
    lines: invoice.lines.map((line, lineAt) => ({
      number: lineAt + 1,
      ...lineText(form, line),
      net: money(line.netPence),
      vat: `${money(line.vatPence)} (${line.vatRate}%)`,
      working: working
        .filter((step) => step.for.startsWith(`trainerInvoices[${at}].lines[${lineAt}].`))
        .map(({ text }) => text),
    })),
  }));
}

const filesText = (own: number, whole: number): string =>
  own === 0 && whole > 0 ? `${plural(whole, 'file')} for the whole claim` : plural(own, 'file');

type Line = ClaimView['trainerInvoices'][number]['lines'][number];

/** What a line is for, in the words of the terms. */
function lineText({ choices }: FormView, line: Line): { what: string; description: string; detail: string } {
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
export const placed = (form: FormView, problems: readonly Problem[]): PlacedError[] =>
  placedErrors(form, formProblems(problems, form.invoices));

/** What was submitted, and what happens now. */
export function confirmationPage(form: FormView, claim: ClaimView) {
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
