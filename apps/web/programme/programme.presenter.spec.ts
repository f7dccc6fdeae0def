import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type ProgrammeTerms } from '#programme';
import {
  allocationsTable,
  categoriesTable,
  eligibilityRows,
  partiesRows,
  periodWords,
  ratesTable,
  roundingRows,
  vatTable,
  versionsTable,
} from './programme.presenter.js';

const file = JSON.parse(readFileSync(new URL('../../../seeds/eip2.json', import.meta.url), 'utf8')) as {
  terms: [ProgrammeTerms];
};
const [terms] = file.terms;
const texts = (table: { rows: { text: string }[][] }) => table.rows.map((row) => row.map(({ text }) => text));

describe('the terms of EIP2', () => {
  it('say what a day is funded with and what it draws', () => {
    expect(texts(ratesTable(terms)).slice(0, 2)).toEqual([
      ['Standard day', '£1,000.00', '1 day', 'Always'],
      ['Advanced course day', '£1,200.00', '1.2 days', 'Always'],
    ]);
  });

  it('say what is reimbursed of each category', () => {
    const rows = texts(categoriesTable(terms));
    expect(rows[0]).toEqual([
      'Targeted training',
      'Half of it',
      'What it cost, up to: Standard day, Advanced course day',
      expect.any(String),
    ]);
    expect(rows.find(([, , of]) => of === 'What it cost, without a cap')?.[3]).toBe('No allocation');
  });

  it('say how days are shared out, and which VAT an invoice may carry', () => {
    expect(texts(allocationsTable(terms)).map(([, text]) => text)).toContain(
      'At most 160 days shared out, of which 4 days in reserve',
    );
    expect(texts(vatTable(terms)).at(-1)).toEqual(['20%', 'From 4 January 2011']);
  });

  it('say when money is paid and what can be claimed', () => {
    const parties = Object.fromEntries(partiesRows(terms).map(({ key, value }) => [key, value]));
    expect(parties['Paid']).toBe('Within 60 days of submission, once the money has come from DfE');
    expect(eligibilityRows(terms)[0]).toEqual({ key: 'Booked', value: 'After 1 September 2017' });
    expect(roundingRows(terms)).toHaveLength(3);
  });
});

describe('a period', () => {
  it('may be open at either end', () => {
    expect(periodWords({ from: null, to: null })).toBe('Always');
    expect(periodWords({ from: null, to: '2018-03-31' })).toBe('Until 31 March 2018');
    expect(periodWords({ from: '2018-04-01', to: '2019-03-31' })).toBe('1 April 2018 to 31 March 2019');
  });
});

describe('versions', () => {
  const versions = [2, 1].map((version) => ({
    version,
    inForceFrom: `2018-0${version}-01`,
    current: version === 1,
    loadedAt: '2018-01-01T09:00:00.000Z',
  }));
  const found = { code: 'EIP2', name: 'X', terms, versions };

  it('say who loaded and who confirmed each, to those who read the trail', () => {
    const entry = { after: { version: 2, loadedBy: 'a', confirmedBy: 'b' } } as never;
    const { rows } = versionsTable(found, { entries: [entry], nameOf: (id) => id.toUpperCase() });
    expect(rows.map((row) => row.at(-1)?.text)).toEqual(['A, confirmed by B', 'Came with the service']);
    expect(rows[1]![0]).toMatchObject({ href: '/programme/EIP2?version=1', hint: 'in force today, shown here' });
    expect(versionsTable(found, null).head).toHaveLength(3);
  });
});
