/** By name, a statement whose rows are what is wrong: none when it holds. */
export type Invariants = Readonly<Record<string, string>>;

/** States in which the trainer invoices and days of a claim are taken, for a statement. */
export const LIVE = `('submitted', 'reviewed', 'approved', 'funded', 'scheduled', 'paid', 'reconciled')`;
export const APPROVED = `('approved', 'funded', 'scheduled', 'paid', 'reconciled')`;
export const FUNDED = `('funded', 'scheduled', 'paid', 'reconciled')`;
export const IN_RUN = `('scheduled', 'paid', 'reconciled')`;
