import type { BankFileProblem, Place } from './bank-file-error.js';

/** An account as a bank's file names it. A GB IBAN and its sort code with number are one account: see `accountKey`. */
export type StatementAccount =
  | { kind: 'iban'; iban: string }
  | { kind: 'uk'; sortCode: string; accountNumber: string }
  | { kind: 'other'; id: string };

export interface StatementHeader {
  account: StatementAccount;
  /** ISO 4217. Every amount of the statement is in its minor units: pence of GBP, cents of EUR, yen of JPY. */
  currency: string;
  /** camt `Stmt/Id`, MT940 `:20:`. */
  statementId: string | null;
  /** camt `GrpHdr/MsgId`. */
  messageId: string | null;
  /** camt `ElctrncSeqNb` (else `LglSeqNb`), MT940 `:28C:` before the slash: where a gap shows. */
  sequence: number | null;
  legalSequence: number | null;
  /** The bank's own instant, as written. */
  createdAt: string | null;
  fromOn: string | null;
  toOn: string | null;
  /** Null when the file gives it after the entries (a CSV with the newest first); the closing event always has it. */
  openingPence: number | null;
  openingOn: string | null;
}

export type EntryStatus = 'booked' | 'pending' | 'information';

export interface StatementEntry {
  /** Where the entry is in its file, put into words only when asked. */
  where: Place;
  status: EntryStatus;
  bookedOn: string;
  valueOn: string | null;
  /** Minor units of `currency`; debits negative. */
  amountPence: number;
  currency: string;
  reversal: boolean;
  /** What the payer or payee wrote for matching: the creditor reference, the `:61:` reference of the account owner. */
  reference: string | null;
  /** The bank's own reference of the entry. */
  bankReference: string | null;
  endToEndId: string | null;
  instructionId: string | null;
  /** Of a bank file booked as one: the payment information it was sent as. */
  paymentInformationId: string | null;
  counterparty: string | null;
  counterpartyAccount: StatementAccount | null;
  remittance: string | null;
  /** Domain, family and sub-family (`PMNT/RCDT/BOOK`), the bank's own code, or the type of a `:61:` (`NTRF`). */
  transactionCode: string | null;
  /** Why the money came back: `AC04`, or the bank's own. */
  returnReason: string | null;
  /** The bank's text as it wrote it: `:86:`, `AddtlNtryInf`. */
  narrative: string | null;
  /** One of several transactions that the bank booked as one entry; their amounts add up to it. */
  batch: { reference: string | null; position: number; count: number } | null;
  /** Transactions behind an entry that could not be split into them. */
  transactionCount: number;
}

export interface StatementClosing {
  openingPence: number | null;
  closingPence: number | null;
  closingOn: string | null;
  currency: string;
  entryCount: number;
  /** Booked entries added up: opening + booked = closing. */
  bookedPence: number;
  /** Empty in a file read as `proved`, which is refused with the first problem instead. */
  problems: readonly BankFileProblem[];
}

/** A file holds one or more statements: each is a header, its entries in the order of the file, and a closing. */
export type StatementEvent =
  | { type: 'header'; header: StatementHeader }
  | { type: 'entry'; entry: StatementEntry }
  | { type: 'closing'; closing: StatementClosing };

/** What a format reads, before the figures are proved. */
export type RawEvent =
  | { type: 'header'; header: StatementHeader; where: string }
  | { type: 'entry'; entry: StatementEntry }
  | {
      type: 'closing';
      where: string;
      openingPence: number | null;
      closing: { amountPence: number; currency: string; on: string | null } | null;
      problems: readonly BankFileProblem[];
    };

/** Takes a file piece by piece, wherever it is cut, and gives what became complete. */
export interface StatementParser {
  write(bytes: Uint8Array): Iterable<RawEvent>;
  end(): Iterable<RawEvent>;
}

/** An entry about which nothing but its amount and dates is known; readers fill in what their format gives. */
export function plainEntry(
  known: Pick<StatementEntry, 'where' | 'bookedOn' | 'amountPence' | 'currency'> & Partial<StatementEntry>,
): StatementEntry {
  return {
    status: 'booked',
    valueOn: null,
    reversal: false,
    reference: null,
    bankReference: null,
    endToEndId: null,
    instructionId: null,
    paymentInformationId: null,
    counterparty: null,
    counterpartyAccount: null,
    remittance: null,
    transactionCode: null,
    returnReason: null,
    narrative: null,
    batch: null,
    transactionCount: 1,
    ...known,
  };
}
