import { describe, expect, it } from '@jest/globals';
import { PLAIN_ADDRESS } from './email-address.js';

describe('a plain e-mail address', () => {
  it.each([
    'finance@brent.gov.uk',
    'finance.team+eip2@schools.brent.gov.uk',
    "o'neill@brent.example",
    'claims@localhost',
    'a@b.co',
    `${'a'.repeat(64)}@brent.example`,
    'finance@xn--mnchen-3ya.example',
  ])('is %s', (address) => expect(PLAIN_ADDRESS.test(address)).toBe(true));

  it.each([
    '"finance team"@brent.gov.uk',
    'finance team@brent.gov.uk',
    'Finance <finance@brent.gov.uk>',
    'finance(team)@brent.gov.uk',
    'finance@brent.gov.uk, thief@example.com',
    'finance@brent.gov.uk\r\nBcc: thief@example.com',
    'finance@brent.gov.uk\n',
    'finance',
    'finance@brent',
    'finance@[192.0.2.1]',
    'finance@brent..uk',
    'finance@-brent.uk',
    'finance@brent.gov.uk.',
    '.finance@brent.gov.uk',
    'finance..team@brent.gov.uk',
    'finánce@brent.gov.uk',
    'finance@münchen.example',
    'a@b@c.example',
    '@brent.gov.uk',
    `${'a'.repeat(65)}@brent.example`,
    `a@${'b'.repeat(64)}.example`,
    `a@${'b.'.repeat(130)}example`,
    '',
  ])('is not %j', (address) => expect(PLAIN_ADDRESS.test(address)).toBe(false));

  it('is told apart in no time, whatever the text', () => {
    for (const long of [`${'a.'.repeat(50_000)}`, `a@${'b-'.repeat(50_000)}`, `a@${'b.'.repeat(50_000)}!`])
      expect(PLAIN_ADDRESS.test(long)).toBe(false);
  });
});
