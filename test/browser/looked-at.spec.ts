import { describe, expect, it } from '@jest/globals';
import { pageRoutes } from '../support/page-routes.js';
import { NO_PAGES, SUITES } from './looked-at.js';

const listed: string[] = Object.values(SUITES).flat();
const pages = pageRoutes()
  .filter(({ method, path }) => method === 'GET' && !NO_PAGES.test(path))
  .map(({ path }) => path);

describe('every page that can be opened', () => {
  it('is looked at in a browser, by one suite', () => {
    expect(pages.filter((path) => !listed.includes(path))).toEqual([]);
    expect(listed.filter((path, index) => listed.indexOf(path) !== index)).toEqual([]);
  });

  it('is still there', () => {
    expect(listed.filter((path) => !pages.includes(path))).toEqual([]);
  });
});
