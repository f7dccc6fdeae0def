import { describe, expect, it } from '@jest/globals';
import { acceptQuality, prefersCsv, safeCell, toCsv } from './csv.js';

describe('CSV', () => {
  it.each(['=1+1', '+44 20', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1'])('makes text of %j', (text) => {
    expect(safeCell(text)).toBe(`'${text}`);
  });

  it.each(['-107820', '-1.5', '0', 'a=b', ''])('leaves %j alone', (text) => {
    expect(safeCell(text)).toBe(text);
  });

  it('quotes, nests and leaves out', () => {
    const items = [{ a: 'x, "y"', b: { c: -5 }, d: ['p', 'q'], e: true, f: null }, { a: 'z' }];
    expect(toCsv(items, ['a', 'b.c', 'd', 'e', 'f', 'g.h', 'a.length'])).toBe(
      'a,b.c,d,e,f,g.h,a.length\r\n"x, ""y""",-5,p q,true,,,\r\nz,,,,,,\r\n',
    );
  });

  it.each([
    [undefined, false],
    ['*/*', false],
    ['text/csv', true],
    ['text/*', true],
    ['text/csv, application/json', false],
    ['application/json;q=0.4, text/csv;q=0.5', true],
    ['text/csv;q=0, */*', false],
  ])('reads Accept: %s', (accept, csv) => {
    expect(prefersCsv(accept)).toBe(csv);
  });

  it('lets the most specific range decide', () => {
    expect(acceptQuality('text/*;q=0.3, text/csv;q=0.7, */*', 'text/csv')).toBe(0.7);
    expect(acceptQuality('text/html', 'application/json')).toBe(0);
  });
});
