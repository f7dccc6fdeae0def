import { v7 as uuid } from 'uuid';
import { type Tx } from '#platform/database';
import { type ClaimBody, type LineFigures, type TrainerInvoiceBody } from './domain/index.js';
import { countryOf, invoiceNumberKey, trainerNameKey, vatNumberKey } from './domain/index.js';
import { evidenceLosingInvoice, type LosingInvoice } from './evidence/evidence-record.js';

/** A draft to be stored: its body, and what it comes to. */
export interface DraftToStore {
  id: string;
  body: ClaimBody;
  totalPence: number;
  aboveRatePence: number;
}

/** Ids that an edit keeps: a trainer invoice that is still there stays the same one, so its evidence stays with it. */
export type KnownInvoices = ReadonlyMap<string, string>;

/** Same trainer name and same number, as the database compares them. */
export const invoiceKey = (name: string, number: string): string =>
  `${trainerNameKey(name)}\n${invoiceNumberKey(number)}`;

interface InvoiceRow {
  id: string;
  claim_id: string;
  authority_code: string;
  position: number;
  trainer_name: string;
  trainer_key: string;
  vat_number: string | null;
  vat_key: string | null;
  country: string;
  number: string;
  number_key: string;
  issued_on: string;
  paid_on: string | null;
  delivered_from: string | null;
  delivered_to: string | null;
}

function invoiceRow(
  claim: DraftToStore,
  invoice: TrainerInvoiceBody,
  position: number,
  known: KnownInvoices,
): InvoiceRow {
  const days = invoice.lines.flatMap((line) => (line.kind === 'training' ? line.deliveredOn : [])).sort();
  const { name, vatNumber } = invoice.trainer;
  return {
    id: known.get(invoiceKey(name, invoice.number)) ?? uuid(),
    claim_id: claim.id,
    authority_code: claim.body.authority,
    position,
    trainer_name: name,
    trainer_key: trainerNameKey(name),
    vat_number: vatNumber ?? null,
    vat_key: vatNumberKey(invoice.trainer),
    country: countryOf(invoice.trainer),
    number: invoice.number,
    number_key: invoiceNumberKey(invoice.number),
    issued_on: invoice.issuedOn,
    paid_on: invoice.paidOn ?? null,
    delivered_from: days[0] ?? null,
    delivered_to: days.at(-1) ?? null,
  };
}

const lineRow = (invoice: InvoiceRow, line: TrainerInvoiceBody['lines'][number], position: number) => ({
  id: uuid(),
  trainer_invoice_id: invoice.id,
  claim_id: invoice.claim_id,
  authority_code: invoice.authority_code,
  position,
  kind: line.kind,
  description: line.description,
  net_pence: line.netPence,
  vat_rate: line.vatRate,
  vat_pence: line.vatPence,
  ...(line.kind === 'training'
    ? {
        category: line.category,
        rate: line.rate,
        booked_on: line.bookedOn,
        delivered_on: line.deliveredOn,
        trainer_days: line.trainerDays,
      }
    : {}),
});

function gathered(drafts: readonly DraftToStore[], known: KnownInvoices) {
  const invoices: InvoiceRow[] = [];
  const lines: ReturnType<typeof lineRow>[] = [];
  for (const draft of drafts) {
    const taken = new Map(known);
    draft.body.trainerInvoices.forEach((invoice, position) => {
      const row = invoiceRow(draft, invoice, position, taken);
      // Two invoices with one number in a claim are a problem to be shown, not to share an id.
      taken.delete(invoiceKey(invoice.trainer.name, invoice.number));
      invoices.push(row);
      lines.push(...invoice.lines.map((line, at) => lineRow(row, line, at)));
    });
  }
  return { ids: invoices.map(({ id }) => id), invoices: JSON.stringify(invoices), lines: JSON.stringify(lines) };
}

const INSERT_INVOICES = `INSERT INTO trainer_invoice (id, claim_id, authority_code, position, trainer_name, trainer_key, vat_number, vat_key,
    country, number, number_key, issued_on, paid_on, delivered_from, delivered_to)
  SELECT id, claim_id, authority_code, position, trainer_name, trainer_key, vat_number, vat_key, country, number, number_key,
         issued_on, paid_on, delivered_from, delivered_to
    FROM json_to_recordset($1::json) AS i (id uuid, claim_id uuid, authority_code text, position smallint, trainer_name text,
         trainer_key text, vat_number text, vat_key text, country text, number text, number_key text, issued_on date,
         paid_on date, delivered_from date, delivered_to date)`;

const INSERT_LINES = `INSERT INTO trainer_invoice_line (id, trainer_invoice_id, claim_id, authority_code, position, kind, category, rate,
    description, booked_on, delivered_on, trainer_days, net_pence, vat_rate, vat_pence)
  SELECT id, trainer_invoice_id, claim_id, authority_code, position, kind, category, rate, description, booked_on,
         delivered_on, trainer_days, net_pence, vat_rate, vat_pence
    FROM json_to_recordset($1::json) AS l (id uuid, trainer_invoice_id uuid, claim_id uuid, authority_code text,
         position smallint, kind text, category text, rate text, description text, booked_on date, delivered_on date[],
         trainer_days numeric, net_pence bigint, vat_rate text, vat_pence bigint)`;

