import { describe, expect, it } from '@jest/globals';
import { ROLES } from '#identity/domain';
import { navigationFor } from './navigation.js';

const active = (role: string, path: string): string[] =>
  navigationFor([role], path)
    .filter((item) => item.active)
    .map(({ text }) => text);

describe('the navigation', () => {
  it.each([
    ['la_finance', '/claims/c', ['Claims']],
    ['la_finance', '/claim-forms', ['Claims']],
    ['la_finance', '/claim-forms/f/invoices/k', ['Claims']],
    ['la_finance', '/payments-to-us', ['Payments to us']],
    ['mtm_finance', '/adjustments', ['Work queue']],
    ['mtm_approver', '/adjustments/a', ['Work queue']],
    ['mtm_finance', '/payments/p', ['Payments']],
    ['mtm_finance', '/payments-to-us', []],
    ['mtm_finance', '/claimsomething', []],
    ['mtm_finance', '/', []],
    ['auditor', '/adjustments', []],
    ['la_manager', '/authorities/BRENT', ['Your authority']],
    ['administrator', '/authorities/BRENT/edit', ['Authorities']],
  ])('of %s on %s marks %j', (role, path, marked) => {
    expect(active(role, path)).toEqual(marked);
  });

  it('calls a page the current one only where its entry leads there', () => {
    const current = (path: string) => navigationFor(['la_finance'], path).filter((item) => item.current);
    expect(current('/claims').map(({ href }) => href)).toEqual(['/claims']);
    expect(current('/').map(({ href }) => href)).toEqual(['/']);
    expect(current('/claim-forms/f')).toEqual([]);
  });

  it.each([
    ['mtm_finance', ['Home', 'Work queue', 'Claims', 'Search', 'Funding', 'Payments', 'Bank']],
    ['la_finance', ['Home', 'Claims', 'Search', 'Payments to us', 'Reports']],
    ['administrator', ['Home', 'Claims', 'Search', 'Users', 'Jobs', 'Audit trail']],
  ])('begins for %s with the work of every day and ends with help', (role, first) => {
    const texts = navigationFor([role], '/').map(({ text }) => text);
    expect(texts.slice(0, first.length)).toEqual(first);
    expect(texts.at(-1)).toBe('Help');
    expect(new Set(texts).size).toBe(texts.length);
  });

  it.each(ROLES)('leads to the authorities, which everybody may read: %s', (role) => {
    const places = navigationFor([role], '/').filter(({ href }) => href === '/authorities');
    expect(places.map(({ text }) => text)).toEqual([role.startsWith('la_') ? 'Your authority' : 'Authorities']);
  });

  it('shows nobody what only others may read', () => {
    const hrefs = (role: string) => navigationFor([role], '/').map(({ href }) => href);
    for (const role of ['la_finance', 'la_manager']) {
      expect(hrefs(role)).not.toEqual(expect.arrayContaining(['/payments']));
      expect(hrefs(role).filter((href) => ['/queue', '/funding', '/bank', '/users', '/audit'].includes(href))).toEqual(
        [],
      );
    }
    expect(hrefs('coordinator').filter((href) => ['/queue', '/payments', '/bank-details'].includes(href))).toEqual([]);
  });
});
