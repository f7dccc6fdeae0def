import { describe, expect, it } from '@jest/globals';
import { USER_ID, as, expectProblem } from '../support/http-app.js';
import { ThingsApp } from '../support/things-app.js';
import { THINGS } from '../support/things.controller.js';

describe('the HTTP layer', () => {
  const things = ThingsApp.aroundTests();
  const { call, get, post } = things;

  describe('tokens', () => {
    it('refuses no token, an unknown one and an expired one, saying which', async () => {
      const url = '/api/v1/things';
      const none = await call({ method: 'GET', url });
      expectProblem(none, 401, 'unauthenticated');
      expect(none.headers['www-authenticate']).toBe('Bearer realm="api"');
      const unknown = await call({ method: 'GET', url, headers: as('bad') });
      expectProblem(unknown, 401, 'unauthenticated');
      expect(unknown.headers['www-authenticate']).toContain('invalid_token');
      expectProblem(await call({ method: 'GET', url, headers: as('expired') }), 401, 'token_expired');
      expectProblem(
        await call({ method: 'GET', url, headers: { authorization: 'Basic good' } }),
        401,
        'unauthenticated',
      );
    });

    it('answers 401 before it looks at the body', async () => {
      const headers = { 'content-type': 'application/json' };
      expectProblem(
        await call({ method: 'POST', url: '/api/v1/things', headers, payload: '{broken' }),
        401,
        'unauthenticated',
      );
    });

    it('lets anybody call a public route', async () => {
      expect((await call({ method: 'GET', url: '/api/v1/things/open' })).json()).toEqual({ open: true });
    });

    it('gives the actor the id of the request', async () => {
      const answer = await post('things/1/step', {}, { 'x-request-id': 'caller-chosen-1' });
      expect(answer.json()).toEqual({ requestId: 'caller-chosen-1' });
      const evil = await post('things/1/step', {}, { 'x-request-id': 'a b"c' });
      expect(evil.json<{ requestId: string }>().requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    });
  });

  describe('errors', () => {
    it.each([
      ['conflict', 409, 'state_conflict'],
      ['forbidden', 403, 'role_not_allowed'],
      ['refused', 422, 'nothing_to_reimburse'],
      ['outage', 503, 'unavailable'],
      ['otherwise', 500, 'internal_error'],
      ['database', 500, 'internal_error'],
    ])('answers %s with %i', async (how, status, code) => {
      expectProblem(await post(`things/fail/${how}`, {}), status, code);
    });

    it('tells nothing of an unexpected error, and logs no values of the database', async () => {
      const answer = await post('things/fail/otherwise', {});
      expect(answer.body).not.toContain('secret');
      await post('things/fail/database', {});
      const log = things.started.logged.join('');
      expect(log).toContain('the secret is 42');
      expect(log).toContain('23505');
      expect(log).not.toContain('ann@x.example');
    });

    it('refuses bodies that cannot be read', async () => {
      const json = { 'content-type': 'application/json' };
      expectProblem(await post('things', '{"label":', json), 400, 'malformed');
      expectProblem(await post('things', '{"__proto__":{"a":1},"label":"x"}', json), 400, 'malformed');
      expectProblem(await post('things', `{"label":"${'x'.repeat(2_100_000)}"}`, json), 413, 'too_large');
      expectProblem(
        await post('things', 'label=x', { 'content-type': 'application/x-www-form-urlencoded' }),
        415,
        'unsupported_media_type',
      );
      expectProblem(await post('things', 'x', { 'content-type': 'image/png' }), 415, 'unsupported_media_type');
      expectProblem(await post('things', 'x', { 'content-type': 'text/csv' }), 415, 'unsupported_media_type');
    });

    it('names the fields that are wrong', async () => {
      const body = expectProblem(await post('things', { label: 1, more: true }), 400, 'malformed');
      expect(body['errors']).toEqual([
        expect.objectContaining({ path: 'more', code: 'unknown_field' }),
        expect.objectContaining({ path: 'label', code: 'not_text' }),
      ]);
    });

    it('answers unknown addresses under /api with a problem, others not', async () => {
      expectProblem(await call({ method: 'GET', url: '/api/v1/nothing' }), 404, 'not_found');
      expectProblem(await call({ method: 'GET', url: '/api/nothing?x=1' }), 404, 'not_found');
      expectProblem(await call({ method: 'GET', url: '/api/v1/things/%ff', headers: as('good') }), 400, 'malformed');
      const other = await call({ method: 'GET', url: '/apilike' });
      expect(other.statusCode).toBe(404);
      expect(other.headers['content-type']).not.toContain('problem');
    });
  });

  describe('answers', () => {
    it('creates with 201 and Location, steps with 200', async () => {
      const created = await post('things', { label: 'x' });
      expect(created.statusCode).toBe(201);
      expect(created.headers['location']).toBe(`/api/v1/things/${USER_ID}`);
      expect(created.headers['etag']).toBe('"v1"');
      expect((await post('things/1/step', {})).statusCode).toBe(200);
      expect((await post('things/1/step')).statusCode).toBe(200);
    });

    it('gives an ETag to reads and 304 to who has it', async () => {
      const first = await get(`things/${THINGS[1]?.id}`);
      expect(first.headers['etag']).toBe('"v2"');
      // A version is for If-Match: what is shown may change without it.
      expect((await get(`things/${THINGS[1]?.id}`, { 'if-none-match': '"v2"' })).statusCode).toBe(200);
      const list = await get('things');
      const again = await get('things', { 'if-none-match': `"x", W/${String(list.headers['etag'])}` });
      expect([again.statusCode, again.body]).toEqual([304, '']);
      expect((await get('things?limit=1')).headers['etag']).not.toBe(list.headers['etag']);
    });

    it('needs If-Match for a replacement, and finds it stale', async () => {
      const put = (headers: Record<string, string>, payload: object = { label: 'x' }) =>
        call({ method: 'PUT', url: '/api/v1/things/1', headers: as('good', headers), payload });
      expectProblem(await put({}), 428, 'precondition_required');
      expectProblem(await put({ 'if-match': '"v2"' }), 412, 'version_stale');
      expectProblem(await put({ 'if-match': 'W/"v3"' }), 412, 'version_stale');
      expectProblem(await put({ 'if-match': '"other"' }), 412, 'version_stale');
      expectProblem(await put({ 'if-match': 'v3' }), 400, 'malformed');
      expectProblem(await put({}, { label: 1 }), 400, 'malformed');
      const done = await put({ 'if-match': '"v3"' });
      expect([done.statusCode, done.headers['etag']]).toEqual([200, '"v4"']);
      expect((await put({ 'if-match': '*' })).statusCode).toBe(200);
    });

    it('is safe to show and never stored', async () => {
      expect((await get('things')).headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      });
    });
  });
});
