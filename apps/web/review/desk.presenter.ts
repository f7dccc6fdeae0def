import { type ClaimOnDesk, type ClaimView, type EvidenceView } from '#claims';
import { linePath } from '#claims/domain';
import { claimStatus, date, days, grouped, money, workingByLine, type PlacedInvoice } from '../page/index.js';

export const claimAddress = (id: string, ...rest: string[]): string => ['/claims', id, ...rest].join('/');

/** How people call a claim: by its invoice number once it has one. */
export const nameOf = (claim: ClaimView): string => claim.invoiceNumber ?? 'Draft claim';

export interface Fact {
  readonly key: string;
  readonly value: string;
  readonly href?: string;
}

/** What a claim is, at the top of each page of work on it. */
export function claimFacts(desk: ClaimOnDesk): Fact[] {
  const { claim } = desk;
  const by = (person: { name: string } | null): string => (person ? ` by ${person.name}` : '');
  const facts: (Fact | null)[] = [
    { key: 'Claimed', value: money(claim.totalPence), href: `${claimAddress(claim.id)}` },
    claim.approvedPence === null ? null : { key: 'Approved', value: money(claim.approvedPence) },
    claim.submittedAt && { key: 'Submitted', value: `${date(claim.submittedAt)}${by(desk.submittedBy)}` },
    desk.reviewedAt && { key: 'Reviewed', value: `${date(desk.reviewedAt)}${by(desk.reviewedBy)}` },
    claim.dueOn && { key: 'Payment due', value: date(claim.dueOn) },
    claim.authorityReference && { key: 'Their reference', value: claim.authorityReference },
    claim.purchaseOrder && { key: 'Purchase order', value: claim.purchaseOrder },
    { key: 'Assigned to', value: desk.assignedTo?.name ?? 'Nobody', href: claimAddress(claim.id, 'assign') },
    claim.hold && {
      key: 'On hold',
      value: `Since ${date(claim.hold.heldAt)}${by(desk.heldBy)}: ${claim.hold.reason}`,
    },
  ].map((fact) => fact || null);
  return facts.filter((fact) => fact !== null);
}

export interface FileShown {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly href: string;
  /** How a browser shows it in place; others are downloaded. */
  readonly shown: 'frame' | 'image' | null;
}

/** Files as they stand beside lines: those that a browser shows, the first of which is open. */
export interface EvidenceBeside {
  readonly frame: string;
  readonly title: string;
  readonly open: FileShown | null;
  readonly files: readonly FileShown[];
  readonly images: readonly FileShown[];
  /** How many more there are, and where all of them are. */
  readonly more: number;
  readonly allHref: string;
}

/** Files beside one trainer invoice; the others are on the page of the claim's evidence. */
const FILES_BESIDE = 20;

/** The evidence of one trainer invoice, or of the claim as a whole (null). */
export function evidenceOf(
  claim: ClaimView,
  files: readonly EvidenceView[],
  invoiceId: string | null,
  title: string,
): EvidenceBeside {
  const own = files.filter((file) => file.removedAt === null && file.trainerInvoiceId === invoiceId);
  const shown = own.slice(0, FILES_BESIDE).map((file) => fileShown(claim.id, file));
  return {
    frame: `evidence-${invoiceId ?? 'claim'}`,
    title,
    open: shown.find((file) => file.shown === 'frame') ?? null,
    files: shown,
    images: shown.filter((file) => file.shown === 'image'),
    more: own.length - shown.length,
    allHref: claimAddress(claim.id, 'evidence'),
  };
}

function fileShown(claimId: string, file: EvidenceView): FileShown {
  const image = file.mediaType.startsWith('image/');
  const notes = [
    file.description ?? '',
    sizeOf(file.size),
    file.declaredOtherwise ? 'its content is not what its name says' : '',
  ];
  return {
    id: file.id,
    name: file.fileName,
    note: notes.filter((note) => note !== '').join(', '),
    href: claimAddress(claimId, 'review', 'evidence', file.id),
    shown: image ? 'image' : file.mediaType === 'application/pdf' ? 'frame' : null,
  };
}

const sizeOf = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

type Invoice = ClaimView['trainerInvoices'][number];
type Line = Invoice['lines'][number];

