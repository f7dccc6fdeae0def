import { formatPence, longDate } from '#kernel';
import { type Letter } from '#documents/domain';
import { type ProgrammeTerms } from '#programme';

/** A drawn claim as its authority is told of it. */
export interface AskedClaim {
  claimId: string;
  invoiceNumber: string;
  pence: number;
  approvedOn: string;
}

/** A letter is read; what is more is listed in the service. */
const MOST_LISTED = 50;

/** Asks an authority for the evidence of its claims in a sample. */
export function evidenceLetter(
  authority: { name: string },
  claims: readonly AskedClaim[],
  { programme, payer, currency }: ProgrammeTerms,
): Letter {
  const one = claims.length === 1;
  const rest = claims.length - MOST_LISTED;
  return {
    subject: `${payer.shortName} asks for evidence of ${one ? `claim ${claims[0]!.invoiceNumber}` : `${claims.length} claims`}`,
    heading: 'Evidence is asked for',
    paragraphs: [
      `${payer.shortName} checks a sample of the ${programme} claims it approved. ${one ? 'This claim' : 'These claims'} of ${authority.name} ${one ? 'is' : 'are'} in it, drawn by lot, by authority or by amount: it says nothing against ${one ? 'it' : 'them'}.`,
      `Please add to ${one ? 'the claim' : 'each claim'}, in the claims service, what shows that the training took place and was paid for: the trainer’s invoice, who attended, and the proof of payment. What is there already need not be sent again.`,
    ],
    facts: [
      ...claims
        .slice(0, MOST_LISTED)
        .map(({ invoiceNumber, pence, approvedOn }): [string, string] => [
          invoiceNumber,
          `${formatPence(pence, currency)}, approved on ${longDate(approvedOn)}`,
        ]),
      ...(rest > 0 ? [['And more', `${rest} more; the claims service lists them all`] as const] : []),
    ],
    closing: `What a check does not bear out is taken back by an adjustment, of which you are told.`,
    sender: `${programme} claims`,
    replyTo: null,
    // Where the evidence is added; of several claims the list of what was asked for, which leads to each.
    page: one ? `/claims/${claims[0]!.claimId}/evidence` : '/assurance/asked',
  };
}
