import { Inject, Injectable } from '@nestjs/common';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { londonDate, malformed } from '#kernel';
import { TermsStore } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateInput } from '#platform/validation';
import { invoiceKey } from '../claim-store.js';
import type { TrainerInvoiceBody } from '../domain/index.js';
import { checkDrafts } from '../imports/check-drafts.js';
import { LINE_COLUMNS, PASTE_COLUMNS } from '../imports/import-columns.js';
import { parseImport, type ParsedImport } from '../imports/parse-import.js';
import { withLines, type InvoiceContent } from './form-content.js';
import { PageVersionInput } from './form.input.js';
import { invoiceOf, loadForm, PageConflict, requireOpen, type FormRecord, type PageRow } from './form-record.js';
import { addPages, pageHash, writePage } from './form-store.js';
import { typedInvoice, typedLine } from './typed-from-body.js';

/** About ten thousand rows. */
export const MOST_PASTED_LETTERS = 2_000_000;

export interface PastedRows {
  form: string;
  rows: number;
  /** The trainer invoices that rows went to. */
  pages: string[];
}

/**
 * Rows copied from a spreadsheet, with their headings: read as the import of claims reads a file, all of them or none.
 * They join the trainer invoices of the form that they name, and begin those it does not have.
 */
@Injectable()
export class PasteRows {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** Throws not_found, forbidden, conflict, refused `import_rejected` with every failing row, `too_many_invoices`, `too_many_lines`. */
  async run(actor: Actor, id: string, text: unknown): Promise<PastedRows> {
    const pasted = pastedText(text);
    return this.uow.run(actor, async (tx) => {
      const form = await open(tx, id);
      const { invoices, rows } = await this.read(tx, form, parseImport(pasted, ONE_CLAIM));
      const pages = await place(tx, form, invoices);
      return tell(tx, form, rows, pages);
    });
  }

  /** Rows that are lines of one trainer invoice of the form: no column names it. `version` is what was seen of its page. */
  async intoInvoice(actor: Actor, id: string, key: string, text: unknown, seen: unknown): Promise<PastedRows> {
    const pasted = pastedText(text);
    const { version } = validateInput(PageVersionInput, seen);
    return this.uow.run(actor, async (tx) => {
      const form = await open(tx, id);
      const page = invoiceOf(form, key);
      const { invoices, rows } = await this.read(tx, form, parseImport(pasted, ofOneInvoice(londonDate(tx.now))));
      const next = withBodies(page.content, invoices);
      if (page.version !== version) throw new PageConflict(key, page, next);
      await writePage(tx, form, page, next);
      return tell(tx, form, rows, [key]);
    });
  }

  /** The rows held to the limits of a claim body; that they keep to the programme's rules is asked of the form afterwards. */
  private async read(tx: Tx, form: FormRecord, parsed: ParsedImport) {
    const today = londonDate(tx.now);
    const { terms } = await this.terms.inForce(tx, form.programme, today);
    const { programme, authority } = form;
    if (parsed.drafts.length > 1) parsed.errors.push(otherClaim(parsed));
    const drafts = await checkDrafts(parsed, { programme, authority, terms, today });
    return { invoices: drafts.flatMap(({ body }) => body.trainerInvoices), rows: parsed.rowCount };
  }
}

const ONE_CLAIM = { columns: PASTE_COLUMNS, instead: { claim: 'this claim' } };

/** The page says which invoice it is; the names here stand in for it and go nowhere. */
const ofOneInvoice = (today: string) => ({
  columns: LINE_COLUMNS,
  instead: { claim: 'this claim', trainer: 'this trainer', number: 'this invoice', issuedOn: today },
});

const otherClaim = (parsed: ParsedImport) => ({
  row: parsed.drafts[1]!.locate('trainerInvoices')?.row ?? 2,
  column: 'claim',
  code: 'rows_disagree',
  message: 'These rows are of several claims, and this form is of one. Paste those of one claim.',
});

function pastedText(text: unknown): string {
  const path = 'rows';
  if (typeof text !== 'string' || text.trim() === '') {
    throw malformed([{ path, code: 'required', message: 'Paste the rows here, with their headings.' }]);
  }
  if (text.length > MOST_PASTED_LETTERS) {
    throw malformed([{ path, code: 'too_long', message: 'These are too many rows to paste. Paste them in parts.' }]);
  }
  if (!text.includes('\0')) return text;
  throw malformed([{ path, code: 'control_character', message: 'These rows hold characters that do not print.' }]);
}

async function open(tx: Tx, id: string): Promise<FormRecord> {
  const form = await loadForm(tx, id, 'lock');
  requireMay(tx.actor, 'claim.draft', { authority: form.authority });
  requireOpen(form);
  return form;
}

const withBodies = (invoice: InvoiceContent, bodies: readonly TrainerInvoiceBody[]): InvoiceContent =>
  withLines(
    invoice,
    bodies.flatMap(({ lines }) => lines.map((line) => ({ kind: line.kind, fields: typedLine(line) }))),
  );

/** Lines go to the trainer invoice of the same trainer and number; whatever else was typed of it stays. */
async function place(tx: Tx, form: FormRecord, bodies: readonly TrainerInvoiceBody[]): Promise<string[]> {
  const there = new Map<string, PageRow<InvoiceContent>>();
  for (const page of form.invoices) {
    const { trainer, number } = page.content;
    if (trainer.trim() && number.trim()) there.set(invoiceKey(trainer, number), page);
  }
  const keys: string[] = [];
  const added: InvoiceContent[] = [];
  for (const body of bodies) {
    const page = there.get(invoiceKey(body.trainer.name, body.number));
    if (!page) added.push(typedInvoice(body));
    else {
      await writePage(tx, form, page, withBodies(page.content, [body]));
      keys.push(page.key);
    }
  }
  return [...keys, ...(await addPages(tx, form, added))];
}

async function tell(tx: Tx, form: FormRecord, rows: number, pages: string[]): Promise<PastedRows> {
  const after = await loadForm(tx, form.id, 'look');
  const hashes = pages.map((key) => ({ page: key, contentSha256: pageHash(invoiceOf(after, key).content) }));
  await appendAudit(tx, {
    chain: form.authority,
    action: 'claim_form.rows_pasted',
    subjectType: 'claim_form',
    subjectId: form.id,
    after: { rows, pages: hashes },
  });
  return { form: form.id, rows, pages };
}
