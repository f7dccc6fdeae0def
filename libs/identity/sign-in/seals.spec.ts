import { describe, expect, it } from '@jest/globals';
import { Secrets } from '#platform/config';
import { Seals } from './seals.js';

const seals = (secretKey: string) => new Seals(new Secrets({ env: 'test', secretKey, dataDir: '/nowhere' }));
const one = seals('0123456789'.repeat(4));

describe('what is sealed', () => {
  it('opens under the same key, for whom and for what it was sealed, and tells nothing meanwhile', () => {
    const sealed = one.seal('link', 'a', 'a secret');
    expect(one.open('link', 'a', sealed)).toBe('a secret');
    expect(sealed.includes('secret')).toBe(false);
    expect(one.seal('link', 'a', 'a secret').equals(sealed)).toBe(false);
  });

  it('does not open otherwise', () => {
    const sealed = one.seal('second factor', 'a', 'a secret');
    expect(one.open('second factor', 'b', sealed)).toBeNull();
    expect(one.open('second factor to be', 'a', sealed)).toBeNull();
    expect(seals('9876543210'.repeat(4)).open('second factor', 'a', sealed)).toBeNull();
    for (const length of [0, 12, 27, sealed.length - 1]) {
      expect(one.open('second factor', 'a', sealed.subarray(0, length))).toBeNull();
    }
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(one.open('second factor', 'a', changed)).toBeNull();
    }
  });
});
