import { Inject, Injectable } from '@nestjs/common';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { malformed } from '#kernel';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateInput } from '#platform/validation';
import {
  copyLine,
  DETAILS_FIELDS,
  INVOICE_FIELDS,
  LINE_FIELDS,
  lineOf,
  removeLine,
  restoreLine,
  withLines,
  type DetailsContent,
  type InvoiceContent,
  type LineContent,
} from './form-content.js';
import { SaveDetailsInput, SaveInvoiceInput, type LineStepInput, type TypedLineInput } from './form.input.js';
import { invoiceOf, loadForm, PageConflict, requireOpen, type FormRow, type PageRow } from './form-record.js';
import { pageHash, writePage } from './form-store.js';

export interface SavedPage {
  form: string;
  page: string;
  version: number;
  /** The key of the line that the step made or brought back. */
  line: string | null;
}

/**
 * Keeps one page of a form as it was typed, whole or not, right or not. Each page has its own version: two people on two
 * pages do not disturb each other, and of two on one page the later one is told.
 */
@Injectable()
export class SaveFormPage {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, not_found, forbidden, conflict `form_page_changed` (PageConflict), `form_discarded`, `state_conflict`. */
  async details(actor: Actor, id: string, input: unknown): Promise<SavedPage> {
    const typed = validateInput(SaveDetailsInput, input);
    return this.uow.run(actor, async (tx) => {
      const form = await open(tx, id);
      const { content } = form.details;
      const next = { ...content, ...typedOf(typed, DETAILS_FIELDS) };
      return this.keep(tx, form, form.details, { seen: typed.version, mine: next, next, line: null });
    });
  }

  /** The same for a trainer invoice; `then` adds, copies, removes or restores a line in the same save. */
  async invoice(actor: Actor, id: string, key: string, input: unknown): Promise<SavedPage> {
    const typed = validateInput(SaveInvoiceInput, input);
    return this.uow.run(actor, async (tx) => {
      const form = await open(tx, id);
      const page = invoiceOf(form, key);
      const mine = overlay(page.content, typed);
      // Sent twice, or saved by somebody else since: what is typed counts, but a line is not added or removed a second time.
      const next = typed.then && typed.version === page.version ? step(mine, typed.then) : mine;
      const line = newLine(mine, next) ?? null;
      return this.keep(tx, form, page, { seen: typed.version, mine, next, line });
    });
  }

  private async keep<Content extends DetailsContent | InvoiceContent>(
    tx: Tx,
    form: FormRow,
    page: PageRow<Content>,
    of: { seen: number; mine: Content; next: Content; line: string | null },
  ): Promise<SavedPage> {
    const before = pageHash(page.content);
    // Who typed what is there already disagrees with nobody, whatever version they saw.
    if (of.seen !== page.version && pageHash(of.mine) !== before) throw new PageConflict(page.key, page, of.mine);
    const answer = { form: form.id, page: page.key, line: of.line };
    if (pageHash(of.next) === before) return { ...answer, version: page.version };
    const version = await writePage(tx, form, page, of.next);
    await appendAudit(tx, {
      chain: form.authority,
      action: 'claim_form.page_saved',
      subjectType: 'claim_form',
      subjectId: form.id,
      before: { page: page.key, version: page.version, contentSha256: before },
      after: { page: page.key, version, contentSha256: pageHash(of.next) },
    });
    return { ...answer, version };
  }
}

async function open(tx: Tx, id: string) {
  const form = await loadForm(tx, id, 'lock');
  requireMay(tx.actor, 'claim.draft', { authority: form.authority });
  requireOpen(form);
  return form;
}

/** The fields that came; those left out stay as they are. */
function typedOf<Field extends string>(typed: Partial<Record<Field, string>>, fields: readonly Field[]) {
  return Object.fromEntries(
    fields.flatMap((field) => (typed[field] === undefined ? [] : [[field, typed[field]]])),
  ) as Partial<Record<Field, string>>;
}

/** A trainer invoice with what was typed over it. A line that is gone comes back at the end, as it was typed. */
export function overlay(
  invoice: InvoiceContent,
  typed: Partial<Record<(typeof INVOICE_FIELDS)[number], string>> & { lines?: TypedLineInput[] },
): InvoiceContent {
  const lines = new Map((typed.lines ?? []).map((line) => [line.key, line]));
  const kept = invoice.lines.map((line) => ({ ...line, ...typedOf(lines.get(line.key) ?? {}, LINE_FIELDS) }));
  const there = new Set(kept.map(({ key }) => key));
  const back = [...lines.values()].filter(({ key }) => !there.has(key)).map((line) => comesBack(invoice, line));
  return {
    ...invoice,
    ...typedOf(typed, INVOICE_FIELDS),
    lines: [...kept, ...back],
    removedLines: invoice.removedLines.filter(({ line }) => !lines.has(line.key)),
  };
}

/** A line somebody else has removed while this person typed on. Throws malformed for a line that never was. */
function comesBack(invoice: InvoiceContent, typed: TypedLineInput): LineContent {
  const removed = invoice.removedLines.find(({ line }) => line.key === typed.key)?.line;
  const kind = removed?.kind ?? typed.kind;
  if (kind === undefined || Number(typed.key.slice(1)) > invoice.lastLine) {
    const message = 'This trainer invoice has no such line. Open the page again.';
    throw malformed([{ path: `lines.${typed.key}`, code: 'not_one_of', message }]);
  }
  return lineOf(typed.key, kind, { ...removed, ...typedOf(typed, LINE_FIELDS) });
}

function step(invoice: InvoiceContent, { step: what, line = '' }: LineStepInput): InvoiceContent {
  switch (what) {
    case 'add_training':
      return withLines(invoice, [{ kind: 'training' }]);
    case 'add_travel':
      return withLines(invoice, [{ kind: 'travel' }]);
    case 'copy':
      return copyLine(invoice, line);
    case 'remove':
      return removeLine(invoice, line);
    case 'restore':
      return restoreLine(invoice, line);
  }
}

function newLine(before: InvoiceContent, after: InvoiceContent): string | undefined {
  const there = new Set(before.lines.map(({ key }) => key));
  return after.lines.find(({ key }) => !there.has(key))?.key;
}
