/**
 * Everything a claim invoice or credit note says, frozen when the document is issued. The PDF and the XML are made from
 * this alone, so that a document rendered tomorrow reads as it would have today. Money in whole pence; dates
 * `YYYY-MM-DD`; days decimal strings. Credit notes carry positive amounts: what is credited.
 */
export interface DocumentModel {
  kind: 'invoice' | 'credit_note';
  number: string;
  issuedOn: string;
  /** Null on credit notes: nothing falls due. */
  dueOn: string | null;
  /** ISO 4217. */
  currency: string;
  programme: { code: string; name: string };
  seller: DocumentSeller;
  buyer: DocumentBuyer;
  references: { authorityReference: string | null; purchaseOrder: string | null; claimId: string };
  /** The invoice a credit note corrects. */
  refersTo: { number: string; issuedOn: string } | null;
  /** Why a credit note was issued, in words for the reader. */
  reason: string | null;
  /** True on the credit note of an adjustment: what it credits was approved, perhaps paid, and is set off or repaid. */
  takenBack?: boolean;
  /** Every category of the programme, those without an amount too (guide, Payment). */
  categories: DocumentCategory[];
  totalPence: number;
  trainerInvoices: DocumentTrainerInvoice[];
  account: { accountName: string; lastFour: string } | null;
  /** The law under which the authority recovers the VAT itself, as the end of a sentence. */
  vatRecovery: string;
  payment: { withinDays: number; onReceiptFromFunder: boolean; funderShortName: string };
}

/** The local authority. `country` is ISO 3166-1 alpha-2, `onsCode` the GSS code of the Office for National Statistics. */
export interface DocumentSeller {
  legalName: string;
  addressLines: string[];
  postcode: string | null;
  country: string;
  onsCode: string;
  contactName: string | null;
  contactEmail: string | null;
}

/** Who pays. `identifier.scheme` is an ISO 6523 code of the EAS list (0151 is the ABN; null for a register without one), `label` what people call it. */
export interface DocumentBuyer {
  legalName: string;
  tradingName: string | null;
  shortName: string;
  addressLines: string[];
  country: string;
  identifier: { value: string; scheme: string | null; label: string };
}

export interface DocumentCategory {
  code: string;
  label: string;
  netPence: number;
  eligiblePence: number;
  reimbursementPence: number;
  fundedDays: string | null;
}

export interface DocumentTrainerInvoice {
  trainerName: string;
  number: string;
  issuedOn: string;
  lines: DocumentLine[];
}

export interface DocumentLine {
  kind: 'training' | 'travel';
  categoryLabel: string;
  rateLabel: string | null;
  description: string;
  deliveredOn: string[];
  trainerDays: string | null;
  ratePence: number | null;
  netPence: number;
  eligiblePence: number;
}
