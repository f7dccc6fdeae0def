import { invoiceNumberKey, trainerNameKey } from './duplicates.js';

/** What a search looks for; null where the words cannot be such a thing. */
export interface SearchTerms {
  /** A claim's invoice number, an authority's reference or a purchase order: exactly, capitals or not where ours. */
  readonly exact: string;
  /** The beginning of a trainer's name, normalised; null when too short to narrow anything. */
  readonly trainer: string | null;
  /** The beginning of a trainer's invoice number, normalised. */
  readonly number: string | null;
  /** Pence. */
  readonly amount: number | null;
}

/** Two letters are the beginning of too many names. */
const SHORTEST = 3;
const AMOUNT = /^£?\s*(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{1,2}))?$/;

const prefix = (key: string): string | null => ([...key].length < SHORTEST ? null : key);

/** Reads what was typed into the search. "£1,078.20", "1078.2" and "1,078.20" are one amount; "INV 42" is a number's beginning. */
export function searchTerms(typed: string): SearchTerms {
  const text = typed.trim();
  const [, pounds, rest = ''] = AMOUNT.exec(text) ?? [];
  return {
    exact: text,
    trainer: prefix(trainerNameKey(text)),
    number: prefix(invoiceNumberKey(text)),
    amount: pounds === undefined ? null : Number(pounds.replaceAll(',', '')) * 100 + Number(rest.padEnd(2, '0')),
  };
}
