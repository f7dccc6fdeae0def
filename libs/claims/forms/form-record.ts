import { conflict, DomainError, notFound } from '#kernel';
import { kinds } from '#platform/validation';
import { type Tx } from '#platform/database';
import { isEditable, type ClaimState } from '../domain/index.js';
import { editConflict } from '../change-state.js';
import { DETAILS, type DetailsContent, type FormContent, type InvoiceContent } from './form-content.js';

/** A form's own row, and where its claim stands when there is one. */
export interface FormRow {
  id: string;
  programme: string;
  authority: string;
  claimId: string | null;
  claimBodySha256: string | null;
  claimState: ClaimState | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  updatedBy: string;
  /** Of the authority's own people; null for anybody else. */
  updatedByName: string | null;
  discardedAt: Date | null;
}

/** One page as stored. */
export interface PageRow<Content = DetailsContent | InvoiceContent> {
  key: string;
  version: number;
  content: Content;
  updatedAt: Date;
  updatedBy: string;
  updatedByName: string | null;
  removedAt: Date | null;
}

export interface FormRecord extends FormRow {
  details: PageRow<DetailsContent>;
  /** In the order they were added. */
  invoices: PageRow<InvoiceContent>[];
  removed: PageRow<InvoiceContent>[];
}

export const FORM_COLUMNS = `f.id, f.programme_code AS programme, f.authority_code AS authority, f.claim_id AS "claimId",
  f.claim_body_sha256 AS "claimBodySha256", c.state AS "claimState", f.version, f.created_at AS "createdAt",
  f.updated_at AS "updatedAt", f.updated_by AS "updatedBy", u.name AS "updatedByName", f.discarded_at AS "discardedAt"`;
export const FORM_TABLES = `claim_form f LEFT JOIN claim c ON c.id = f.claim_id LEFT JOIN user_account u ON u.id = f.updated_by`;

const PAGES = `SELECT p.key, p.version, p.content, p.updated_at AS "updatedAt", p.updated_by AS "updatedBy",
    u.name AS "updatedByName", p.removed_at AS "removedAt"
  FROM claim_form_page p LEFT JOIN user_account u ON u.id = p.updated_by WHERE p.form_id = $1`;

/**
 * A form with its pages; `lock` holds its row until commit, so that changes of one form come one after another (before the
 * claim's in the lock order). Throws not_found, also for another authority's.
 */
export async function loadForm(tx: Tx, id: string, lock: 'lock' | 'look'): Promise<FormRecord> {
  if (kinds.uuid().check(id) !== null) throw notFound('form');
  if (lock === 'lock') await tx.query('SELECT 1 FROM claim_form WHERE id = $1 FOR UPDATE', [id]);
  const [row] = await tx.query<FormRow>(`SELECT ${FORM_COLUMNS} FROM ${FORM_TABLES} WHERE f.id = $1`, [id]);
  if (!row) throw notFound('form');
  // The keys of trainer invoices are made one after another, and sort so.
  const pages = await tx.query<PageRow>(`${PAGES} ORDER BY p.key`, [id]);
  const invoices = pages.filter(({ key }) => key !== DETAILS) as PageRow<InvoiceContent>[];
  return {
    ...row,
    details: pages.find(({ key }) => key === DETAILS) as PageRow<DetailsContent>,
    invoices: invoices.filter(({ removedAt }) => removedAt === null),
    removed: invoices.filter(({ removedAt }) => removedAt !== null),
  };
}

/** What is typed of it. */
export const contentOf = (form: FormRecord): FormContent => ({
  programme: form.programme,
  authority: form.authority,
  details: form.details.content,
  invoices: form.invoices.map(({ key, content }) => ({ key, content })),
});

/** Throws conflict `form_discarded`, or `state_conflict` once its claim is no longer the authority's to edit. */
export function requireOpen(form: FormRow): void {
  if (form.discardedAt !== null) {
    throw conflict('form_discarded', 'This form was discarded. Bring it back first, or start another one.');
  }
  if (form.claimState !== null && !isEditable(form.claimState)) throw editConflict();
}

/** One trainer invoice of a form. Throws not_found. */
export function invoiceOf(form: FormRecord, key: string): PageRow<InvoiceContent> {
  const page = form.invoices.find((invoice) => invoice.key === key);
  if (!page) throw notFound('trainer invoice');
  return page;
}

/**
 * Somebody else saved the page in between: conflict `form_page_changed` with what they wrote and what was typed now, so that
 * nothing is lost and the later one can choose.
 */
export class PageConflict extends DomainError {
  constructor(
    readonly page: string,
    /** As it is now. */
    readonly theirs: PageRow,
    /** As it would have been. */
    readonly yours: DetailsContent | InvoiceContent,
  ) {
    const who = theirs.updatedByName ?? 'Somebody else';
    super(
      'conflict',
      'form_page_changed',
      `${who} saved this page while you were writing. Choose what to keep; nothing has been lost.`,
    );
  }
}
