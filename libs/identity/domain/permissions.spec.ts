import { describe, expect, it } from '@jest/globals';
import { ACTIONS, type Action, type Rule } from './actions.js';
import { may, requireMay, type Who } from './permissions.js';
import { roleProblems, ROLES, SYSTEM_ROLE } from './roles.js';

const ME = 'user-1';
const who = (role: string, scope = role.startsWith('la_') ? 'BRENT' : '*'): Who => ({
  userId: ME,
  scope,
  roles: [role],
});

/**
 * docs/domain.md, "Who", written out a second time by hand: m LA manager, f LA finance, F MTM finance, A approver,
 * C coordinator, U auditor, D administrator, S the system.
 */
const LETTERS: Record<string, string> = {
  m: 'la_manager',
  f: 'la_finance',
  F: 'mtm_finance',
  A: 'mtm_approver',
  C: 'coordinator',
  U: 'auditor',
  D: 'administrator',
  S: SYSTEM_ROLE,
};
const MATRIX: Record<Action, string> = {
  'programme.read': 'mfFACUDS',
  'authority.read': 'mfFACUDS',
  'authority.edit_address': 'f',
  'authority.edit_bank_details': 'f',
  'authority.confirm_bank_details': 'F',
  'claim.calculate': 'mfFACUDS',
  'claim.read': 'mfFACUDS',
  'claim.draft': 'mf',
  'claim.import': 'mf',
  'claim.submit': 'f',
  'claim.withdraw': 'f',
  'claim.read_mtm': 'FACUS',
  'claim.assign': 'FA',
  'claim.review': 'F',
  'claim.record_findings': 'F',
  'claim.return': 'F',
  'claim.hold': 'F',
  'claim.release': 'F',
  'claim.approve': 'A',
  'claim.reject': 'A',
  'claim.unfund': 'F',
  'claim.message': 'mfFA',
  'flag.read_mtm': 'FACUS',
  'evidence.add': 'mfF',
  'evidence.read': 'mfFACUS',
  'evidence.remove': 'mf',
  'document.read': 'mfFACUDS',
  'allocation.read': 'mfFACUDS',
  'allocation.move': 'C',
  'grant.read': 'mfFACUDS',
  'grant.edit': 'f',
  'adjustment.read': 'mfFACUDS',
  'adjustment.propose': 'F',
  'adjustment.approve': 'A',
  'adjustment.cancel': 'F',
  'assurance.draw': 'F',
  'assurance.record': 'F',
  'assurance.read': 'mfFACUS',
  'assurance_sample.read': 'FACUS',
  'funding.read': 'FACUS',
  'funding_request.prepare': 'F',
  'funding_request.submit': 'F',
  'funding_receipt.record': 'F',
  'funding_receipt.confirm': 'F',
  'funding_receipt.reverse': 'F',
  'payment.read': 'FACUS',
  'payment.read_own': 'mfFACUS',
  'payment.read_bank_file': 'FA',
  'payment.refuse': 'F',
  'payment_run.prepare': 'F',
  'payment_run.approve': 'A',
  'payment_run.cancel': 'F',
  'bank_statement.reconcile': 'F',
  'statement.read': 'mfFACUS',
  'ledger.read': 'FACUS',
  'delivery.manage': 'C',
  'audit.read': 'mfFACUDS',
  'audit.verify': 'FUDS',
  'audit.seal': 'DS',
  'user.read': 'UDS',
  'user.manage': 'DS',
  'user.set_roles': 'DS',
  'user.set_active': 'DS',
  'user.invite': 'DS',
  'user.reset_second_factor': 'DS',
  'session.read': 'DS',
  'session.end': 'DS',
  'token.issue': 'DS',
  'token.revoke': 'DS',
  'job.read': 'FACUDS',
  'job.manage': 'DS',
};

