/**
 * Whether a date shows that the authority paid its trainer: there is one, and it has come. Approval needs it for every
 * trainer invoice, from the claim or recorded at review (docs/domain.md, Eligibility).
 */
export const isPaid = (paidOn: string | null | undefined, today: string): boolean => !!paidOn && paidOn <= today;
