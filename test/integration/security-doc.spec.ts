import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';

const text = readFileSync('docs/security.md', 'utf8');

/** `file.spec.ts`: “title”, “title” */
const tests = [...text.matchAll(/`([\w/.-]+\.spec\.ts)`:((?:,?\s*“[^”]+”)+)/g)].flatMap(([, file = '', titles = '']) =>
  [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ file, title: title.replace(/\s+/g, ' ') })),
);
const files = [...text.matchAll(/`((?:apps|libs|test|migrations|docs)(?:\/[\w.-]+)*)`/g)].map(([, file = '']) => file);

describe('docs/security.md', () => {
  it('names files that are there', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('names tests that are there', () => {
    expect(tests.length).toBeGreaterThan(60);
    const missing = tests.filter(({ file, title }) => !existsSync(file) || !readFileSync(file, 'utf8').includes(title));
    expect(missing).toEqual([]);
  });
});