describe('who may do what', () => {
  const cells = (Object.keys(ACTIONS) as Action[]).flatMap((action) =>
    Object.entries(LETTERS).map(([letter, role]) => [action, role, MATRIX[action].includes(letter)] as const),
  );
  it.each(cells)('%s by %s: %s', (action, role, allowed) => {
    const answer = may(who(role), action);
    expect(answer.allowed).toBe(allowed);
    if (!answer.allowed) {
      expect(answer.code).toBe('role_not_allowed');
      expect(answer.reason).toMatch(/^You may not .+\. Who may: .+\.$/);
    }
  });

  it('covers every action and no more', () => {
    expect(Object.keys(MATRIX).sort()).toEqual(Object.keys(ACTIONS).sort());
  });

  it('names who may in the words of the programme', () => {
    expect(may(who('la_manager'), 'claim.submit')).toEqual({
      allowed: false,
      code: 'role_not_allowed',
      reason: 'You may not submit a claim. Who may: LA finance officer.',
    });
  });

  it('lets the union of roles do what any of them may, and no role do nothing', () => {
    expect(may({ ...who('la_manager'), roles: ['la_manager', 'la_finance'] }, 'claim.submit').allowed).toBe(true);
    expect(may({ ...who('la_manager'), roles: [] }, 'claim.read').allowed).toBe(false);
  });

  it('gives the administrator no decision about money, and the auditor no change at all', () => {
    const of = (letter: string) =>
      (Object.keys(MATRIX) as Action[]).filter((action) => MATRIX[action].includes(letter));
    const reading = /\.(read|read_mtm|read_own|calculate|verify)$/;
    expect(of('U').filter((action) => !reading.test(action))).toEqual([]);
    expect(of('D').filter((action) => !reading.test(action))).toEqual([
      'audit.seal',
      'user.manage',
      'user.set_roles',
      'user.set_active',
      'user.invite',
      'user.reset_second_factor',
      'session.end',
      'token.issue',
      'token.revoke',
      'job.manage',
    ]);
  });
});

describe('another authority', () => {
  it.each(Object.keys(ACTIONS) as Action[])('is told as if it were not there: %s', (action) => {
    expect(may(who('la_finance'), action, { authority: 'BRISTOL' })).toMatchObject({
      allowed: false,
      code: 'not_found',
    });
    expect(() => requireMay(who('la_finance'), action, { authority: 'BRISTOL' })).toThrow(
      expect.objectContaining({ kind: 'not_found', code: 'not_found' }),
    );
  });
  it('is open to the payer’s staff, and one’s own to oneself', () => {
    expect(may(who('mtm_finance'), 'claim.review', { authority: 'BRISTOL' }).allowed).toBe(true);
    expect(may(who('la_finance'), 'claim.submit', { authority: 'BRENT' }).allowed).toBe(true);
  });
});

describe('two pairs of eyes', () => {
  const cases: [Action, string, object, string | null][] = [
    ['claim.approve', 'mtm_approver', { makers: ['user-2', null] }, null],
    ['claim.approve', 'mtm_approver', { makers: ['user-2', ME] }, 'maker_cannot_approve'],
    ['claim.reject', 'mtm_approver', { makers: [ME] }, 'maker_cannot_reject'],
    ['claim.reject', 'mtm_approver', { approvers: [ME] }, 'approver_cannot_reject'],
    ['claim.reject', 'mtm_approver', { makers: ['user-2'], approvers: ['user-3'] }, null],
    ['claim.review', 'mtm_finance', { makers: [ME] }, null],
    ['claim.record_findings', 'mtm_finance', { makers: [ME] }, null],
    ['adjustment.approve', 'mtm_approver', { makers: [ME] }, 'maker_cannot_approve'],
    ['funding_receipt.confirm', 'mtm_finance', { makers: [ME] }, 'maker_cannot_confirm'],
    ['assurance.record', 'mtm_finance', { makers: [ME] }, 'maker_cannot_record'],
    ['assurance.record', 'mtm_finance', { approvers: [ME] }, 'approver_cannot_record'],
    ['assurance.record', 'mtm_finance', { makers: ['user-2'], approvers: ['user-3', null] }, null],
    ['funding_receipt.confirm', 'mtm_finance', { makers: ['user-2'] }, null],
    ['authority.confirm_bank_details', 'mtm_finance', { makers: [ME] }, 'maker_cannot_confirm'],
    ['payment_run.approve', 'mtm_approver', { makers: [ME] }, 'maker_cannot_approve'],
    ['payment_run.approve', 'mtm_approver', { approvers: ['user-2', ME] }, 'approver_cannot_approve'],
  ];
  it.each(cases)('%s by %s with %j: %s', (action, role, subject, code) => {
    const answer = may(who(role), action, subject);
    expect(answer.allowed ? null : answer.code).toBe(code);
  });

  it('asks about the role before it asks about the maker', () => {
    expect(may(who('mtm_finance'), 'claim.approve', { makers: [ME] })).toMatchObject({ code: 'role_not_allowed' });
  });

  it.each([
    ['claim.approve', 'mtm_approver', 'You edited, prepared or reviewed this yourself, or recorded'],
    ['funding_receipt.confirm', 'mtm_finance', 'You recorded this yourself; another person must confirm it.'],
    ['adjustment.approve', 'mtm_approver', 'You proposed this yourself; another person must approve it.'],
    ['payment_run.approve', 'mtm_approver', 'You prepared this yourself; another person must approve it.'],
  ] as const)('says what it was that keeps one from it: %s', (action, role, reason) => {
    expect(may(who(role), action, { makers: [ME] })).toMatchObject({ reason: expect.stringContaining(reason) });
  });

  it('throws forbidden with the code and the reason', () => {
    expect(() => requireMay(who('mtm_approver'), 'claim.approve', { makers: [ME] })).toThrow(
      expect.objectContaining({
        kind: 'forbidden',
        code: 'maker_cannot_approve',
        message: expect.stringContaining('approve it'),
      }),
    );
    expect(() => requireMay(who('mtm_approver'), 'claim.approve')).not.toThrow();
  });
});

