import { notFound } from '#kernel';
import { CodeField } from '#platform/validation';

/** The code of a programme or an authority: as the tables of both have it. */
export const PARTY_CODE = /^[A-Z0-9]{2,12}$/;

type Options = NonNullable<Parameters<typeof CodeField>[1]>;

export const ProgrammeField = (options: Options = {}) => CodeField(PARTY_CODE, { example: 'EIP2', ...options });

export const AuthorityField = (options: Options = {}) => CodeField(PARTY_CODE, { example: 'BRENT', ...options });

/** A programme that goes without saying while it is the only one. */
export const WhichProgramme = () =>
  ProgrammeField({ optional: true, description: 'Needed only when there are several programmes.' });

/** A code of an address, such as `BRENT`. What is no code names nothing, so it is not found rather than malformed. */
export function codeOf(text: string, what: string): string {
  if (!PARTY_CODE.test(text)) throw notFound(what);
  return text;
}
