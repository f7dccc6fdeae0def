/** What a code or a short name is as a part of an account's name: what hledger and ledger would misread is a hyphen. */
const part = (text: string): string => text.replace(/[^A-Za-z0-9_/.&-]+/g, '-');

/** The payer's accounts by the names they have in the export. `funder` is the funder's short name, as `DfE`. */
export const ACCOUNTS = {
  /** The payer's own money at its bank. */
  bank: 'assets:bank',
  /** The funder's money at the payer's bank, for the authorities alone. */
  restrictedCash: 'assets:restricted cash',
  /** What the funder owes for approved claims. */
  receivable: (funder: string) => `assets:receivable:${part(funder)}`,
  /** What is owed to an authority. */
  payable: (authority: string) => `liabilities:payable:${part(authority)}`,
  /** The funder's money that no claim is funded from yet. */
  receivedInAdvance: (funder: string) => `liabilities:received in advance:${part(funder)}`,
  /** What was recovered from authorities and belongs to the funder. */
  owed: (funder: string) => `liabilities:owed:${part(funder)}`,
  grantIncome: (funder: string) => `income:grant:${part(funder)}`,
  reimbursement: (category: string) => `expenses:reimbursement:${part(category)}`,
  bankCharges: 'expenses:bank charges',
  /** Money on a statement that nobody has explained yet. */
  suspense: 'liabilities:suspense',
  adjustments: 'equity:adjustments',
} as const;
