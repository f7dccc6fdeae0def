import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { askedTable, fileOfTable, placeFiles, TableFile } from './table-file.js';
import { view } from './view.js';

const setOffs = () => new TableFile('set-offs', ['number', 'amountPence'], [{ number: '=A1', amountPence: -5 }]);
const lines = () => new TableFile('lines', ['bookedOn'], [{ bookedOn: '2018-03-19' }, { bookedOn: null }]);
const request = (method: string, url: string) => {
  const query: unknown = Object.fromEntries(new URL(url, 'http://page').searchParams);
  return { method, url, query } as FastifyRequest;
};

async function textOf(file: ReturnType<typeof fileOfTable>): Promise<string> {
  const parts: string[] = [];
  for await (const part of file.getStream()) parts.push(String(part));
  return parts.join('');
}

describe('a table of a page as a file', () => {
  it('is where the page is, with what the page was asked for, and the table named', () => {
    const page = view('x.njk', { one: { file: setOffs() }, several: [{ file: lines() }, null, 'text'], none: null });
    placeFiles(page, request('GET', '/grants/BRENT?programme=EIP2&table=old'));
    const { one, several } = page.data as { one: { file: TableFile }; several: [{ file: TableFile }] };
    expect(one.file.href).toBe('/grants/BRENT?programme=EIP2&table=set-offs');
    expect(several[0].file.href).toBe('/grants/BRENT?programme=EIP2&table=lines');
  });

  it('stands in the link of what answers a form', () => {
    const page = view('x.njk', { one: { file: setOffs() } });
    placeFiles(page, request('POST', '/review'));
    const { href } = (page.data as { one: { file: TableFile } }).one.file;
    expect(decodeURIComponent(href)).toBe("data:text/csv;charset=utf-8,\ufeffnumber,amountPence\r\n'=A1,-5\r\n");
  });

  it('holds the rows as figures, for spreadsheets that run no formula of them', async () => {
    const page = view('x.njk', { one: { file: setOffs() }, several: [{ file: lines() }] });
    expect(await textOf(fileOfTable(page, 'set-offs'))).toBe("\ufeffnumber,amountPence\r\n'=A1,-5\r\n");
    expect(await textOf(fileOfTable(page, 'lines'))).toBe('\ufeffbookedOn\r\n2018-03-19\r\n\r\n');
    expect(() => fileOfTable(page, 'others')).toThrow('table of this page');
  });

  it('is asked for by the address, of which the page itself is told nothing', () => {
    const asked = request('GET', '/claims/1?part=2&table=lines');
    expect(askedTable(asked)).toBe('lines');
    expect(asked.query).toEqual({ part: '2' });
    expect(askedTable(asked)).toBeNull();
  });
});
