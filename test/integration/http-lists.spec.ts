import { describe, expect, it } from '@jest/globals';
import { Readiness } from '#platform/server';
import { Metrics } from '#platform/telemetry';
import { USER_ID, as, expectProblem, startHttpApp } from '../support/http-app.js';
import { ThingsApp } from '../support/things-app.js';
import { THINGS, ThingsController, type Thing } from '../support/things.controller.js';

describe('the HTTP layer', () => {
  const things = ThingsApp.aroundTests();
  const { call, get, post } = things;

  describe('lists', () => {
    it('walks page by page to the end', async () => {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const answer = await get(`things?limit=2${cursor && `&cursor=${cursor}`}`);
        const body: { items: Thing[]; nextCursor: string | null } = answer.json();
        seen.push(...body.items.map(({ label }) => label));
        cursor = body.nextCursor;
      }
      expect(seen).toEqual(['=1+1', 'beta', 'gamma']);
    });

    it.each(['limit=0', 'limit=201', 'limit=x', 'limit=1&limit=2', 'limit=', 'colour=red'])(
      'refuses ?%s',
      async (query) => {
        expectProblem(await get(`things?${query}`), 400, 'malformed');
      },
    );

    it.each([
      'cursor=',
      'cursor=nonsense',
      `cursor=${Buffer.from('["x"]').toString('base64url')}`,
      'cursor=a&cursor=b',
    ])('refuses ?%s', async (query) => {
      expectProblem(await get(`things?${query}`), 400, 'cursor_unknown');
    });

    it('gives the same list as CSV, with nothing a spreadsheet would run', async () => {
      const answer = await get('things?limit=2', { accept: 'text/csv' });
      expect(answer.headers['content-type']).toContain('text/csv');
      expect(answer.headers['link']).toMatch(/^<\/api\/v1\/things\?limit=2&cursor=[\w-]+>; rel="next"$/);
      expect(answer.body).toBe(`id,label,hold.reason\r\n${THINGS[0]?.id},'=1+1,\r\n${THINGS[1]?.id},beta,\r\n`);
      expectProblem(await get(`things/${THINGS[1]?.id}`, { accept: 'text/csv' }), 406, 'not_acceptable');
      expect((await get('things', { accept: 'text/csv;q=0.5, application/json' })).json()).toHaveProperty('items');
    });
  });

  describe('keys, files and limits', () => {
    it('refuses a missing key where one is needed, and a bad one anywhere', async () => {
      expectProblem(await post('things/1/pay', {}), 400, 'idempotency_key_missing');
      expect((await post('things/1/pay', {}, { 'idempotency-key': 'k1' })).statusCode).toBe(200);
      expectProblem(await post('things', { label: 'x' }, { 'idempotency-key': 'x'.repeat(201) }), 400, 'malformed');
      expectProblem(await post('things', { label: 'x' }, { 'idempotency-key': 'a b' }), 400, 'malformed');
    });

    it('reads a raw body up to its limit', async () => {
      const csv = { 'content-type': 'text/csv; charset=utf-8' };
      expect((await post('things/raw', 'a,b\r\n', csv)).json()).toEqual({ size: 5 });
      expectProblem(await post('things/raw', 'x'.repeat(101), csv), 413, 'too_large');
      expectProblem(await post('things/raw', {}), 415, 'unsupported_media_type');
    });

    const form = (...parts: string[]) => ({
      payload: [...parts.map((part) => `--b\r\nContent-Disposition: form-data; ${part}\r\n`), '--b--\r\n'].join(''),
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    });
    const file = (name: string, text: string) =>
      `name="file"; filename="${name}"\r\nContent-Type: text/plain\r\n\r\n${text}`;

    it('reads a form part by part, within its limits', async () => {
      const sent = form('name="note"\r\n\r\nhello', file('a.txt', '12345'), file('b.txt', '123'));
      expect((await post('things/form', sent.payload, sent.headers)).json()).toEqual({
        files: [
          { sha256: '5', size: 5, filename: 'a.txt' },
          { sha256: '3', size: 3, filename: 'b.txt' },
        ],
        fields: { note: 'hello' },
      });
      const long = form(file('a.txt', '12345678901'));
      expectProblem(await post('things/form', long.payload, long.headers), 413, 'too_large');
      const many = form(file('a', '1'), file('b', '2'), file('c', '3'));
      expectProblem(await post('things/form', many.payload, many.headers), 413, 'too_many_files');
      const cut = form(file('a', '1'));
      expectProblem(await post('things/form', cut.payload.slice(0, 60), cut.headers), 400, 'malformed');
      expectProblem(await post('things/form', { a: 1 }), 415, 'unsupported_media_type');
    });
  });

  describe('for whoever runs it', () => {
    it('logs one line a request, with the route and not the address', async () => {
      things.started.logged.length = 0;
      await get('things?label=Ann%20Example');
      // A line is written once the answer has gone out, which the next answer comes after.
      await call({ method: 'GET', url: '/health/live' });
      const lines = things.started.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(lines.filter(({ msg, level }) => msg === 'request' && level === 30)).toEqual([
        expect.objectContaining({ method: 'GET', route: '/api/v1/things', status: 200, userId: USER_ID }),
      ]);
      expect(things.started.logged.join('')).not.toMatch(/Ann|good/);
    });

    it('measures requests by route, and gauges that can be read', async () => {
      const metrics = things.started.app.get(Metrics);
      metrics.registerGauge('queue_depth', 'Jobs waiting.', () => Promise.resolve(7));
      metrics.registerGauge('broken_gauge', 'Cannot be read.', () => Promise.reject(new Error('away')));
      await get(`things/${THINGS[1]?.id}`);
      const answer = await call({ method: 'GET', url: '/metrics' });
      expect(answer.headers['content-type']).toContain('text/plain; version=0.0.4');
      expect(answer.body).toMatch(
        /http_request_duration_seconds_count\{.*route="\/api\/v1\/things\/:id".*status="200".*\} \d/,
      );
      expect(answer.body).toMatch(/^queue_depth\{process="test"\} 7$/m);
      expect(answer.body).not.toMatch(/^broken_gauge\{/m);
      expect(answer.body).toContain('process_cpu_user_seconds_total');
    });

    it('says whether it is alive and ready', async () => {
      expect((await call({ method: 'GET', url: '/health/live' })).json()).toEqual({ status: 'ok' });
      const readiness = things.started.app.get(Readiness);
      let fine = true;
      readiness.register('queue', () => (fine ? Promise.resolve() : Promise.reject(new Error('away'))));
      expect((await call({ method: 'GET', url: '/health/ready' })).statusCode).toBe(200);
      fine = false;
      const answer = await call({ method: 'GET', url: '/health/ready' });
      expect([answer.statusCode, answer.json()]).toEqual([503, { ready: false, checks: { queue: 'failed' } }]);
    });
  });
});

describe('the rate limits', () => {
  it('answers 429 with Retry-After, by user', async () => {
    const { app, call } = await startHttpApp([ThingsController], { env: { RATE_LIMIT_PER_MINUTE: '3' } });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) {
      statuses.push((await call({ method: 'GET', url: '/api/v1/things', headers: as('good') })).statusCode);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refusedAnswer = await call({ method: 'GET', url: '/api/v1/things', headers: as('good') });
    expect(refusedAnswer.json()).toMatchObject({ code: 'too_many_requests' });
    expect(Number(refusedAnswer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await call({ method: 'GET', url: '/api/v1/things', headers: as('other') })).statusCode).toBe(200);
    await app.close();
  });

  it('answers 429 to whoever tries token after token', async () => {
    const { app, call } = await startHttpApp([ThingsController]);
    const seen = new Set<number>();
    for (let i = 0; i < 105; i++) {
      seen.add((await call({ method: 'GET', url: '/api/v1/things', headers: as(`guess${i}`) })).statusCode);
    }
    expect([...seen]).toEqual([401, 429]);
    expect((await call({ method: 'GET', url: '/api/v1/things', headers: as('good') })).statusCode).toBe(200);
    await app.close();
  });
});
