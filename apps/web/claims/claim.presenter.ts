import { type ClaimView, type DocumentItem, type EvidenceView } from '#claims';
import { linePath } from '#claims/domain';
import { date, days, money } from '../page/index.js';
import { sentence } from './timeline.presenter.js';

type Invoice = ClaimView['trainerInvoices'][number];
type Line = Invoice['lines'][number];

/** What the programme calls its categories, by code. */
type Labels = ReadonlyMap<string, string>;

/** Where a claim stands, row by row; rows about what is not known yet are left out. */
export function claimSummary(claim: ClaimView): { key: string; value: string }[] {
  const rows: [key: string, value: string | null][] = [
    ['Who acts next', claim.waitingFor ?? 'Nobody: this is finished'],
    ['On hold because', claim.hold?.reason ?? null],
    ['Claimed', money(claim.totalPence)],
    ['Approved', claim.approvedPence === null ? null : money(claim.approvedPence)],
    ['Submitted', date(claim.submittedAt) || null],
    ['To be paid by', date(claim.dueOn) || null],
    ['Money expected', expectation(claim)],
    ['Your reference', claim.authorityReference],
    ['Purchase order', claim.purchaseOrder],
  ];
  return rows.flatMap(([key, value]) => (value === null ? [] : [{ key, value }]));
}

function expectation({ expectedPaymentOn, estimatedFrom }: ClaimView): string | null {
  if (expectedPaymentOn === null) return estimatedFrom && sentence(estimatedFrom);
  return estimatedFrom === null ? date(expectedPaymentOn) : `${date(expectedPaymentOn)} – ${estimatedFrom}`;
}

/** Each figure of the claim with the sentence that says how it came about. */
export function claimFigures(claim: ClaimView) {
  const { calculation } = claim;
  return {
    working: calculation.working.map(({ for: about, text, resultPence }) => ({
      about,
      text,
      amount: money(resultPence),
    })),
    totals: [
      { key: 'Trainers charged, with VAT', value: money(calculation.grossPence) },
      { key: 'VAT, which you recover from HMRC', value: money(calculation.vatPence) },
      { key: 'Above the funded rate, which stays with you', value: money(calculation.aboveRatePence) },
      { key: 'You bear', value: money(calculation.authorityPence) },
      { key: 'Reimbursed', value: money(calculation.totalPence) },
    ],
    problems: calculation.problems,
  };
}

/** The trainer invoices with their lines; what was said of a line stands beside it. */
export function claimLines(claim: ClaimView, labels: Labels) {
  return claim.trainerInvoices.map((invoice, index) => ({
    heading: `${invoice.trainer.name}, invoice ${invoice.number}`,
    facts: [
      `Dated ${date(invoice.issuedOn)}`,
      invoice.paidOn ? `paid on ${date(invoice.paidOn)}` : 'no date of payment given',
      ...(invoice.paymentProof ? [`proof of payment on ${date(invoice.paymentProof.paidOn)} recorded`] : []),
    ].join('; '),
    flags: [
      ...claim.flags.filter(({ path }) => path.startsWith(`trainerInvoices[${index}]`)).map(({ message }) => message),
      ...notesOfGoneLines(claim, index),
    ],
    table: linesTable(invoice, labels, (line, at) => noteOf(claim, line, linePath(index, at))?.reason),
  }));
}

/** What the return said of a line: by its id, or once an edit gave it another, by its place and its words. */
const noteOf = ({ returnNotes }: ClaimView, line: Line, path: string) =>
  returnNotes.find(({ lineId }) => lineId === line.id) ??
  returnNotes.find((note) => note.path === path && note.description === line.description);

/** What the return said of lines that are there no more, with the invoice that stands where theirs did. */
function notesOfGoneLines(claim: ClaimView, index: number): string[] {
  const last = claim.trainerInvoices.length - 1;
  const standing = new Set(
    claim.trainerInvoices.flatMap(({ lines }, at) =>
      lines.map((line, lineAt) => noteOf(claim, line, linePath(at, lineAt))),
    ),
  );
  return claim.returnNotes
    .filter((note) => !standing.has(note))
    .filter(({ path }) => Math.min(Number(/\d+/.exec(path)?.[0]), last) === index)
    .map(({ description, reason }) => `Returned, about “${description}”: ${reason}`);
}

