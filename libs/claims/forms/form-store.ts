import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { refused } from '#kernel';
import { type Tx } from '#platform/database';
import { MOST_INVOICES, MOST_LINES, type DetailsContent, type InvoiceContent } from './form-content.js';
import type { FormRow } from './form-record.js';

/** Removed trainer invoices that can still be brought back. */
const MOST_REMOVED = 10;
/** As many letters as the database takes for a page. */
const MOST_LETTERS = 500_000;

/** Stores a page's new content under its next version and moves the form on. Throws refused when it has grown too large. */
export async function writePage(
  tx: Tx,
  form: FormRow,
  page: { key: string; version: number },
  content: DetailsContent | InvoiceContent,
): Promise<number> {
  await tx.execute(
    `UPDATE claim_form_page SET content = $3, version = version + 1, updated_by = $4, updated_at = $5
      WHERE form_id = $1 AND key = $2`,
    [form.id, page.key, textOf(content), tx.actor.userId, tx.now],
  );
  await touchForm(tx, form);
  return page.version + 1;
}

/** Adds trainer invoices at the end. Throws refused `too_many_invoices`. Gives their keys. */
export async function addPages(tx: Tx, form: FormRow, invoices: readonly InvoiceContent[]): Promise<string[]> {
  if (invoices.length === 0) return [];
  const slots = await freeSlots(tx, form, invoices.length);
  const rows = invoices.map((content, at) => ({ key: uuid(), slot: slots[at]!, content: textOf(content) }));
  await tx.execute(
    `INSERT INTO claim_form_page (form_id, key, authority_code, slot, content, updated_by, updated_at)
     SELECT $1, key, $2, slot, content::jsonb, $4, $5
       FROM json_to_recordset($3::json) AS p (key text, slot smallint, content text)`,
    [form.id, form.authority, JSON.stringify(rows), tx.actor.userId, tx.now],
  );
  await touchForm(tx, form);
  return rows.map(({ key }) => key);
}

/** Takes a trainer invoice out of the form; the last few can be brought back. */
export async function removePage(tx: Tx, form: FormRow, key: string): Promise<void> {
  await tx.execute(
    'UPDATE claim_form_page SET removed_at = $3, version = version + 1, updated_by = $4, updated_at = $3 WHERE form_id = $1 AND key = $2',
    [form.id, key, tx.now, tx.actor.userId],
  );
  await tx.execute(
    `DELETE FROM claim_form_page WHERE form_id = $1 AND key IN (
       SELECT key FROM claim_form_page WHERE form_id = $1 AND removed_at IS NOT NULL ORDER BY removed_at DESC, key OFFSET ${MOST_REMOVED})`,
    [form.id],
  );
  await touchForm(tx, form);
}

/** Brings a removed trainer invoice back. Throws refused `too_many_invoices`. */
export async function restorePage(tx: Tx, form: FormRow, key: string): Promise<void> {
  const [slot] = await freeSlots(tx, form, 1);
  await tx.execute(
    `UPDATE claim_form_page SET removed_at = NULL, slot = $3, version = version + 1, updated_by = $4, updated_at = $5
      WHERE form_id = $1 AND key = $2`,
    [form.id, key, slot, tx.actor.userId, tx.now],
  );
  await touchForm(tx, form);
}

/** Marks that the form was changed, by whom and when. */
export async function touchForm(tx: Tx, form: FormRow): Promise<void> {
  await tx.execute('UPDATE claim_form SET version = version + 1, updated_by = $2, updated_at = $3 WHERE id = $1', [
    form.id,
    tx.actor.userId,
    tx.now,
  ]);
}

async function freeSlots(tx: Tx, form: FormRow, count: number): Promise<number[]> {
  const rows = await tx.query<{ slot: number }>(
    `SELECT s AS slot FROM generate_series(1, ${MOST_INVOICES}) AS s WHERE NOT EXISTS (
       SELECT FROM claim_form_page WHERE form_id = $1 AND slot = s AND removed_at IS NULL) ORDER BY s LIMIT $2`,
    [form.id, count],
  );
  if (rows.length === count) return rows.map(({ slot }) => slot);
  throw refused(
    'too_many_invoices',
    `A claim has at most ${MOST_INVOICES} trainer invoices. Put the others into another claim.`,
  );
}

function textOf(content: DetailsContent | InvoiceContent): string {
  if ('lines' in content && content.lines.length > MOST_LINES) {
    throw refused(
      'too_many_lines',
      `A trainer invoice has at most ${MOST_LINES} lines here. Put lines of the same kind together.`,
    );
  }
  const text = JSON.stringify(content);
  if (text.length <= MOST_LETTERS) return text;
  throw refused('form_page_too_large', 'This page has become too long to be kept. Shorten its descriptions.');
}

/** What the trail keeps of a page: it names people, so the trail holds its hash and the form its words. */
export const pageHash = (content: DetailsContent | InvoiceContent): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex');
