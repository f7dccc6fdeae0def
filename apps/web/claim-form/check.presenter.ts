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
  const labels = new Map(form.choices.categories.map(({ code, label }) => [code, label]));
  const rates = new Map(form.choices.rates.map(({ code, label }) => [code, label]));
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
    invoices: claim.trainerInvoices.map((invoice, at) => ({
      title: `${invoice.trainer.name}, invoice ${invoice.number}`,
      href: pageAddress(form.id, form.invoices[at]?.key ?? ''),
      rows: [
        { key: 'VAT number', value: invoice.trainer.vatNumber ?? 'Not registered for VAT' },
        ...(invoice.trainer.country === 'GB' ? [] : [{ key: 'Country', value: invoice.trainer.country }]),
        { key: 'Invoice date', value: date(invoice.issuedOn) },
        { key: 'Paid on', value: invoice.paidOn ? date(invoice.paidOn) : 'Not paid yet' },
        {
          key: 'Evidence',
          value: plural(files.filter(({ trainerInvoiceId }) => trainerInvoiceId === invoice.id).length, 'file'),
        },
      ],
      lines: invoice.lines.map((line, lineAt) => ({
        number: lineAt + 1,
        what:
          line.kind === 'travel'
            ? (form.choices.atCost ?? 'Travel')
            : (labels.get(line.category ?? '') ?? line.category),
        description: line.description,
        detail:
          line.kind === 'travel'
            ? ''
            : `${days(line.trainerDays)} at the rate ${(rates.get(line.rate ?? '') ?? line.rate ?? '').toLowerCase()}, booked ${date(line.bookedOn)}, delivered ${(line.deliveredOn ?? []).map((day) => date(day)).join(', ')}`,
        net: money(line.netPence),
        vat: `${money(line.vatPence)} (${line.vatRate}%)`,
        working: calculation.working
          .filter((step) => step.for.startsWith(`trainerInvoices[${at}].lines[${lineAt}].`))
          .map(({ text }) => text),
      })),
    })),
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
