import { BANK_FILE_CODES, BankFileError, type Place } from '../bank-files/bank-file-error.js';

/** What a file is quarantined for: what is wrong with it, or that it is not one of ours. docs/bank-files.md says what each means. */
export const QUARANTINE_CODES = [
  ...BANK_FILE_CODES,
  'before_closed',
  'unknown_account',
  'other_currency',
  'statement_contradicts',
  'statement_overlaps',
  'too_many_statements',
  'too_many_statuses',
  'unsupported_message',
  'unknown_payment_run',
] as const;
export type QuarantineCode = (typeof QUARANTINE_CODES)[number];

/** A good file that is not kept all the same. It quotes nothing of the file besides codes, dates, numbers and figures. */
export class FileRefused extends Error {
  override name = 'FileRefused';
  readonly where: string;
  constructor(
    readonly code: QuarantineCode,
    place: Place,
    message: string,
  ) {
    super(message);
    this.where = place.toString();
  }
}

/** Whether a file was refused, and not the service at fault. */
export const isRefusal = (error: unknown): error is BankFileError | FileRefused =>
  error instanceof BankFileError || error instanceof FileRefused;
