import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { COLUMNS, IMPORT_COLUMNS, importTemplate } from './import-columns.js';

const manual = readFileSync(new URL('../../../docs/imports.md', import.meta.url), 'utf8');

describe('the columns of an import', () => {
  it('are those of docs/imports.md, in its order, with every other name', () => {
    const rows = [...manual.matchAll(/^\| `(\w+)` \| (yes|training|) ?\| [^|]+ \|([^|]*)\|$/gm)];
    const described = rows.map(([, name, needed, aliases]) => ({
      name,
      required: needed === 'yes',
      aliases: aliases!
        .split(',')
        .map((alias) => alias.trim())
        .filter(Boolean),
    }));
    expect(described).toEqual(COLUMNS.map(({ name, required, aliases }) => ({ name, required, aliases })));
  });

  it('are told apart by every one of their names', () => {
    for (const column of COLUMNS) {
      for (const heading of [column.name, ...column.aliases, column.name.toUpperCase()]) {
        expect(IMPORT_COLUMNS.of(heading)?.name).toBe(column.name);
      }
    }
    expect(IMPORT_COLUMNS.of('amount')).toBeUndefined();
  });

  it('are the heading of the template', () => {
    expect(importTemplate().split('\r\n')[0]).toBe(COLUMNS.map(({ name }) => name).join(','));
  });
});
