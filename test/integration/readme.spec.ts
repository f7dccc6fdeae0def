import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SETTINGS } from '#platform/config';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** What the README's table must be; a failing test prints it. */
const table = [
  '| setting | default | meaning |',
  '| --- | --- | --- |',
  ...SETTINGS.map(
    ({ name, default: value, text }) => `| \`${name}\` | ${value === null ? '' : `\`${value}\``} | ${text} |`,
  ),
].join('\n');

describe('the README', () => {
  it('lists every setting as the code reads it', () => {
    const [, listed = ''] = /<!-- settings -->\n([^]*?)\n?<!-- \/settings -->/.exec(readme) ?? [];
    expect(listed.trim()).toBe(table);
  });

  it('names only commands that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readme.matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('points at files that are there', () => {
    const links = [...readme.matchAll(/\]\((docs\/[^)#]+|[A-Z]+\.md)\)/g)].map(([, path]) => path!);
    const missing = links.filter((path) => {
      try {
        readFileSync(new URL(`../../${path}`, import.meta.url));
        return false;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ENOENT';
      }
    });
    expect(missing).toEqual([]);
  });
});
