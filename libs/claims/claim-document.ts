import { londonDate, refused, sumPence } from '#kernel';
import { type AuthorityProfile, type ProgrammeTerms } from '#programme';
import { issueDocument, takeNumbers } from '#documents';
import { type Tx } from '#platform/database';
import { type ClaimRecord } from './claim-record.js';
import { type DocumentModel } from './documents/index.js';
import { claimInvoiceNumber, creditNoteNumber } from './domain/index.js';

/** What one document is for, before it has its number. */
export interface DocumentToIssue {
  kind: DocumentModel['kind'];
  claim: ClaimRecord;
  terms: ProgrammeTerms;
  programmeName: string;
  authority: AuthorityProfile;
  categories: DocumentModel['categories'];
  trainerInvoices: DocumentModel['trainerInvoices'];
  dueOn: string | null;
  refersTo: { id: string; number: string; issuedOn: string } | null;
  reason: string | null;
  /** A credit note of what was approved before: it is set off or repaid. */
  takenBack?: boolean;
}

export interface IssuedDocument {
  id: string;
  number: string;
  totalPence: number;
}

/**
 * Takes the next number, freezes everything the document will print, and asks for its rendering, all in the caller's
 * transaction: a number is used if and only if its document exists. Holds the authority's number series until commit.
 */
export async function issueClaimDocument(tx: Tx, issue: DocumentToIssue): Promise<IssuedDocument> {
  const { claim, terms } = issue;
  const seq = await nextNumber(tx, claim, issue.kind);
  const numberOf = issue.kind === 'invoice' ? claimInvoiceNumber : creditNoteNumber;
  const number = numberOf(terms, claim.authority_code, seq);
  const issuedOn = londonDate(tx.now);
  const totalPence = sumPence(issue.categories.map((category) => category.reimbursementPence));
  const id = await issueDocument(tx, {
    kind: issue.kind,
    programme: claim.programme_code,
    authority: claim.authority_code,
    claimId: claim.id,
    ...{ number, seq, issuedOn, totalPence },
    refersTo: issue.refersTo?.id ?? null,
    model: documentModel(issue, { number, issuedOn, totalPence }),
    payerEmail: terms.payer.invoiceEmail,
    authorityEmail: issue.authority.contactEmail,
  });
  return { id, number, totalPence };
}

async function nextNumber(tx: Tx, claim: ClaimRecord, kind: DocumentModel['kind']): Promise<number> {
  const authority = claim.authority_code;
  const taken = await takeNumbers(tx, { programme: claim.programme_code, kind }, new Map([[authority, 1]]));
  return taken.get(authority)!;
}

function documentModel(
  issue: DocumentToIssue,
  numbered: { number: string; issuedOn: string; totalPence: number },
): DocumentModel {
  const { claim, terms, authority } = issue;
  return {
    kind: issue.kind,
    ...numbered,
    dueOn: issue.dueOn,
    currency: terms.currency,
    programme: { code: terms.programme, name: issue.programmeName },
    seller: {
      legalName: authority.legalName,
      addressLines: authority.addressLines,
      postcode: authority.postcode,
      country: authority.country,
      onsCode: authority.onsCode,
      contactName: authority.contactName,
      contactEmail: authority.contactEmail,
    },
    buyer: {
      legalName: terms.payer.legalName,
      tradingName: terms.payer.tradingName,
      shortName: terms.payer.shortName,
      addressLines: [...terms.payer.address],
      country: terms.payer.country,
      identifier: { ...terms.payer.identifier },
    },
    references: {
      authorityReference: claim.authority_reference,
      purchaseOrder: claim.purchase_order,
      claimId: claim.id,
    },
    refersTo: issue.refersTo && { number: issue.refersTo.number, issuedOn: issue.refersTo.issuedOn },
    reason: issue.reason,
    ...(issue.takenBack && { takenBack: true }),
    categories: issue.categories,
    trainerInvoices: issue.trainerInvoices,
    account: authority.bankDetails && {
      accountName: authority.bankDetails.accountName,
      lastFour: authority.bankDetails.lastFour,
    },
    vatRecovery: terms.vatRecovery,
    payment: {
      withinDays: terms.payment.withinDays,
      onReceiptFromFunder: terms.payment.paidOnReceiptFromFunder,
      funderShortName: terms.funder.shortName,
    },
  };
}

/** An invoice needs a sender: refused `authority_address_missing` until the authority has entered its address. */
export function requireAddress(authority: AuthorityProfile): void {
  if (authority.addressLines.length > 0) return;
  throw refused(
    'authority_address_missing',
    `The invoice prints the address of ${authority.legalName}, and none is entered yet. Its finance officer enters it once, then submits again.`,
  );
}
