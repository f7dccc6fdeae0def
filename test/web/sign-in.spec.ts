import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { WebVisitor } from '../support/web.js';

let service: Service;
beforeAll(async () => {
  service = await Service.start({ web: true });
});
afterAll(() => service.stop());

const visitor = () => new WebVisitor(service.base);

describe('signing in on the pages', () => {
  it('asks who somebody is, then goes on to where they wanted to go', async () => {
    const ada = visitor();
    const asked = await ada.open('/?welcome=1');
    expect(asked.path).toBe('/sign-in?next=%2F%3Fwelcome%3D1');
    expect(asked.heading).toBe('Sign in');
    const page = await ada.signIn('finance@brent.example');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Hello');
    expect(page.path).toBe('/?welcome=1');
  });

  it('gives a new session at sign-in: an id planted before is worth nothing', async () => {
    const ada = visitor();
    await ada.open('/sign-in');
    const planted = ada.cookie;
    await ada.signIn('finance@brent.example');
    expect(ada.cookie).not.toBe(planted);
    const other = await fetch(`${service.base}/`, { headers: { cookie: planted }, redirect: 'manual' });
    expect(other.status).toBe(303);
  });

  it('refuses a form without its token, of another session, or from another site', async () => {
    const ada = visitor();
    await ada.signIn('finance@brent.example');
    const bare = await ada.post('/sign-out', new URLSearchParams());
    expect([bare.status, bare.heading]).toEqual([403, 'You may not do this']);
    const bea = visitor();
    const hers =
      (await bea.signIn('finance@lincs.example')).root.querySelector('input[name=_csrf]')?.getAttribute('value') ?? '';
    expect((await ada.post('/sign-out', new URLSearchParams({ _csrf: hers }))).status).toBe(403);
    const own = (await ada.open('/')).root.querySelector('input[name=_csrf]')?.getAttribute('value') ?? '';
    const foreign = await ada.post('/sign-out', new URLSearchParams({ _csrf: own }), {
      origin: 'https://evil.example',
    });
    expect(foreign.status).toBe(403);
    expect((await ada.open('/')).status).toBe(200);
  });

  it('signs out for good', async () => {
    const ada = visitor();
    await ada.signIn('finance@brent.example');
    const before = ada.cookie;
    const page = await (await ada.open('/')).press('Sign out');
    expect(page.notice).toBe('You are signed out');
    const again = await fetch(`${service.base}/`, { headers: { cookie: before }, redirect: 'manual' });
    expect(again.status).toBe(303);
  });

  it('does not say whether an address is known', async () => {
    const page = await (
      await visitor().open('/sign-in')
    ).press('Sign in', {
      'E-mail address': 'nobody@brent.example',
      Password: 'correct horse battery',
    });
    expect(page.status).toBe(400);
    expect(page.errors).toEqual(['Check your e-mail address and password: they do not match.']);
    expect(page.title).toMatch(/^Error: /);
    expect(page.value('E-mail address')).toBe('nobody@brent.example');
  });

  it('has headers that let nothing run or be kept but ours', async () => {
    const page = await visitor().open('/sign-in');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/script-src 'self' 'nonce-[^']+'/);
    expect(policy).not.toContain('unsafe');
    expect(page.html).not.toMatch(/ style=|<style/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.html).toContain(`nonce="${/'nonce-([^']+)'/.exec(policy)?.[1]}"`);
  });
});