export const invoiceTitle = ({ trainer, number }: Pick<Invoice, 'trainer' | 'number'>): string =>
  `${trainer.name}, invoice ${number}`;

/** What is said of lines and invoices, by their paths: read once for all of them. */
interface Said {
  readonly working: ReadonlyMap<string, readonly string[]>;
  readonly flags: ReadonlyMap<string, readonly ClaimView['flags'][number][]>;
}

/** Those trainer invoices and lines of a claim that a page shows, with their working, and what is to be looked at. */
export function invoicesOf(
  desk: ClaimOnDesk,
  files: readonly EvidenceView[],
  shown: readonly PlacedInvoice<Invoice>[],
) {
  const { claim } = desk;
  const said: Said = {
    working: workingByLine(claim.calculation.working),
    flags: grouped(
      claim.flags,
      ({ path }) => path,
      (flag) => flag,
    ),
  };
  return shown.map(({ invoice, at, lines }) => {
    const title = invoiceTitle(invoice);
    const flags = said.flags.get(`trainerInvoices[${at}]`) ?? [];
    return {
      id: invoice.id,
      title,
      number: at + 1,
      facts: invoiceFacts(invoice),
      flags: flags.map(({ message }) => message),
      asksProof: flags.some(({ code }) => code === 'trainer_not_paid'),
      searchHref: `/search?q=${encodeURIComponent(invoice.number)}`,
      asksDistinct: flags.some(({ code }) => code === 'trainer_invoice_at_other_authority'),
      evidence: evidenceOf(claim, files, invoice.id, `Evidence of ${title}`),
      lines: lines.map(({ line, lineAt }) =>
        lineOf(desk, line, { number: lineAt + 1, path: linePath(at, lineAt), said }),
      ),
    };
  });
}

export type InvoiceShown = ReturnType<typeof invoicesOf>[number];

function invoiceFacts(invoice: Invoice): Fact[] {
  const proof = invoice.paymentProof;
  return [
    { key: 'Invoice date', value: date(invoice.issuedOn) },
    { key: 'VAT number', value: invoice.trainer.vatNumber ?? 'Not registered for VAT' },
    ...(invoice.trainer.country === 'GB' ? [] : [{ key: 'Country', value: invoice.trainer.country }]),
    { key: 'Paid by the authority', value: invoice.paidOn ? date(invoice.paidOn) : 'Not said' },
    ...(proof ? [{ key: 'Proof of payment', value: [date(proof.paidOn), proof.note].filter(Boolean).join(': ') }] : []),
    ...(invoice.distinct ? [{ key: 'Found distinct', value: invoice.distinct.note }] : []),
  ];
}

function lineOf(
  { categories, rates }: ClaimOnDesk,
  line: Line,
  { number, path, said }: { number: number; path: string; said: Said },
) {
  const category =
    line.kind === 'travel'
      ? categories.find(({ atCost }) => atCost)
      : categories.find(({ code }) => code === line.category);
  const rate = rates.find(({ code }) => code === line.rate)?.label ?? line.rate ?? '';
  return {
    id: line.id,
    number,
    what: category?.label ?? line.kind,
    description: line.description,
    detail:
      line.kind === 'travel'
        ? 'Reimbursed at cost'
        : `${days(line.trainerDays)} at the rate ${rate.toLowerCase()}, booked ${date(line.bookedOn)}, delivered ${(line.deliveredOn ?? []).map((day) => date(day)).join(', ')}`,
    net: money(line.netPence),
    vat: `${money(line.vatPence)} (${line.vatRate}%)`,
    working: said.working.get(path) ?? [],
    flags: (said.flags.get(path) ?? []).map(({ message }) => message),
    disallowed: line.decision?.decision === 'disallow',
    reason: line.decision?.reason ?? '',
  };
}

/** What every page of work on one claim shows. */
export const deskPage = (desk: ClaimOnDesk) => ({
  claim: desk.claim,
  name: nameOf(desk.claim),
  authority: desk.authorityName,
  version: desk.claim.version,
  status: claimStatus(desk.claim),
  facts: claimFacts(desk),
  address: claimAddress(desk.claim.id),
});
