import { describe, expect, it } from '@jest/globals';
import { ROLES } from '#identity/domain';
import { navigationFor } from '../page/navigation.js';
import { GUIDES } from './guides.js';
import { guideOf, guidesFor } from './help.presenter.js';

/** Pages that are reached from one of the navigation's. */
const WITHIN: Readonly<Record<string, string>> = { '/claim-forms/new': '/claims' };

describe('the help of each role', () => {
  it.each(ROLES)('leads only to pages that a person in it has: %s', (role) => {
    const places = navigationFor([role], '/').map(({ href }) => href);
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
