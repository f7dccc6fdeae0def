import type { DocumentBuyer } from '#claims/documents';

/** All that a remittance advice says, frozen when its payment is settled. Amounts in pence, dates `YYYY-MM-DD`. */
export interface RemittanceModel {
  number: string;
  issuedOn: string;
  currency: string;
  programme: { code: string; name: string };
  /** Who pays: the same party that claim invoices are addressed to. */
  payer: DocumentBuyer & { email: string };
  authority: { legalName: string; addressLines: string[]; postcode: string | null; country: string };
  /** What the bank's statement shows; the day it was booked, or null where the bank was not asked. */
  payment: {
    /** Missing from what was issued before e-mails led to the payment itself. */
    id?: string;
    reference: string;
    runNumber: string;
    bookedOn: string | null;
  };
  /** Null where nothing was paid to it. */
  account: { accountName: string; lastFour: string } | null;
  claims: RemittedClaim[];
  setOffs: RemittedSetOff[];
  claimsPence: number;
  setOffPence: number;
  /** Claims less what is set off. */
  totalPence: number;
}

export interface RemittedClaim {
  invoiceNumber: string;
  authorityReference: string | null;
  purchaseOrder: string | null;
  amountPence: number;
}

export interface RemittedSetOff {
  creditNoteNumber: string;
  /** The claim invoice that it credits. */
  invoiceNumber: string;
  pence: number;
  /** What of it was still to be set off or repaid after this payment. */
  leftPence: number;
}
