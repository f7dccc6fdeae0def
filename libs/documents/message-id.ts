/** The Message-ID of a delivery, for ever: its id at the domain of the sender's address (MAIL_FROM). */
export const messageIdOf = (id: string, from: string): string => `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`;
