import { type ClaimView, type EvidenceView } from '#claims';
import { canRemoveEvidence, whyNoEvidence, type NoEvidence } from '#claims/domain';
import { may, type NameOf } from '#identity';
import { type Actor } from '#platform/database';
import { addressWith, dateTime } from '../page/index.js';

const KB = 1024;

/** Files shown at once. */
export const FILES_AT_ONCE = 50;

/** 1,536 bytes as `1.5 KB`. */
export const fileSize = (bytes: number): string =>
  bytes < KB * KB
    ? `${Math.max(0.1, bytes / KB)
        .toFixed(1)
        .replace(/\.0$/, '')} KB`
    : `${(bytes / KB / KB).toFixed(1)} MB`;

type Invoice = ClaimView['trainerInvoices'][number];
const titleOf = ({ trainer, number }: Pick<Invoice, 'trainer' | 'number'>): string =>
  `${trainer.name}, invoice ${number}`;

const WHY_NOT: Readonly<Record<NoEvidence, string>> = {
  ended:
    'This claim has ended: nothing is added to it any more. Add the file to the claim that replaces it; the claim’s page copies it into a new one.',
  being_written: 'Its authority is still working on this claim. Add the file once the claim is submitted.',
};

/** What somebody may do with the files of a claim now, by the permissions' own function and the rules of the claim's state. */
export function evidenceRights(actor: Actor, { authority, state }: Pick<ClaimView, 'authority' | 'state'>) {
  const allowed = may(actor, 'evidence.add', { authority }).allowed;
  const why = whyNoEvidence(state, actor.organisation === authority);
  return {
    mayAdd: allowed && why === null,
    whyNot: allowed && why !== null ? WHY_NOT[why] : null,
    mayRemove: may(actor, 'evidence.remove', { authority }).allowed && canRemoveEvidence(state),
  };
}

/**
 * What still has no proof, a sentence each: trainer invoices without a file (when the claim has none for the whole), and those that
 * nothing shows to be paid. Both by the claim's own flags, which the rules find.
 */
export function missingProof(claim: ClaimView, files: readonly EvidenceView[]): string[] {
  const here = files.filter(({ removedAt }) => removedAt === null);
  const proven = new Set(here.map(({ trainerInvoiceId }) => trainerInvoiceId));
  const withoutFile = proven.has(null) ? [] : claim.trainerInvoices.filter(({ id }) => !proven.has(id));
  const unpaid = new Set(claim.flags.filter(({ code }) => code === 'trainer_not_paid').map(({ path }) => path));
  return [
    ...withoutFile.map((invoice) => `${titleOf(invoice)}: the invoice itself, as a file`),
    ...claim.trainerInvoices.flatMap((invoice, at) =>
      unpaid.has(`trainerInvoices[${at}]`) ? [`${titleOf(invoice)}: proof that the trainer was paid, and when`] : [],
    ),
  ];
}

export interface FilesShown {
  /** Where the files' pages are: of the claim, or of its form. */
  readonly address: string;
  readonly names: NameOf;
  readonly mayRemove: boolean;
  /** Which of the parts of a long list, from 1. */
  readonly part: number;
}

/** The files of a claim as a page lists them, and what another may be for. */
export function evidenceFiles(claim: ClaimView, files: readonly EvidenceView[], shown: FilesShown) {
  const titles = new Map(claim.trainerInvoices.map((invoice) => [invoice.id, titleOf(invoice)]));
  const here = files.filter(({ removedAt }) => removedAt === null);
  const from = (shown.part - 1) * FILES_AT_ONCE;
  const at = (part: number) => addressWith(shown.address, part === 1 ? {} : { part: String(part) });
  return {
    action: shown.address,
    files: filesTable(here.slice(from, from + FILES_AT_ONCE), titles, shown),
    links: {
      first: shown.part === 1 ? null : at(1),
      next: here.length > from + FILES_AT_ONCE ? at(shown.part + 1) : null,
    },
    removed: removedTable(
      files.filter(({ removedAt }) => removedAt !== null),
      shown.names,
    ),
    missing: missingProof(claim, files),
    choices: [{ value: '', text: 'The whole claim' }, ...[...titles].map(([value, text]) => ({ value, text }))],
  };
}

function filesTable(
  files: readonly EvidenceView[],
  titles: ReadonlyMap<string, string>,
  { address, names, mayRemove }: FilesShown,
) {
  return {
    caption: 'Files of this claim',
    captionHidden: true,
    head: [
      { text: 'File' },
      { text: 'Proves' },
      { text: 'Added' },
      ...(mayRemove && files.length > 0 ? [{ text: 'Remove' }] : []),
    ],
    rows: files.map((file) => [
      {
        text: file.fileName,
        href: `${address}/${file.id}`,
        hint: [file.description, fileSize(file.size)].filter(Boolean).join(', '),
      },
      { text: (file.trainerInvoiceId && titles.get(file.trainerInvoiceId)) || 'The whole claim' },
      { text: dateTime(file.uploadedAt), hint: `by ${names(file.uploadedBy)}` },
      ...(mayRemove ? [{ text: 'Remove', href: `${address}/${file.id}/remove`, hidden: file.fileName }] : []),
    ]),
    empty: 'No file yet.',
  };
}

/** Null when nothing was taken away. */
const removedTable = (files: readonly EvidenceView[], names: NameOf) =>
  files.length === 0
    ? null
    : {
        caption: 'Removed files',
        head: [{ text: 'File' }, { text: 'Removed' }, { text: 'Why' }],
        rows: files.map((file) => [
          { text: file.fileName },
          { text: dateTime(file.removedAt), hint: file.removedBy === null ? '' : `by ${names(file.removedBy)}` },
          { text: file.removedReason ?? '' },
        ]),
      };

/** Columns of the list as a file: the same as the API's. */
export const EVIDENCE_CSV = [
  ...['id', 'claimId', 'trainerInvoiceId', 'fileName', 'description', 'mediaType', 'declaredOtherwise', 'size'],
  ...['sha256', 'uploadedBy', 'uploadedAt', 'removedAt', 'removedBy', 'removedReason'],
] as const;
