import { type Problem } from '#kernel';

/**
 * Whether a date shows that the authority paid its trainer: there is one, and it has come. Approval needs it for every
 * trainer invoice, from the claim or recorded as a finding (docs/domain.md, Eligibility).
 */
export const isPaid = (paidOn: string | null | undefined, today: string): boolean => !!paidOn && paidOn <= today;

/** A problem for each trainer invoice that nothing shows to be paid: no date in the claim, none recorded as a finding. */
export const unprovenPayments = (
  invoices: readonly { readonly paidOn: string | null; readonly proofPaidOn: string | null }[],
  today: string,
): Problem[] =>
  invoices.flatMap(({ paidOn, proofPaidOn }, at) =>
    isPaid(paidOn, today) || isPaid(proofPaidOn, today)
      ? []
      : [
          {
            path: `trainerInvoices[${at}].paidOn`,
            code: 'payment_proof_missing',
            message:
              'Nothing shows that the trainer was paid. Have the proof recorded, or the claim returned so that the authority enters the date.',
          },
        ],
  );
