import { describe, expect, it } from '@jest/globals';
import { linkAddress, LINK_TOKEN, sha256 } from './link.js';
import { tenantAllowed, verifiedEmail } from './oidc-claims.js';
import { acceptsStep, needsSecondFactor, totpStep } from './second-factor.js';
import { sessionLimits } from './session-limits.js';

describe('a code of a telephone', () => {
  const now = new Date('2018-03-20T09:00:29.999Z');
  const step = totpStep(now);

  it('is of the step that began at the half or the full minute', () => {
    expect(totpStep(new Date('2018-03-20T09:00:00Z'))).toBe(step);
    expect(totpStep(new Date('2018-03-20T09:00:30Z'))).toBe(step + 1);
  });

  it.each([
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ])('%i steps away: taken %s', (away, taken) => expect(acceptsStep(step + away, now, null)).toBe(taken));

  it('is not taken twice, nor after a later one', () => {
    expect(acceptsStep(step, now, step)).toBe(false);
    expect(acceptsStep(step - 1, now, step)).toBe(false);
    expect(acceptsStep(step + 1, now, step)).toBe(true);
  });
});

it('MTM’s people need a second factor and have the shorter sessions', () => {
  expect([needsSecondFactor('MTM'), needsSecondFactor('BRENT')]).toEqual([true, false]);
  expect(sessionLimits('MTM')).toEqual({ idleSeconds: 1800, absoluteSeconds: 43_200 });
  expect(sessionLimits('BRENT')).toEqual({ idleSeconds: 3600, absoluteSeconds: 43_200 });
  expect(sessionLimits(null)).toEqual({ idleSeconds: 900, absoluteSeconds: 3600 });
});

describe('a person of an OpenID provider', () => {
  const TENANT = '0b1c5f6e-1111-4222-8333-444455556666';
  const claims = (more: object) => ({ iss: 'https://id.example', sub: '1', ...more });

  it.each([
    ['says nothing of it', {}, null],
    ['no address at all', { email_verified: true }, null],
    ['not verified', { email: 'a@b.example', email_verified: false }, null],
    ['verified in words', { email: 'a@b.example', email_verified: 'true' }, null],
    ['verified', { email: 'A@B.Example', email_verified: true }, 'a@b.example'],
    ['of a domain the tenant owns', { email: 'a@b.example', xms_edov: '1' }, 'a@b.example'],
    ['of a domain it does not own', { email: 'a@b.example', xms_edov: '0' }, null],
  ])('with an address %s', (_what, more, email) => expect(verifiedEmail(claims(more))).toBe(email));

  const both = { tenants: [TENANT], emailDomains: ['brent.example'] };
  it.each([
    ['nobody is listed', { tenants: [], emailDomains: [] }, { tid: TENANT, email: 'a@brent.example' }, false],
    ['of the tenant', { tenants: [TENANT], emailDomains: [] }, { tid: TENANT.toUpperCase() }, true],
    ['of another tenant', { tenants: [TENANT], emailDomains: [] }, { tid: 'x', email: 'a@brent.example' }, false],
    ['of no tenant', { tenants: [TENANT], emailDomains: [] }, {}, false],
    ['of the domain', { tenants: [], emailDomains: ['brent.example'] }, { email: 'A@Brent.Example' }, true],
    ['of a domain below it', { tenants: [], emailDomains: ['brent.example'] }, { email: 'a@x.brent.example' }, false],
    [
      'of a domain that ends alike',
      { tenants: [], emailDomains: ['brent.example'] },
      { email: 'a@xbrent.example' },
      false,
    ],
    ['of the tenant and the domain', both, { tid: TENANT, email: 'a@brent.example' }, true],
    ['of the tenant, with another council’s address', both, { tid: TENANT, email: 'a@leics.example' }, false],
    ['of another tenant, with the address', both, { tid: 'x', email: 'a@brent.example' }, false],
  ])('%s', (_what, allowed, more, answer) => expect(tenantAllowed(allowed, claims(more))).toBe(answer));
});

it('a link has one address, whatever PUBLIC_URL ends in', () => {
  for (const base of ['https://claims.example', 'https://claims.example/']) {
    expect(linkAddress(base, 'reset', 'T')).toBe('https://claims.example/reset/T');
  }
  expect(LINK_TOKEN.test('A'.repeat(43))).toBe(true);
  expect(LINK_TOKEN.test(`${'A'.repeat(43)}\n`)).toBe(false);
  expect(sha256('abc').toString('hex')).toMatch(/^ba7816bf/);
});
