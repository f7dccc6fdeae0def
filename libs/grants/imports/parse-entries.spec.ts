import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ENTRY_COLUMNS, grantTemplate } from './entry-columns.js';
import { parseEntries } from './parse-entries.js';

const told = (text: string): string[] =>
  parseEntries(text).errors.map(({ row, column, code }) => `${row} ${column}: ${code}`);
const read = (text: string): object[] => {
  const { entries, errors } = parseEntries(text);
  expect(errors).toEqual([]);
  return entries.map(({ entry }) => ({ ...entry }));
};

describe('a file of spending', () => {
  it('is read as its template says', () => {
    expect(read(grantTemplate())).toEqual([
      {
        quarter: '2018-Q1',
        amountPence: 925_000,
        description: 'Salary and on-costs of the post, January to March',
        incurredOn: '2018-03-28',
        supplierReference: 'PAYROLL-2018-03',
      },
    ]);
  });

  it('may name quarters as people do, and give pence', () => {
    const text = 'Quarter;amountPence;Description;Invoice date\n2018 q2;123;a;\nQ4 2017;0045;b;28/12/2017\n';
    expect(read(text)).toEqual([
      { quarter: '2018-Q2', amountPence: 123, description: 'a' },
      { quarter: '2017-Q4', amountPence: 45, description: 'b', incurredOn: '2017-12-28' },
    ]);
  });

  it('has every wrong cell named, by its row and heading', () => {
    expect(
      told(
        'quarter,spent,description,date\nQ5 2018,-1,,2018-02-30\n2018-Q1,0,x,\n2018-Q1,999999,x,\n,1,x,\n2018-Q1,1,x,,extra',
      ),
    ).toEqual([
      '2 quarter: wrong_form',
      '2 spent: not_an_amount',
      '2 date: not_a_date',
      '2 description: required',
      '3 spent: out_of_range',
      '4 spent: out_of_range',
      '5 quarter: required',
      '6 : cell_without_column',
    ]);
    expect(told('quarter,amount,colour\n')).toEqual(['1 colour: unknown_column', '1 description: column_missing']);
  });

  it('is described in docs/grants.md', () => {
    const manual = readFileSync(new URL('../../../docs/grants.md', import.meta.url), 'utf8');
    const rows = [...manual.matchAll(/^\| `(\w+)` \| (yes|) ?\| [^|]+ \|([^|]*)\|$/gm)];
    expect(rows.map(([, name, needed, also]) => [name, needed === 'yes', also!.trim()])).toEqual(
      ENTRY_COLUMNS.list.map(({ name, required, aliases }) => [name, required, aliases.join(', ')]),
    );
  });
});
