import { describe, expect, it } from '@jest/globals';
import { ROLES } from '#identity/domain';
import { accessRows, filterChoices, organisations, roleBoxes, usersTable } from './users.presenter.js';

const user = {
  id: 'a',
  email: 'ada@brent.example',
  name: 'Ada',
  organisation: 'BRENT',
  roles: ['la_finance' as const],
  active: true,
  weeklyDigest: false,
  createdAt: '2018-04-03T09:00:00.000Z',
  version: 1,
};
const invitation = {
  state: 'open' as const,
  expiresAt: '2018-04-10T09:00:00.000Z',
  sentAt: null,
  failed: null,
};
const access = { hasPassword: false, secondFactor: false, invitation: null, identities: [] };
const invitationOf = (more: object) =>
  accessRows({ ...access, invitation: { ...invitation, ...more } }).find(({ key }) => key === 'Invitation')?.value;

describe('users', () => {
  it('are a table with their roles and state in words', () => {
    const { rows } = usersTable([user, { ...user, active: false }], false);
    expect(rows[0]!.map(({ text }) => text)).toEqual([
      'Ada',
      'ada@brent.example',
      'BRENT',
      'LA finance officer',
      'Active',
    ]);
    expect(rows[1]!.at(-1)!.text).toBe('Deactivated');
    expect(usersTable([], true).empty).not.toBe(usersTable([], false).empty);
  });

  it('are filtered by what was chosen before', () => {
    const choices = filterChoices({ role: 'auditor', active: 'false', organisation: 'MTM' }, [
      { code: 'BRENT', name: 'Brent' },
    ]);
    const selected = Object.values(choices).map((list) => list.find((one) => one.selected)?.value);
    expect(selected).toEqual(['auditor', 'false', 'MTM']);
    expect(organisations([{ code: 'BRENT', name: 'Brent' }], undefined).map(({ value }) => value)).toEqual([
      'MTM',
      'BRENT',
    ]);
  });

  it('may have every role there is, each explained', () => {
    const boxes = roleBoxes(['auditor']);
    expect(boxes.map(({ value }) => value)).toEqual([...ROLES]);
    expect(boxes.filter(({ checked }) => checked).map(({ value }) => value)).toEqual(['auditor']);
    expect(new Set(boxes.map(({ hint }) => hint.text)).size).toBe(ROLES.length);
  });
});

describe('how a user signs in', () => {
  it('says what became of the invitation, and what to do', () => {
    expect(invitationOf({})).toBe('On its way');
    expect(invitationOf({ sentAt: '2018-04-03T09:00:00.000Z' })).toContain('Sent 3 April 2018');
    expect(invitationOf({ failed: 'no such mailbox' })).toContain('Check the address');
    expect(invitationOf({ state: 'expired' })).toContain('ended on 10 April 2018');
    expect(invitationOf({ state: 'used' })).toBe('Used');
    expect(accessRows(access).some(({ key }) => key === 'Invitation')).toBe(false);
  });
});
