import { type ClaimNames, type ClaimView, type DocumentItem, type EvidenceView } from '#claims';
import { linePath } from '#claims/domain';
import {
  date,
  days,
  grouped,
  money,
  placedLines,
  plural,
  TableFile,
  workingByLine,
  type PlacedInvoice,
  type PlacedLine,
} from '../page/index.js';
import { sentence } from './timeline.presenter.js';

type Invoice = ClaimView['trainerInvoices'][number];
type Line = Invoice['lines'][number];

/** What the programme calls its categories, by code. */
type Labels = ClaimNames['categories'];

/** Who reads a claim decides how it is told: the authority itself is told "you", everybody else its name. */
export interface Reader {
  readonly names: ClaimNames;
  /** Whether it is the reader's own authority's claim. */
  readonly own: boolean;
}

/** Who acts next is told by the authority's code in lists, which have its code beside it; a page about one claim has its name. */
export const namedClaim = (claim: ClaimView, names: ClaimNames): ClaimView => ({
  ...claim,
  waitingFor: claim.waitingFor?.replace(new RegExp(`\\b${claim.authority}\\b`), () => names.authority) ?? null,
});

/** Where a claim stands, row by row; rows about what is not known yet are left out. */
export function claimSummary(claim: ClaimView, { names, own }: Reader): { key: string; value: string }[] {
  const rows: [key: string, value: string | null][] = [
    ['Who acts next', claim.waitingFor ?? 'Nobody: this is finished'],
    ['On hold because', claim.hold?.reason ?? null],
    ['Claimed', money(claim.totalPence)],
    ['Approved', claim.approvedPence === null ? null : money(claim.approvedPence)],
    ['Submitted', date(claim.submittedAt) || null],
    ['To be paid by', date(claim.dueOn) || null],
    ['Money expected', expectation(claim)],
    [own ? 'Your reference' : `Reference of ${names.authority}`, claim.authorityReference],
    ['Purchase order', claim.purchaseOrder],
  ];
  return rows.flatMap(([key, value]) => (value === null ? [] : [{ key, value }]));
}

function expectation({ expectedPaymentOn, estimatedFrom }: ClaimView): string | null {
  if (expectedPaymentOn === null) return estimatedFrom && sentence(estimatedFrom);
  return estimatedFrom === null ? date(expectedPaymentOn) : `${date(expectedPaymentOn)} – ${estimatedFrom}`;
}

/** Each figure of the claim with the sentence that says how it came about: of the whole claim; a line's stands with the line. */
export function claimFigures(claim: ClaimView, { names, own }: Reader) {
  const { calculation } = claim;
  const who = own ? 'you' : names.authority;
  return {
    working: calculation.working.flatMap(({ for: about, text, resultPence }) =>
      about.startsWith('trainerInvoices[') ? [] : [{ about, text, amount: money(resultPence) }],
    ),
    totals: [
      { key: 'Trainers charged, with VAT', value: money(calculation.grossPence) },
      { key: `VAT, which ${who} ${own ? 'recover' : 'recovers'} from HMRC`, value: money(calculation.vatPence) },
      { key: `Above the funded rate, which stays with ${who}`, value: money(calculation.aboveRatePence) },
      { key: own ? 'You bear' : `${who} bears`, value: money(calculation.authorityPence) },
      { key: 'Reimbursed', value: money(calculation.totalPence) },
    ],
    problems: calculation.problems,
  };
}

type Note = ClaimView['returnNotes'][number];

/** What is said of lines and invoices: read once for all of them, since a claim may have ten thousand lines. */
interface Said {
  readonly flags: ReadonlyMap<string, readonly string[]>;
  /** Of the line itself, by its id. */
  readonly notes: ReadonlyMap<string, Note>;
  /** What the return said of lines that are there no more, by the invoice that stands where theirs did. */
  readonly gone: ReadonlyMap<string, readonly string[]>;
  readonly working: ReadonlyMap<string, readonly string[]>;
}

/** Those trainer invoices and lines that a page shows; what was said of a line stands beside it. */
export function claimLines(claim: ClaimView, labels: Labels, shown: readonly PlacedInvoice<Invoice>[]) {
  const said = saidOf(claim);
  return shown.map(({ invoice, at, lines }) => ({
    heading: `${invoice.trainer.name}, invoice ${invoice.number}`,
    facts: [
      `Dated ${date(invoice.issuedOn)}`,
      invoice.paidOn ? `paid on ${date(invoice.paidOn)}` : 'no date of payment given',
      ...(invoice.paymentProof ? [`proof of payment on ${date(invoice.paymentProof.paidOn)} recorded`] : []),
      ...(lines.length < invoice.lines.length
        ? [`${lines.length} of its ${plural(invoice.lines.length, 'line')} here`]
        : []),
    ].join('; '),
    flags: [...flagsOf(said, at, lines), ...(said.gone.get(String(at)) ?? [])],
    table: linesTable(invoice, labels, lines, said),
    working: lines.flatMap(({ lineAt }) => said.working.get(linePath(at, lineAt)) ?? []),
  }));
}

