import { formatDays, parseDays } from '#kernel';
import { loadAuthority, TermsStore } from '#programme';
import { type Tx } from '#platform/database';
import { type ClaimRecord } from './claim-record.js';
import { type DocumentModel } from './documents/index.js';
import { type AllowedAmounts } from './domain/index.js';
import { issueDocument, type IssuedDocument } from './issue-document.js';

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
    `SELECT id, number, issued_on, model FROM claim_document WHERE id = $1 OR refers_to = $1 ORDER BY refers_to NULLS FIRST, seq`,
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

/** Issues credit notes. An issued invoice never changes: what is no longer asked for is credited. */
export class Credit {
  constructor(private readonly terms: TermsStore) {}

  /** Everything of the claim's invoice that is not yet credited; null when nothing is. */
  async rest(tx: Tx, claim: ClaimRecord, reason: string): Promise<IssuedDocument | null> {
    const invoice = await readOpenInvoice(tx, claim.invoice_id!);
    return this.issue(tx, claim, invoice, invoice.open, reason);
  }

  /** Claimed − approved, per category; null when everything was allowed. */
  async difference(
    tx: Tx,
    claim: ClaimRecord,
    allowed: AllowedAmounts,
    disallowedNetPence: Readonly<Record<string, number>>,
    reason: string,
  ): Promise<IssuedDocument | null> {
    const invoice = await readOpenInvoice(tx, claim.invoice_id!);
    const categories = invoice.model.categories.map((category): Category => {
      const of = allowed.categories[category.code]!;
      return {
        ...category,
        netPence: disallowedNetPence[category.code] ?? 0,
        eligiblePence: of.claimedEligiblePence - of.approvedEligiblePence,
        reimbursementPence: of.creditPence,
        fundedDays:
          category.fundedDays === null ? null : formatDays(parseDays(category.fundedDays) - of.approvedFundedDays),
      };
    });
    return this.issue(tx, claim, invoice, categories, reason);
  }

  private async issue(
    tx: Tx,
    claim: ClaimRecord,
    invoice: OpenInvoice,
    categories: Category[],
    reason: string,
  ): Promise<IssuedDocument | null> {
    if (categories.every((category) => category.reimbursementPence === 0)) return null;
    const { terms } = await this.terms.byId(tx, claim.terms_id!);
    return issueDocument(tx, {
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
}
