import { type UserAccessView, type UserView } from '#identity';
import { PAYER_ORGANISATION, ROLE_TITLES, ROLES, type Role } from '#identity/domain';
import { roleNames } from '../account/access.presenter.js';
import { date, dateTime } from '../page/index.js';

interface Choice {
  value: string;
  text: string;
  selected: boolean;
}

const title = (role: Role): string => ROLE_TITLES[role].charAt(0).toUpperCase() + ROLE_TITLES[role].slice(1);

/** The filters of the list as choices. */
export const filterChoices = (filters: Readonly<Record<string, string>>, authorities: readonly Named[]) => ({
  roles: [
    { value: '', text: 'All', selected: !filters['role'] },
    ...ROLES.map((role) => ({ value: role, text: title(role), selected: role === filters['role'] })),
  ],
  actives: [
    { value: '', text: 'All', selected: !filters['active'] },
    { value: 'true', text: 'Active', selected: filters['active'] === 'true' },
    { value: 'false', text: 'Deactivated', selected: filters['active'] === 'false' },
  ],
  organisations: [
    { value: '', text: 'All', selected: !filters['organisation'] },
    ...organisations(authorities, filters['organisation']),
  ],
});

interface Named {
  readonly code: string;
  readonly name: string;
}

/** MTM and every authority. */
export const organisations = (authorities: readonly Named[], chosen: string | undefined): Choice[] => [
  { value: PAYER_ORGANISATION, text: PAYER_ORGANISATION, selected: chosen === PAYER_ORGANISATION },
  ...authorities.map(({ code, name }) => ({ value: code, text: `${name} (${code})`, selected: code === chosen })),
];

const HINTS: Readonly<Record<Role, string>> = {
  la_manager: 'An authority’s: prepares claims, follows them and the days left',
  la_finance: 'An authority’s: prepares, submits and withdraws claims, keeps bank details and the S31 grant',
  mtm_finance: 'MTM’s: reviews claims, asks for funding, prepares payment runs, reconciles the bank',
  mtm_approver: 'MTM’s: approves claims, adjustments and payment runs that somebody else made',
  coordinator: 'MTM’s: shares out days, keeps bookings and events',
  auditor: 'MTM’s, with no other role: reads everything, changes nothing',
  administrator: 'MTM’s, with no other role: users, failed jobs; decides nothing about money',
};

/** Roles as checkboxes. */
export const roleBoxes = (chosen: readonly string[]) =>
  ROLES.map((role) => ({
    value: role,
    text: title(role),
    hint: { text: HINTS[role] },
    checked: chosen.includes(role),
  }));

export const usersTable = (users: readonly UserView[], filtered: boolean) => ({
  caption: 'Users',
  captionHidden: true,
  empty: filtered ? 'No user matches these filters.' : 'There are no users yet.',
  head: [{ text: 'Name' }, { text: 'E-mail address' }, { text: 'Organisation' }, { text: 'Roles' }, { text: 'State' }],
  rows: users.map((user) => [
    { text: user.name, href: `/users/${user.id}` },
    { text: user.email },
    { text: user.organisation },
    { text: roleNames(user.roles) },
    user.active ? { text: 'Active', tag: 'green' } : { text: 'Deactivated', tag: 'grey' },
  ]),
});

/** How a user signs in, as rows of a summary list. */
export function accessRows(access: UserAccessView): { key: string; value: string }[] {
  return [
    { key: 'Password', value: access.hasPassword ? 'Chosen' : 'None yet' },
    { key: 'Second factor', value: access.secondFactor ? 'Set up' : 'Not set up' },
    ...(access.invitation ? [{ key: 'Invitation', value: invitationText(access.invitation) }] : []),
    ...access.identities.map(({ issuer, linkedAt }) => ({
      key: 'Signs in at',
      value: `${issuer}, since ${date(linkedAt)}`,
    })),
  ];
}

function invitationText({ state, sentAt, failed, expiresAt }: NonNullable<UserAccessView['invitation']>): string {
  if (state === 'used') return 'Used';
  if (state === 'replaced') return 'Not valid any more. Send another.';
  if (state === 'expired') return `Not used; it ended on ${date(expiresAt)}. Send another.`;
  if (failed !== null) return `The e-mail could not be sent (${failed}). Check the address, then send another.`;
  return sentAt === null ? 'On its way' : `Sent ${dateTime(sentAt)}, works until ${date(expiresAt)}`;
}
