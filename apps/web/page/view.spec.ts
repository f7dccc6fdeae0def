import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redirect } from './view.js';

describe('where a page leads to', () => {
  it.each([
    ['/claims/c?state=approved&part=2#lines', '/claims/c?state=approved&part=2#lines'],
    ['/authorities/A%20B', '/authorities/A%20B'],
    ['/claim-forms/<x y>/details', '/claim-forms/%3Cx%20y%3E/details'],
    ['/a\r\nSet-Cookie: b=c', '/a%0D%0ASet-Cookie:%20b=c'],
    ['/a\u0000b', '/a%00b'],
    ['/\\evil.example', '/%5Cevil.example'],
    ['/caf\u00e9', '/caf%C3%A9'],
    ['/a\ud800b', '/a%EF%BF%BDb'],
  ])('%j is sent as %s', (to, header) => expect(redirect(to).to).toBe(header));

  it('is always one line of plain letters that stays on this service', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (rest) => {
        const { to } = redirect(`/x${rest}`);
        expect(to).toMatch(/^\/x[\x21-\x7e]*$/);
        expect(new URL(to, 'https://claims.example').origin).toBe('https://claims.example');
      }),
    );
  });

  it.each(['https://evil.example/', '//evil.example', 'claims', ''])('is never %j', (to) => {
    expect(() => redirect(to)).toThrow('Only paths of ours');
  });
});
