import { type Letter } from '#documents/domain';
import { type ProgrammeTerms } from '#programme/domain';

/** A message as it is e-mailed. The answer belongs on the claim's page, where both sides see it. */
export function messageLetter(
  message: { text: string; from: string; claimId: string; claimName: string },
  { programme }: ProgrammeTerms,
): Letter {
  return {
    subject: `Message from ${message.from} about ${message.claimName}`,
    heading: `Message about ${message.claimName}`,
    paragraphs: [`${message.from} wrote:`, ...message.text.split(/\n+/)],
    facts: [],
    closing: 'Please answer on the claim’s page: this address reads no e-mail.',
    sender: `${programme} claims`,
    replyTo: null,
    page: `/claims/${message.claimId}#messages`,
  };
}
