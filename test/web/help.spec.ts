import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES } from '#identity/domain';
import { Service } from '../support/service.js';
import { WebVisitor } from '../support/web.js';

/** So many come near at first that a first visit stays within 60 KB: test/browser/help.spec.ts. */
const MOST_PICTURE_BYTES = 12 * 1024;

let service: Service;
beforeAll(async () => {
  service = await Service.start({ web: true });
});
afterAll(() => service?.stop());

describe('the help', () => {
  it('is for everybody, and knows who asks', async () => {
    const visitor = new WebVisitor(service.base);
    expect((await visitor.open('/help')).text).toContain('You need an account');
    await visitor.signIn('auditor@mtm.example');
    const page = await visitor.open('/help');
    expect(page.text).toContain('What you can do as Auditor');
    expect((await page.follow('Administrator')).text).toContain('Let somebody in');
    expect((await visitor.open('/help/role/king')).status).toBe(404);
  });

  it('leads to pages that are there for an administrator', async () => {
    const visitor = new WebVisitor(service.base);
    await visitor.signIn('admin@mtm.example');
    const page = await visitor.open('/help');
    const paths = [
      ...new Set(page.root.querySelectorAll('main h3 ~ p a[href]').map((link) => link.getAttribute('href')!)),
    ];
    expect(paths.length).toBeGreaterThan(3);
    for (const path of paths) expect([path, (await visitor.open(path)).status]).toEqual([path, 200]);
  });

  it.each(ROLES)('shows each task of %s in a picture, and says what to do there', async (role) => {
    const visitor = new WebVisitor(service.base);
    const page = await visitor.open(`/help/role/${role}`);
    const figures = page.root.querySelectorAll('figure.app-picture');
    expect(figures.length).toBeGreaterThan(2);
    for (const figure of figures) {
      const picture = figure.querySelector('img');
      const { src = '', alt = '', width, height, loading } = picture?.attributes ?? {};
      expect([alt.length > 20, width, height, loading]).toEqual([true, '640', '480', 'lazy']);
      expect(figure.querySelector('figcaption')?.text).toMatch(/^[A-Z].{20,}\.$/);
      const answer = await visitor.raw(src);
      expect([src, answer.status, answer.headers.get('content-type')]).toEqual([src, 200, 'image/png']);
      expect(answer.headers.get('cache-control')).toContain('immutable');
      expect((await answer.arrayBuffer()).byteLength).toBeLessThanOrEqual(MOST_PICTURE_BYTES);
    }
  });

  it('says honestly how accessible the pages are, and what is kept', async () => {
    const visitor = new WebVisitor(service.base);
    const statement = await visitor.open('/help/accessibility');
    expect(statement.text).toContain('partially compliant');
    const privacy = await visitor.open('/help/privacy');
    expect([privacy.heading, privacy.rows()[0]?.[0]]).toEqual(['Privacy and cookies', 'session (or __Host-session)']);
  });
});