function linesTable(invoice: Invoice, labels: Labels, returned: (line: Line, at: number) => string | undefined) {
  return {
    caption: `Lines of invoice ${invoice.number}`,
    captionHidden: true,
    head: [
      { text: 'What' },
      { text: 'When' },
      { text: 'Days', numeric: true },
      { text: 'Without VAT', numeric: true },
      { text: 'VAT', numeric: true },
      { text: 'Decision' },
    ],
    rows: invoice.lines.map((line, at) => [
      { text: line.description, hint: line.kind === 'travel' ? 'Travel' : trainingOf(line, labels) },
      { text: (line.deliveredOn ?? []).map((day) => date(day)).join(', ') },
      { text: line.trainerDays ?? '', numeric: true },
      { text: money(line.netPence), numeric: true },
      { text: money(line.vatPence), numeric: true },
      decisionOf(line, returned(line, at)),
    ]),
    empty: 'This invoice has no lines yet.',
  };
}

/** Columns of the lines as a file: as the API has them, with the trainer invoice that each is of. */
export const LINE_CSV_COLUMNS = [
  ...['trainer', 'number', 'issuedOn', 'paidOn', 'kind', 'category', 'rate', 'description', 'bookedOn', 'deliveredOn'],
  ...['trainerDays', 'netPence', 'vatRate', 'vatPence', 'decision', 'reason', 'id'],
] as const;

export const lineRows = ({ trainerInvoices }: Pick<ClaimView, 'trainerInvoices'>): Record<string, unknown>[] =>
  trainerInvoices.flatMap(({ trainer, number, issuedOn, paidOn, lines }) =>
    lines.map(({ decision, deliveredOn = [], ...line }) => ({
      ...{ trainer: trainer.name, number, issuedOn, paidOn },
      ...line,
      deliveredOn: deliveredOn.join(' '),
      decision: decision?.decision ?? '',
      reason: decision?.reason ?? '',
    })),
  );

const trainingOf = ({ category }: Line, labels: Labels): string =>
  category === undefined ? 'Training' : (labels.get(category) ?? `Training: ${category}`);

function decisionOf({ decision }: Line, returned: string | undefined): { text: string; hint?: string } {
  if (returned !== undefined) return { text: 'To correct', hint: returned };
  if (decision === null) return { text: 'Not yet' };
  const text = decision.decision === 'allow' ? 'Allowed' : 'Not allowed';
  return decision.reason === null ? { text } : { text, hint: decision.reason };
}

/** Issued documents and evidence as they can be downloaded. */
export function claimDocuments(claimId: string, documents: readonly DocumentItem[], evidence: readonly EvidenceView[]) {
  return {
    documents: documents.map((document) => ({
      text: `${document.kind === 'invoice' ? 'Invoice' : 'Credit note'} ${document.number}`,
      detail: `${date(document.issuedOn)}, ${money(document.totalPence)}`,
      href: document.state === 'stored' ? `/claims/${claimId}/documents/${document.id}/pdf` : null,
      state: document.state === 'stored' ? null : 'being made: load this page again in a minute',
      mail: mailOf(document),
    })),
    evidence: evidence
      .filter(({ removedAt }) => removedAt === null)
      .map((file) => ({ text: file.fileName, href: `/claims/${claimId}/evidence/${file.id}` })),
  };
}

function mailOf({ deliveries }: DocumentItem): string {
  const words: Readonly<Record<string, string>> = {
    sent: 'e-mailed',
    pending: 'e-mail on its way',
    failed: 'e-mail failed',
    unconfirmed: 'e-mail not confirmed',
  };
  return deliveries
    .map(({ audience, state }) => `${audience === 'payer' ? 'to MTM' : 'to the authority'}: ${words[state] ?? state}`)
    .join('; ');
}

/** What is reimbursed, category by category; those in which nothing is claimed are left out. */
export function claimCategories(claim: ClaimView, labels: Labels) {
  return {
    caption: 'What is reimbursed',
    head: [
      { text: 'Category' },
      { text: 'Days' },
      { text: 'Without VAT', numeric: true },
      { text: 'Eligible', numeric: true },
      { text: 'Reimbursed', numeric: true },
    ],
    rows: Object.entries(claim.calculation.categories)
      .filter(([, { netPence }]) => netPence > 0)
      .map(([code, figures]) => [
        { text: labels.get(code) ?? code },
        { text: days(figures.days) },
        { text: money(figures.netPence), numeric: true },
        { text: money(figures.eligiblePence), numeric: true },
        { text: money(figures.reimbursementPence), numeric: true },
      ]),
    empty: 'Nothing is claimed yet.',
  };
}