function saidOf(claim: ClaimView): Said {
  const notes = notesOf(claim);
  const standing = new Set(notes.values());
  const last = claim.trainerInvoices.length - 1;
  return {
    notes,
    flags: grouped(
      claim.flags,
      ({ path }) => path,
      ({ message }) => message,
    ),
    gone: grouped(
      claim.returnNotes.filter((note) => !standing.has(note)),
      ({ path }) => String(Math.min(Number(/\d+/.exec(path)?.[0]), last)),
      ({ description, reason }) => `Returned, about “${description}”: ${reason}`,
    ),
    working: workingByLine(claim.calculation.working),
  };
}

/** What the return said of lines that stand: by their id, or once an edit gave one another, by its place and its words. */
function notesOf({ returnNotes, trainerInvoices }: ClaimView): Map<string, Note> {
  if (returnNotes.length === 0) return new Map();
  const byId = new Map(returnNotes.map((note) => [note.lineId, note]));
  const byPath = new Map(returnNotes.map((note) => [note.path, note]));
  const found = placedLines(trainerInvoices).flatMap(({ at, lines }) =>
    lines.flatMap(({ line, lineAt }): [string, Note][] => {
      const there = byPath.get(linePath(at, lineAt));
      const note = byId.get(line.id) ?? (there?.description === line.description ? there : undefined);
      return note ? [[line.id, note]] : [];
    }),
  );
  return new Map(found);
}

/** The flags of an invoice and of the lines shown: what is said of several lines is said once. */
function flagsOf({ flags }: Said, at: number, lines: readonly PlacedLine<Line>[]): string[] {
  const ofLines = lines.flatMap(({ lineAt }) =>
    (flags.get(linePath(at, lineAt)) ?? []).map((message) => ({ message, number: lineAt + 1 })),
  );
  const numbers = grouped(
    ofLines,
    ({ message }) => message,
    ({ number }) => number,
  );
  return [
    ...(flags.get(`trainerInvoices[${at}]`) ?? []),
    ...[...numbers].map(([message, own]) => `${own.length === 1 ? 'Line' : 'Lines'} ${own.join(', ')}: ${message}`),
  ];
}

function linesTable(invoice: Invoice, labels: Labels, lines: readonly PlacedLine<Line>[], { notes }: Said) {
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
    rows: lines.map(({ line }) => [
      { text: line.description, hint: line.kind === 'travel' ? 'Travel' : trainingOf(line, labels) },
      { text: (line.deliveredOn ?? []).map((day) => date(day)).join(', ') },
      { text: line.trainerDays ?? '', numeric: true },
      { text: money(line.netPence), numeric: true },
      { text: money(line.vatPence), numeric: true },
      decisionOf(line, notes.get(line.id)?.reason),
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

/** Files named on the claim's own page; all of them, with who added them, are on the page of its evidence. */
export const FILES_SHOWN = 20;

/** Issued documents and evidence as they can be downloaded. */
export function claimDocuments(
  claimId: string,
  { documents, evidence }: { documents: readonly DocumentItem[]; evidence: readonly EvidenceView[] },
  reader: Reader,
) {
  const files = evidence.filter(({ removedAt }) => removedAt === null);
  return {
    documents: documents.map((document) => ({
      text: `${document.kind === 'invoice' ? 'Invoice' : 'Credit note'} ${document.number}`,
      detail: `${date(document.issuedOn)}, ${money(document.totalPence)}`,
      href: document.state === 'stored' ? `/claims/${claimId}/documents/${document.id}/pdf` : null,
      state: document.state === 'stored' ? null : 'being made: load this page again in a minute',
      mail: mailOf(document, reader),
    })),
    evidence: files
      .slice(0, FILES_SHOWN)
      .map((file) => ({ text: file.fileName, href: `/claims/${claimId}/evidence/${file.id}` })),
    fileCount: files.length,
  };
}

function mailOf({ deliveries }: DocumentItem, { names, own }: Reader): string {
  const authority = own ? 'you' : names.authority;
  const words: Readonly<Record<string, string>> = {
    sent: 'e-mailed',
    pending: 'e-mail on its way',
    failed: 'e-mail failed',
    unconfirmed: 'e-mail not confirmed',
  };
  return deliveries
    .map(({ audience, state }) => `to ${audience === 'payer' ? names.payer : authority}: ${words[state] ?? state}`)
    .join('; ');
}

const CATEGORY_COLUMNS = ['code', 'label', 'days', 'netPence', 'eligiblePence', 'reimbursementPence'];

/** What is reimbursed, category by category; those in which nothing is claimed are left out. */
export function claimCategories(claim: ClaimView, labels: Labels) {
  const claimed = Object.entries(claim.calculation.categories)
    .filter(([, { netPence }]) => netPence > 0)
    .map(([code, figures]) => ({ code, label: labels.get(code) ?? code, ...figures }));
  return {
    caption: 'What is reimbursed',
    head: [
      { text: 'Category' },
      { text: 'Days' },
      { text: 'Without VAT', numeric: true },
      { text: 'Eligible', numeric: true },
      { text: 'Reimbursed', numeric: true },
    ],
    rows: claimed.map((figures) => [
      { text: figures.label },
      { text: days(figures.days) },
      { text: money(figures.netPence), numeric: true },
      { text: money(figures.eligiblePence), numeric: true },
      { text: money(figures.reimbursementPence), numeric: true },
    ]),
    empty: 'Nothing is claimed yet.',
    file: new TableFile('categories', CATEGORY_COLUMNS, claimed),
  };
}
