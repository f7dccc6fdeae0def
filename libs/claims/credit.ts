import { formatDays, InvalidValue, parseDays } from '#kernel';
import { loadAuthority, type ProgrammeTerms } from '#programme';
import { type Tx } from '#platform/database';
import { type ClaimRecord } from './claim-record.js';
import { type DocumentModel } from './documents/index.js';
import { type AdjustedCategory, type AllowedAmounts } from './domain/index.js';
import { issueClaimDocument, type IssuedDocument } from './claim-document.js';

type Category = DocumentModel['categories'][number];

/** The claim's current invoice and what is not yet credited of it, per category. */
interface OpenInvoice {
  id: string;
  number: string;
  issuedOn: string;
  model: DocumentModel;
  open: Category[];
}

async function readOpenInvoice(tx: Tx, invoiceId: string): Promise<OpenInvoice> {
  const rows = await tx.query<{ id: string; number: string; issued_on: string; model: DocumentModel }>(
    `SELECT id, number, issued_on, model FROM document WHERE id = $1 OR refers_to = $1 ORDER BY refers_to NULLS FIRST, seq`,
    [invoiceId],
  );
  const [invoice, ...credits] = rows as [(typeof rows)[number], ...typeof rows];
  const open = credits.reduce((left, credit) => minus(left, credit.model.categories), invoice.model.categories);
  return { id: invoice.id, number: invoice.number, issuedOn: invoice.issued_on, model: invoice.model, open };
}

/** Category by category, a − b. */
const minus = (a: readonly Category[], b: readonly Category[]): Category[] =>
  a.map((category) => {
    const other = b.find((candidate) => candidate.code === category.code);
    if (!other) return category;
    return {
      ...category,
      netPence: category.netPence - other.netPence,
      eligiblePence: category.eligiblePence - other.eligiblePence,
      reimbursementPence: category.reimbursementPence - other.reimbursementPence,
      fundedDays:
        category.fundedDays === null
          ? null
          : formatDays(parseDays(category.fundedDays) - parseDays(other.fundedDays ?? '0')),
    };
  });

/** What a credit note is issued for: a claim with its frozen terms, and why. */
export interface CreditOf {
  claim: ClaimRecord;
  terms: ProgrammeTerms;
  reason: string;
}

/**
 * Credits everything of the claim's invoice that is not yet credited; null when nothing is left. An issued invoice never
 * changes: what is no longer asked for is credited.
 */
export async function creditRest(tx: Tx, of: CreditOf): Promise<IssuedDocument | null> {
  const invoice = await readOpenInvoice(tx, of.claim.invoice_id!);
  return issueCredit(tx, of, invoice, invoice.open);
}

/** Credits claimed − approved, per category; null when everything was allowed. */
export async function creditDifference(tx: Tx, of: CreditOf, allowed: AllowedAmounts): Promise<IssuedDocument | null> {
  const invoice = await readOpenInvoice(tx, of.claim.invoice_id!);
  const categories = invoice.model.categories.map((category): Category => {
    const amounts = allowed.categories[category.code]!;
    return {
      ...category,
      netPence: amounts.creditNetPence,
      eligiblePence: amounts.claimedEligiblePence - amounts.approvedEligiblePence,
      reimbursementPence: amounts.creditPence,
      fundedDays:
        category.fundedDays === null ? null : formatDays(parseDays(category.fundedDays) - amounts.approvedFundedDays),
    };
  });
  return issueCredit(tx, of, invoice, categories);
}

/** Credits what an adjustment takes back, which is more than nothing. Throws InvalidValue for more than is left to credit. */
export async function creditAdjusted(
  tx: Tx,
  of: CreditOf,
  amounts: Readonly<Record<string, AdjustedCategory>>,
): Promise<IssuedDocument> {
  const invoice = await readOpenInvoice(tx, of.claim.invoice_id!);
  const categories = invoice.open.map((open): Category => {
    const back = amounts[open.code]!;
    if (back.reimbursementPence > open.reimbursementPence) {
      throw new InvalidValue(`a credit note on ${invoice.number} would go beyond it in ${open.code}`);
    }
    const fundedDays = open.fundedDays === null ? null : formatDays(back.fundedDays);
    const { netPence, eligiblePence, reimbursementPence } = back;
    return { ...open, netPence, eligiblePence, reimbursementPence, fundedDays };
  });
  return (await issueCredit(tx, { ...of, takenBack: true }, invoice, categories))!;
}

async function issueCredit(
  tx: Tx,
  { claim, terms, reason, takenBack = false }: CreditOf & { takenBack?: boolean },
  invoice: OpenInvoice,
  categories: Category[],
): Promise<IssuedDocument | null> {
  if (categories.every((category) => category.reimbursementPence === 0)) return null;
  return issueClaimDocument(tx, {
    takenBack,
    kind: 'credit_note',
    claim,
    terms,
    programmeName: invoice.model.programme.name,
    authority: await loadAuthority(tx, claim.authority_code),
    categories,
    trainerInvoices: [],
    dueOn: null,
    refersTo: { id: invoice.id, number: invoice.number, issuedOn: invoice.issuedOn },
    reason,
  });
}

/** What the trail says of a credit note, when one was issued. */
export const creditDetails = (credit: IssuedDocument | null): object =>
  credit ? { creditNoteNumber: credit.number, creditedPence: credit.totalPence, documentId: credit.id } : {};