describe('oneself', () => {
  const OWN_TOO: Action[] = ['session.end', 'session.read', 'token.revoke', 'user.read'];
  it.each(OWN_TOO)('may always: %s', (action) => {
    expect(may(who('la_manager'), action, { userId: ME }).allowed).toBe(true);
    expect(may(who('la_manager'), action, { userId: 'user-2' }).allowed).toBe(false);
    expect(may(who('la_manager'), action).allowed).toBe(false);
    expect(may(who('administrator'), action, { userId: 'user-2' }).allowed).toBe(true);
  });

  it.each([
    ['user.set_roles', 'own_roles'],
    ['user.set_active', 'own_account'],
    ['user.reset_second_factor', 'own_account'],
  ] as const)('may not, administrator or not: %s', (action, code) => {
    expect(may(who('administrator'), action, { userId: ME })).toMatchObject({ allowed: false, code });
    expect(may(who('administrator'), action, { userId: 'user-2' }).allowed).toBe(true);
    expect(may(who('la_manager'), action, { userId: ME })).toMatchObject({ code: 'role_not_allowed' });
  });

  it('is nothing special for any other action', () => {
    for (const action of Object.keys(ACTIONS) as Action[]) {
      if (OWN_TOO.includes(action) || (ACTIONS[action] as Rule).notOneself) continue;
      for (const role of [...ROLES, SYSTEM_ROLE]) {
        expect([action, may(who(role), action, { userId: ME })]).toEqual([action, may(who(role), action)]);
      }
    }
  });
});

describe('roles fit the organisation', () => {
  const cases: [string, string[], string[]][] = [
    ['BRENT', ['la_manager', 'la_finance'], []],
    ['MTM', ['mtm_finance', 'mtm_approver', 'coordinator'], []],
    ['BRENT', ['mtm_finance'], ['role_not_of_organisation']],
    ['MTM', ['la_finance'], ['role_not_of_organisation']],
    ['BRENT', ['auditor'], ['role_not_of_organisation']],
    ['MTM', [], ['role_missing']],
    ['MTM', ['administrator', 'mtm_approver'], ['roles_conflict']],
    ['MTM', ['auditor', 'coordinator'], ['roles_conflict']],
    ['MTM', ['auditor', 'auditor'], []],
  ];
  it.each(cases)('%s %j: %j', (organisation, roles, codes) => {
    expect(roleProblems(organisation, roles).map((problem) => problem.code)).toEqual(codes);
  });
  it('has a home for every role', () => {
    for (const role of ROLES)
      expect(['MTM', 'BRENT'].filter((code) => roleProblems(code, [role]).length === 0)).toHaveLength(1);
  });
});
