import { type AuthorityListItem, type AuthorityProfile } from '#programme';
import { type Form } from '../page/index.js';

export const AUTHORITY_CSV = [
  ...['code', 'name', 'onsCode', 'legalName', 'addressLines', 'postcode', 'country', 'contactName', 'contactEmail'],
  'contactPhone',
] as const;

/** Authorities with their contact, each leading to its page. */
export function authoritiesTable(items: readonly AuthorityListItem[]) {
  return {
    caption: 'Authorities',
    captionHidden: true,
    empty: 'No authority takes part yet: they come with the programme.',
    head: [{ text: 'Authority' }, { text: 'Code' }, { text: 'Contact' }, { text: 'E-mail' }, { text: 'Telephone' }],
    rows: items.map((one) => [
      { text: one.name, href: `/authorities/${one.code}` },
      { text: one.code },
      ...[one.contactName, one.contactEmail, one.contactPhone].map((text) => ({ text: text ?? 'None given' })),
    ]),
  };
}

/** What the authority's page says of it. */
export const profileFacts = (profile: AuthorityProfile) => [
  { key: 'Legal name', value: profile.legalName },
  { key: 'Address', value: [...profile.addressLines, profile.postcode].filter(Boolean).join(', ') },
  { key: 'ONS code', value: profile.onsCode },
  { key: 'Contact', value: profile.contactName ?? 'None given' },
  { key: 'E-mail', value: profile.contactEmail ?? 'None given: no copy of an invoice is sent' },
  { key: 'Telephone', value: profile.contactPhone ?? 'None given: a new bank account cannot be confirmed' },
];

/** What stands in the form before anything is typed. */
export const profileValues = (profile: AuthorityProfile): Record<string, string> => ({
  legalName: profile.legalName,
  addressLines: profile.addressLines.join('\n'),
  postcode: profile.postcode ?? '',
  contactName: profile.contactName ?? '',
  contactEmail: profile.contactEmail ?? '',
  contactPhone: profile.contactPhone ?? '',
});

/** The use case's input as it was typed: an address line a line, spaces tidied, what is empty as nothing. */
export function profileBody(form: Form): object {
  const lines = form
    .typed('addressLines')
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '');
  const optional = (name: string): string | null => form.text(name) ?? null;
  return {
    legalName: form.typed('legalName').trim(),
    addressLines: lines,
    postcode: optional('postcode')?.toUpperCase().replace(/\s+/g, ' ') ?? null,
    contactName: optional('contactName'),
    contactEmail: optional('contactEmail'),
    contactPhone: optional('contactPhone'),
  };
}

/** A problem of one line of the address stands at the address. */
export const profilePath = (path: string): string => path.replace(/^addressLines\[\d+\]$/, 'addressLines');
