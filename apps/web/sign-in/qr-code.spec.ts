import { describe, expect, it } from '@jest/globals';
import QRCode from 'qrcode';
import { qrCode, spelled } from './qr-code.js';

const URI = 'otpauth://totp/Programme%20claims:ada%40brent.example?secret=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The dark modules of a path, by row and column without the quiet zone. */
function drawn(path: string): Set<string> {
  const dark = new Set<string>();
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    for (let column = Number(x); column < Number(x) + Number(length); column++)
      dark.add(`${Number(y) - 4},${column - 4}`);
  }
  return dark;
}

describe('a QR code', () => {
  it('has every dark module, no other, and nothing around it for four modules', () => {
    const { size, data } = QRCode.create(URI, { errorCorrectionLevel: 'M' }).modules;
    const expected = new Set<string>();
    data.forEach((dark, at) => {
      if (dark) expected.add(`${Math.floor(at / size)},${at % size}`);
    });
    const code = qrCode(URI);
    expect(drawn(code.path)).toEqual(expected);
    expect(code.size).toBe(size + 8);
  });

  it('is a path of numbers and letters only', () => {
    expect(qrCode(`${URI}"><script>`).path).toMatch(/^[Mhvz\d -]+$/);
  });
});

describe('a secret to type', () => {
  it('is in groups of four', () => {
    expect(spelled('ABCDEFGHIJ')).toBe('ABCD EFGH IJ');
    expect(spelled('ABCD')).toBe('ABCD');
  });
});
