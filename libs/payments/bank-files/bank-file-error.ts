/** What is wrong with the figures of a file whose form is right. */
export const BOOK_CODES = ['no_balances', 'mixed_currencies', 'balance_mismatch', 'count_mismatch'] as const;
export type BookCode = (typeof BOOK_CODES)[number];

/** Why a file of the bank is refused. Stable; docs/bank-files.md says what each means. */
export const BANK_FILE_CODES = [
  'empty_file',
  'bad_encoding',
  'not_well_formed',
  'dtd_not_allowed',
  'wrong_namespace',
  'unsupported_version',
  'truncated',
  'element_too_large',
  'element_missing',
  'invalid_value',
  'not_an_amount',
  'too_many_decimals',
  'amount_too_large',
  'unknown_currency',
  'not_a_date',
  'unexpected_tag',
  'page_missing',
  'not_csv',
  'column_missing',
  'no_statements',
  ...BOOK_CODES,
] as const;
export type BankFileCode = (typeof BANK_FILE_CODES)[number];

/** One thing wrong. `where` is a line, or a line and the path of an element: `line 12, /Document/BkToCstmrStmt`. */
export interface BankFileProblem {
  code: BankFileCode;
  where: string;
  message: string;
}

/** Where something is, put into words only when something is wrong there. */
export interface Place {
  toString(): string;
}

/** A file of the bank that is refused as a whole. It quotes no text of the file besides codes, dates and figures. */
export class BankFileError extends Error implements BankFileProblem {
  override name = 'BankFileError';

  readonly where: string;

  constructor(
    readonly code: BankFileCode,
    place: Place,
    message: string,
  ) {
    super(message);
    this.where = place.toString();
  }
}
