export { BankFileError, type BankFileCode, type BankFileProblem } from './bank-files/bank-file-error.js';
export {
  CSV_DATE_FORMATS,
  type CsvAmounts,
  type CsvDateFormat,
  type CsvMapping,
  type CsvSource,
} from './bank-files/csv-mapping.js';
export type { Acceptance } from './bank-files/prove-statement.js';
export { readStatements, type StatementFormat } from './bank-files/read-statements.js';
export { accountKey, accountOf } from './bank-files/statement-account.js';
export type {
  EntryStatus,
  StatementAccount,
  StatementClosing,
  StatementEntry,
  StatementEvent,
  StatementHeader,
} from './bank-files/statement.js';
