import { describe, expect, it } from '@jest/globals';
import { codeRefusal, oidcRefusal, peopleByOrganisation, refusalOf, safeNext } from './sign-in.presenter.js';

describe('where somebody goes on to', () => {
  it.each(['/claims', '/claims?state=paid&cursor=x', '/users/01890a5d'])('may be a page of ours: %s', (path) => {
    expect(safeNext(path)).toBe(path);
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/a\\b',
    '/a b',
    '/a\nb',
    '/sign-in',
    '/sign-out',
    '/carry-on',
    '/api/v1/me',
    `/${'a'.repeat(1001)}`,
    ['/claims'],
    undefined,
  ])('is the home page for %s', (path) => {
    expect(safeNext(path)).toBe('/');
  });
});

describe('why somebody is not let in', () => {
  it('is said in whole minutes, at least one', () => {
    expect(refusalOf({ code: 'locked', retryAfterSeconds: 1 }).message).toContain('in 1 minute,');
    expect(refusalOf({ code: 'locked', retryAfterSeconds: 61 }).message).toContain('in 2 minutes,');
    expect(codeRefusal({ code: 'locked', retryAfterSeconds: 61 }, 'current').path).toBe('current');
  });

  it('is the same for whoever is not known', () => {
    expect(refusalOf({ code: 'sign_in_failed', retryAfterSeconds: 0 }).message).not.toMatch(/unknown|no account/i);
  });

  it('names what can be done about each refusal of a provider', () => {
    const codes = ['oidc_failed', 'oidc_unknown_user', 'oidc_tenant_not_allowed', 'oidc_email_unverified'] as const;
    const texts = codes.map((code) => oidcRefusal(code).text);
    expect(new Set(texts).size).toBe(codes.length);
  });
});

describe('the people of the demonstration', () => {
  it('stand by organisation, MTM’s first', () => {
    const person = (organisation: string) => ({ email: `x@${organisation}`, name: 'X', organisation, roles: [] });
    const groups = peopleByOrganisation(['LINCS', 'BRENT', 'MTM', 'BRENT'].map(person));
    expect(groups.map((group) => [group.organisation, group.people.length])).toEqual([
      ['MTM', 1],
      ['BRENT', 2],
      ['LINCS', 1],
    ]);
  });
});
