import { Inject, Injectable } from '@nestjs/common';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { notFound } from '#kernel';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateInput } from '#platform/validation';
import { blankInvoice, likeInvoice } from './form-content.js';
import { AddInvoiceInput, PageVersionInput } from './form.input.js';
import { invoiceOf, loadForm, PageConflict, requireOpen, type FormRecord } from './form-record.js';
import { addPages, pageHash, removePage, restorePage } from './form-store.js';

/** A trainer invoice of a form, by its key. */
export interface ChangedInvoice {
  form: string;
  page: string;
}

/** Adds, copies and removes the trainer invoices of a form. */
@Injectable()
export class ChangeFormInvoices {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** A blank one, or one like another of the form. Throws not_found, forbidden, conflict, refused `too_many_invoices`. */
  async add(actor: Actor, id: string, input: unknown): Promise<ChangedInvoice> {
    const { like } = validateInput(AddInvoiceInput, input);
    return this.change(actor, id, async (tx, form) => {
      const content = like === undefined ? blankInvoice() : likeInvoice(invoiceOf(form, like).content);
      const [key] = await addPages(tx, form, [content]);
      await tell(tx, form, 'claim_form.invoice_added', { page: key, like: like ?? null });
      return key!;
    });
  }

  /** Throws conflict `form_page_changed` when somebody has written on it since it was seen. */
  async remove(actor: Actor, id: string, key: string, input: unknown): Promise<ChangedInvoice> {
    const { version } = validateInput(PageVersionInput, input);
    return this.change(actor, id, async (tx, form) => {
      const page = invoiceOf(form, key);
      if (page.version !== version) throw new PageConflict(key, page, page.content);
      await removePage(tx, form, key);
      await tell(tx, form, 'claim_form.invoice_removed', { page: key, contentSha256: pageHash(page.content) });
      return key;
    });
  }

  /** Brings back one that was removed. Removed and restored, it is as it was. */
  async restore(actor: Actor, id: string, key: string): Promise<ChangedInvoice> {
    return this.change(actor, id, async (tx, form) => {
      const page = form.removed.find((removed) => removed.key === key);
      if (!page) throw notFound('removed trainer invoice');
      await restorePage(tx, form, key);
      await tell(tx, form, 'claim_form.invoice_restored', { page: key, contentSha256: pageHash(page.content) });
      return key;
    });
  }

  private change(
    actor: Actor,
    id: string,
    work: (tx: Tx, form: FormRecord) => Promise<string>,
  ): Promise<ChangedInvoice> {
    return this.uow.run(actor, async (tx) => {
      const form = await loadForm(tx, id, 'lock');
      requireMay(actor, 'claim.draft', { authority: form.authority });
      requireOpen(form);
      return { form: id, page: await work(tx, form) };
    });
  }
}

const tell = (tx: Tx, form: FormRecord, action: string, after: object): Promise<void> =>
  appendAudit(tx, { chain: form.authority, action, subjectType: 'claim_form', subjectId: form.id, after });
