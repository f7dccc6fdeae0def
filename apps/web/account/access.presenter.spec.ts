import { describe, expect, it } from '@jest/globals';
import { browserName, roleNames, sessionsTable, tokensTable } from './access.presenter.js';

describe('a browser', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Windows'],
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge on Windows'],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36', 'Chrome on Linux'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1', 'Safari on iPhone'],
    ['Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile', 'Chrome on Android'],
    ['something on Linux', 'A browser on Linux'],
    ['node', 'A browser that does not say which'],
    [null, 'A browser that does not say which'],
  ])('is called as people know it: %s', (userAgent, name) => {
    expect(browserName(userAgent)).toBe(name);
  });
});

describe('roles', () => {
  it('are said in words', () => {
    expect(roleNames(['la_finance', 'la_manager'])).toBe('LA finance officer, LA project manager');
    expect(roleNames(['auditor'])).toBe('Auditor');
  });
});

describe('sessions and tokens', () => {
  const at = '2018-04-03T09:00:00.000Z';
  it('say which session is this one', () => {
    const session = {
      id: 'a',
      userId: 'u',
      how: 'demo' as const,
      userAgent: null,
      signedInAt: at,
      seenAt: at,
      expiresAt: at,
    };
    expect(sessionsTable([session, { ...session, id: 'b' }], 'b').rows.map(({ current }) => current)).toEqual([
      false,
      true,
    ]);
  });

  it('say which tokens still work', () => {
    const token = {
      id: 'a',
      userId: 'u',
      label: 'x',
      createdAt: at,
      expiresAt: '2018-04-04T09:00:00.000Z',
      revokedAt: null,
    };
    const rows = tokensTable([token, { ...token, revokedAt: at }, { ...token, expiresAt: at }], new Date(at)).rows;
    expect(rows.map(({ works, over }) => [works, over])).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
  });
});
