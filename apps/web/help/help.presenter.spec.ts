import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ROLES } from '#identity/domain';
import { navigationFor } from '../page/navigation.js';
import { GUIDES } from './guides.js';
import { guideOf, guidesFor } from './help.presenter.js';
import { PICTURE_OF, PICTURE_SIZE, PICTURES } from './pictures.js';

/** Width and height as a PNG says them. */
const sizeOf = (file: Buffer) => ({ width: file.readUInt32BE(16), height: file.readUInt32BE(20) });

/** Pages that are reached from one of the navigation's, and what the footer of every page leads to. */
const WITHIN: Readonly<Record<string, string>> = { '/claim-forms/new': '/claims' };
const FOOTER: readonly string[] = ['/programme'];

describe('the help of each role', () => {
  it.each(ROLES)('leads only to pages that a person in it has: %s', (role) => {
    const places = [...navigationFor([role], '/').map(({ href }) => href), ...FOOTER];
    const missing = GUIDES[role].tasks.map(({ href }) => WITHIN[href] ?? href).filter((href) => !places.includes(href));
    expect(missing).toEqual([]);
  });

  it.each(ROLES)('says how each task is done: %s', (role) => {
    const { intro, tasks } = GUIDES[role];
    expect(intro).not.toBe('');
    expect(tasks.length).toBeGreaterThan(1);
    expect(tasks.every(({ steps, title }) => steps.length > 0 && title !== '')).toBe(true);
  });
});

describe('the pictures', () => {
  const folder = new URL('./pictures/', import.meta.url);
  const files = readdirSync(folder).map((name) => name.replace('.png', ''));

  it('are there, each of them used by a task, and no others', () => {
    expect([...files].sort()).toEqual(Object.keys(PICTURES).sort());
    const titles = ROLES.flatMap((role) => GUIDES[role].tasks.map(({ title }) => title));
    expect(Object.keys(PICTURE_OF).filter((title) => !titles.includes(title))).toEqual([]);
    expect(titles.filter((title) => PICTURE_OF[title] === undefined)).toEqual([]);
    expect(new Set(Object.values(PICTURE_OF))).toEqual(new Set(Object.keys(PICTURES)));
  });

  it.each(files)('are as large as the pages say: %s', (name) => {
    expect(sizeOf(readFileSync(new URL(`${name}.png`, folder)))).toEqual(PICTURE_SIZE);
  });

  it('are shown once on a page, however many roles somebody has', () => {
    const { own } = guidesFor(['la_finance', 'la_manager']);
    const shown = own.flatMap(({ tasks }) => tasks.flatMap(({ picture }) => (picture ? [picture.asset] : [])));
    expect(shown).toContain('help-claim.png');
    expect(new Set(shown).size).toBe(shown.length);
  });
});

describe('the help', () => {
  it('begins with one’s own roles and leads to the others', () => {
    const { own, others } = guidesFor(['la_finance', 'la_manager']);
    expect(own.map(({ title }) => title)).toEqual(['LA project manager', 'LA finance officer']);
    expect(others).toHaveLength(ROLES.length - 2);
    expect(guidesFor([]).own).toEqual([]);
  });

  it('knows no other role', () => {
    expect(guideOf('auditor')?.title).toBe('Auditor');
    expect(guideOf('system')).toBeNull();
    expect(guideOf('__proto__')).toBeNull();
  });
});
