import { type ClaimOnDesk, type ClaimView, type EvidenceView } from '#claims';
import { linePath } from '#claims/domain';
import { claimStatus, date, days, money } from '../page/index.js';

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
}

/** The evidence of one trainer invoice, or of the claim as a whole (null). */
export function evidenceOf(
  claim: ClaimView,
  files: readonly EvidenceView[],
  invoiceId: string | null,
  title: string,
): EvidenceBeside {
  const shown = files
    .filter((file) => file.removedAt === null && file.trainerInvoiceId === invoiceId)
    .map((file) => fileShown(claim.id, file));
  return {
    frame: `evidence-${invoiceId ?? 'claim'}`,
    title,
    open: shown.find((file) => file.shown === 'frame') ?? null,
    files: shown,
    images: shown.filter((file) => file.shown === 'image'),
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

/** What a flag speaks of, in words, and the place on the page. */
function placeOf(claim: ClaimView, path: string): { where: string; href: string | null } {
  const [, invoiceAt, lineAt] = /^trainerInvoices\[(\d+)\](?:\.lines\[(\d+)\])?/.exec(path) ?? [];
  const invoice = claim.trainerInvoices[Number(invoiceAt)];
  if (!invoice) return { where: 'The whole claim', href: null };
  const line = lineAt === undefined ? undefined : invoice.lines[Number(lineAt)];
  const where = `${invoice.trainer.name}, invoice ${invoice.number}`;
  if (!line) return { where, href: `#invoice-${invoice.id}` };
  return { where: `${where}, line ${Number(lineAt) + 1}`, href: `#line-${line.id}` };
}

/** Flags and what approval lacks: what it is, and where. */
export const noticesOf = (claim: ClaimView, items: readonly { path: string; message: string }[]) =>
  items.map(({ path, message }) => ({ text: message, ...placeOf(claim, path) }));

/** One trainer invoice with its lines, their working, and what is to be looked at. */
export function invoicesOf(desk: ClaimOnDesk, files: readonly EvidenceView[]) {
  const { claim } = desk;
  return claim.trainerInvoices.map((invoice, at) => {
    const title = `${invoice.trainer.name}, invoice ${invoice.number}`;
    const flags = claim.flags.filter(({ path }) => path === `trainerInvoices[${at}]`);
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
      lines: invoice.lines.map((line, lineAt) => lineOf(desk, line, { at, lineAt })),
    };
  });
}

export type InvoiceShown = ReturnType<typeof invoicesOf>[number];
type Invoice = ClaimView['trainerInvoices'][number];

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

function lineOf(desk: ClaimOnDesk, line: Invoice['lines'][number], { at, lineAt }: { at: number; lineAt: number }) {
  const { claim, categories, rates } = desk;
  const path = linePath(at, lineAt);
  const category =
    line.kind === 'travel'
      ? categories.find(({ atCost }) => atCost)
      : categories.find(({ code }) => code === line.category);
  const rate = rates.find(({ code }) => code === line.rate)?.label ?? line.rate ?? '';
  return {
    id: line.id,
    number: lineAt + 1,
    what: category?.label ?? line.kind,
    description: line.description,
    detail:
      line.kind === 'travel'
        ? 'Reimbursed at cost'
        : `${days(line.trainerDays)} at the rate ${rate.toLowerCase()}, booked ${date(line.bookedOn)}, delivered ${(line.deliveredOn ?? []).map((day) => date(day)).join(', ')}`,
    net: money(line.netPence),
    vat: `${money(line.vatPence)} (${line.vatRate}%)`,
    working: claim.calculation.working.filter((step) => step.for.startsWith(`${path}.`)).map(({ text }) => text),
    flags: claim.flags.filter((flag) => flag.path === path).map(({ message }) => message),
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
