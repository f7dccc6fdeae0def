import type { ClaimView, EvidenceView, FormView } from '#claims';
import { dateTime } from '../page/index.js';
import { formAddress } from './task-list.presenter.js';

const KB = 1024;

/** 1,536 bytes as `1.5 KB`. */
export const fileSize = (bytes: number): string =>
  bytes < KB * KB
    ? `${Math.max(0.1, bytes / KB)
        .toFixed(1)
        .replace(/\.0$/, '')} KB`
    : `${(bytes / KB / KB).toFixed(1)} MB`;

/** The files of a claim in preparation, and what another may be for. */
export function evidencePage(form: FormView, claim: ClaimView, files: readonly EvidenceView[]) {
  const titles = new Map(
    claim.trainerInvoices.map(({ id, trainer, number }) => [id, `${trainer.name}, invoice ${number}`]),
  );
  const here = files.filter(({ removedAt }) => removedAt === null);
  const proven = new Set(here.map(({ trainerInvoiceId }) => trainerInvoiceId));
  return {
    form,
    back: formAddress(form.id),
    action: formAddress(form.id, 'evidence'),
    files: {
      caption: 'Files of this claim',
      captionHidden: true,
      head: [{ text: 'File' }, { text: 'Proves' }, { text: 'Added' }, { text: 'Remove' }],
      rows: here.map((file) => [
        {
          text: file.fileName,
          href: formAddress(form.id, 'evidence', file.id),
          hint: [file.description, fileSize(file.size)].filter(Boolean).join(', '),
        },
        { text: (file.trainerInvoiceId && titles.get(file.trainerInvoiceId)) || 'The whole claim' },
        { text: dateTime(file.uploadedAt) },
        { text: 'Remove', href: formAddress(form.id, 'evidence', file.id, 'remove'), hidden: file.fileName },
      ]),
      empty: 'No file yet.',
    },
    missing: here.some(({ trainerInvoiceId }) => trainerInvoiceId === null)
      ? []
      : claim.trainerInvoices.flatMap(({ id }) => (proven.has(id) ? [] : [titles.get(id)!])),
    choices: [{ value: '', text: 'The whole claim' }, ...[...titles].map(([value, text]) => ({ value, text }))],
  };
}