/** Stores new drafts, one or ten thousand, in three statements. The actor is each one's first maker. */
export async function insertDrafts(tx: Tx, drafts: readonly DraftToStore[]): Promise<void> {
  await tx.execute(
    `INSERT INTO claim (id, programme_code, authority_code, state, authority_reference, purchase_order, total_pence,
                        above_rate_pence, makers, created_by, created_at, updated_at)
     SELECT id, programme, authority, 'draft', authority_reference, purchase_order, total_pence, above_rate_pence, ARRAY[$2::uuid], $2, $3, $3
       FROM json_to_recordset($1::json) AS c (id uuid, programme text, authority text, authority_reference text,
            purchase_order text, total_pence bigint, above_rate_pence bigint)`,
    [
      JSON.stringify(
        drafts.map(({ id, body, totalPence, aboveRatePence }) => ({
          id,
          programme: body.programme,
          authority: body.authority,
          authority_reference: body.authorityReference ?? null,
          purchase_order: body.purchaseOrder ?? null,
          total_pence: totalPence,
          above_rate_pence: aboveRatePence,
        })),
      ),
      tx.actor.userId,
      tx.now,
    ],
  );
  const rows = gathered(drafts, new Map());
  await tx.execute(INSERT_INVOICES, [rows.invoices]);
  await tx.execute(INSERT_LINES, [rows.lines]);
}

/** What the payer had recorded of a claim, invoice by invoice; null when it recorded nothing. */
const FINDINGS = `(SELECT jsonb_agg(to_jsonb(f) ORDER BY f.position) FROM (
    SELECT i.position, i.proof_paid_on, i.proof_note, i.proof_by, i.proof_at, i.distinct_note, i.distinct_by, i.distinct_at,
           (SELECT jsonb_agg(jsonb_build_object('position', l.position, 'decision', l.decision, 'reason', l.decision_reason,
              'by', l.decided_by, 'at', l.decided_at) ORDER BY l.position)
              FROM trainer_invoice_line l WHERE l.trainer_invoice_id = i.id AND l.decision IS NOT NULL) AS lines
      FROM trainer_invoice i WHERE i.claim_id = $1) AS f
   WHERE f.lines IS NOT NULL OR f.proof_at IS NOT NULL OR f.distinct_at IS NOT NULL)`;

/**
 * Replaces what a draft or returned claim gathers, keeping what it said before and what the payer recorded of it as a
 * revision. What was frozen at an earlier submission goes with it. The version goes up by one. Gives the files whose
 * trainer invoice is no longer in the claim.
 */
export async function replaceDraft(
  tx: Tx,
  draft: DraftToStore,
  before: { version: number; body: ClaimBody; invoices: KnownInvoices },
): Promise<LosingInvoice[]> {
  await tx.execute(
    `INSERT INTO claim_revision (claim_id, version, authority_code, body, findings, replaced_by, replaced_at)
     SELECT $1, $2, $3, $4, ${FINDINGS}, $5, $6`,
    [draft.id, before.version, draft.body.authority, JSON.stringify(before.body), tx.actor.userId, tx.now],
  );
  const rows = gathered([draft], before.invoices);
  const losing = await evidenceLosingInvoice(tx, draft.id, rows.ids);
  await tx.execute('DELETE FROM trainer_invoice_line WHERE claim_id = $1', [draft.id]);
  await tx.execute('DELETE FROM trainer_invoice WHERE claim_id = $1 AND id <> ALL ($2::uuid[])', [draft.id, rows.ids]);
  await tx.execute(
    `${INSERT_INVOICES} ON CONFLICT (id) DO UPDATE SET position = excluded.position, trainer_name = excluded.trainer_name,
       vat_number = excluded.vat_number, vat_key = excluded.vat_key, country = excluded.country, number = excluded.number,
       issued_on = excluded.issued_on, paid_on = excluded.paid_on, delivered_from = excluded.delivered_from,
       delivered_to = excluded.delivered_to, proof_paid_on = NULL, proof_note = NULL, proof_by = NULL, proof_at = NULL,
       distinct_note = NULL, distinct_by = NULL, distinct_at = NULL`,
    [rows.invoices],
  );
  await tx.execute(INSERT_LINES, [rows.lines]);
  await tx.execute(
    `UPDATE claim SET authority_reference = $2, purchase_order = $3, total_pence = $4, above_rate_pence = $7, version = version + 1, updated_at = $5,
            terms_id = NULL, calculation = NULL,
            makers = CASE WHEN $6::uuid = ANY (makers) THEN makers ELSE makers || $6::uuid END
      WHERE id = $1`,
    [
      draft.id,
      draft.body.authorityReference ?? null,
      draft.body.purchaseOrder ?? null,
      draft.totalPence,
      tx.now,
      tx.actor.userId,
      draft.aboveRatePence,
    ],
  );
  return losing;
}

/** Freezes every line's figures at submission and forgets the decisions of an earlier round. `ids` in the order of the body. */
export async function freezeLines(tx: Tx, ids: readonly string[], figures: readonly LineFigures[]): Promise<void> {
  await tx.execute(
    `UPDATE trainer_invoice_line l
        SET rate_pence = f.rate_pence, eligible_pence = f.eligible_pence, above_rate_pence = f.above_rate_pence,
            funded_days = f.funded_days / 1000.0,
            decision = NULL, decision_reason = NULL, decided_by = NULL, decided_at = NULL
       FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
         AS f (id, rate_pence, eligible_pence, above_rate_pence, funded_days)
      WHERE l.id = f.id`,
    [
      ids,
      figures.map((line) => line.ratePence),
      figures.map((line) => line.eligiblePence),
      figures.map((line) => line.aboveRatePence),
      figures.map((line) => line.fundedDays),
    ],
  );
}
