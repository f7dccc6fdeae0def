import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from './app-config.js';

/** What is wrong with these settings, or nothing. */
function problems(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://claims@db/claims',
  SMTP_URL: 'smtp://mail',
  SECRET_KEY: 'a'.repeat(32),
};

describe('the settings', () => {
  it('refuse a sender no e-mail can have, beside every other problem', () => {
    const load = () => loadConfig({ MAIL_FROM: 'EIP2 <claims@claims.example>', PORT: 'http' });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/MAIL_FROM[^]*PORT|PORT[^]*MAIL_FROM/);
    expect(loadConfig({ MAIL_FROM: ' claims@claims.example ' }).mail.from).toBe('claims@claims.example');
    expect(loadConfig({}).mail.from).toBe('claims@localhost');
  });

  it('ask in production for a key, and never repeat one', () => {
    expect(problems(PRODUCTION)).toEqual([]);
    expect(problems({ ...PRODUCTION, SECRET_KEY: '' })).toEqual([expect.stringContaining('SECRET_KEY is not set')]);
    const short = problems({ SECRET_KEY: 'b'.repeat(31) });
    expect(short).toEqual([expect.stringContaining('shorter than 32 bytes')]);
    expect(short.join()).not.toContain('bbb');
    expect(loadConfig({}).secretKey).toBeNull();
  });

  it('let people do their work: what is too much a minute is far from it, and guessing is nearer', () => {
    const { pageLimits, http } = loadConfig({});
    expect(pageLimits.perUser).toBeGreaterThanOrEqual(1_000);
    expect(pageLimits.perAddress).toBeGreaterThanOrEqual(5_000);
    expect(http.rateLimitPerMinute).toBeGreaterThanOrEqual(5_000);
    expect(pageLimits.signInsPerAddress).toBeLessThanOrEqual(60);
  });

  it('let nobody in without a password in production', () => {
    expect(problems({ ...PRODUCTION, DEMO_SIGN_IN: 'true' })).toEqual([expect.stringContaining('DEMO_SIGN_IN')]);
    expect(loadConfig({ DEMO_SIGN_IN: 'true' }).demo).toBe(true);
    expect(loadConfig({}).demo).toBe(false);
  });
});

describe('the settings of a provider to sign in with', () => {
  const provider = (number: number, more: Record<string, string> = {}) => ({
    [`OIDC_ISSUER_${number}`]: 'https://id.example/realm',
    [`OIDC_CLIENT_ID_${number}`]: 'claims',
    [`OIDC_CLIENT_SECRET_${number}`]: 'very secret',
    [`OIDC_NAME_${number}`]: 'Brent Council',
    [`OIDC_TENANTS_${number}`]: '0B1C5F6E-1111-4222-8333-444455556666, @Brent.example',
    ...more,
  });

  it('may be given for five of them, in any places', () => {
    const { oidc } = loadConfig({ ...provider(5), ...provider(2, { OIDC_TENANTS_2: 'leics.example' }) });
    expect(oidc.map(({ key }) => key)).toEqual(['2', '5']);
    expect(oidc[1]).toEqual({
      key: '5',
      name: 'Brent Council',
      issuer: 'https://id.example/realm',
      clientId: 'claims',
      clientSecret: 'very secret',
      tenants: ['0b1c5f6e-1111-4222-8333-444455556666'],
      emailDomains: ['brent.example'],
    });
    expect(loadConfig({}).oidc).toEqual([]);
  });

  it.each([
    ['a part is missing', { OIDC_TENANTS_1: '' }, /^OIDC_TENANTS_1: not set/],
    ['it lists nobody', { OIDC_TENANTS_1: ' , ' }, /^OIDC_TENANTS_1 lists nobody/],
    ['it lets in what is neither', { OIDC_TENANTS_1: 'brent.example, everybody' }, /"everybody" is neither/],
    ['it lets in everybody', { OIDC_TENANTS_1: '*' }, /"\*" is neither/],
    ['the issuer is no address', { OIDC_ISSUER_1: 'id.example' }, /^OIDC_ISSUER_1/],
    ['the issuer could be anybody on the way', { OIDC_ISSUER_1: 'http://id.example' }, /^OIDC_ISSUER_1/],
    ['the issuer has a password in it', { OIDC_ISSUER_1: 'https://a:b@id.example' }, /^OIDC_ISSUER_1/],
    ['the issuer is a file', { OIDC_ISSUER_1: 'file:///etc/passwd' }, /^OIDC_ISSUER_1/],
  ])('are refused when %s', (_what, more, said) => {
    expect(problems(provider(1, more))).toEqual([expect.stringMatching(said)]);
    expect(problems(provider(1, more)).join()).not.toContain('very secret');
  });

  it('allow http to this machine, and not in production', () => {
    const here = provider(1, { OIDC_ISSUER_1: 'http://127.0.0.1:4000' });
    expect(problems(here)).toEqual([]);
    expect(problems({ ...PRODUCTION, ...here })).toEqual([expect.stringContaining('OIDC_ISSUER_1')]);
  });
});
