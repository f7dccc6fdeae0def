import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Get, Param, Post, Put, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Readiness } from '../../apps/api/health/readiness.js';
import { conflict, forbidden, notFound, refused } from '#kernel';
import type { Actor } from '#platform/database';
import {
  Answers,
  AnswersList,
  ApiController,
  Consumes,
  Creates,
  CurrentActor,
  IfMatch,
  Public,
  RequiresIdempotencyKey,
  listQuery,
  page,
  readMultipart,
  readRaw,
} from '#platform/http';
import { Metrics } from '#platform/telemetry';
import {
  IntegerField,
  TextField,
  UuidField,
  kinds,
  requireVersion,
  validateInput,
  type ExpectedVersion,
} from '#platform/validation';
import { USER_ID, as, startHttpApp, type Answer, type Call, type HttpTestApp } from '../support/http-app.js';

class ThingInput {
  @TextField({ max: 50 }) label: string;
}

class Thing {
  @UuidField() id: string;
  @TextField() label: string;
  @IntegerField() version: number;
}

class ThingFilters {
  @TextField({ optional: true }) label?: string;
}

const THINGS = ['=1+1', 'beta', 'gamma'].map((label, index) => ({
  id: `01890a5d-ac96-774b-bcce-00000000000${index}`,
  label,
  version: index + 1,
}));

@ApiController('things')
class ThingsController {
  @Get()
  @AnswersList(Thing, { csv: ['id', 'label', 'hold.reason'] })
  list(@Query() query: unknown) {
    const { filters, page: request } = listQuery(ThingFilters, query, [kinds.uuid()]);
    const after = request.after?.[0];
    const rows = THINGS.filter((one) => !after || one.id > after)
      .filter((one) => filters.label === undefined || one.label === filters.label)
      .slice(0, request.limit + 1);
    return page(rows, request.limit, (last) => [last.id]);
  }

  @Get('open')
  @Public()
  open() {
    return { open: true };
  }

  @Get(':id')
  @Answers(Thing)
  read(@Param('id') id: string) {
    const found = THINGS.find((one) => one.id === id);
    if (!found) throw notFound('thing');
    return found;
  }

  @Post()
  @Creates(Thing)
  create(@Body() body: unknown, @CurrentActor() actor: Actor) {
    const input = validateInput(ThingInput, body);
    return { id: actor.userId, label: input.label, version: 1 };
  }

  @Put(':id')
  @Answers(Thing)
  replace(@Body() body: unknown, @IfMatch() expected: ExpectedVersion) {
    const input = validateInput(ThingInput, body);
    requireVersion(expected, 3);
    return { id: USER_ID, label: input.label, version: 4 };
  }

  @Post(':id/step')
  step(@CurrentActor() actor: Actor) {
    return { requestId: actor.requestId };
  }

  @Post(':id/pay')
  @RequiresIdempotencyKey()
  pay() {
    return {};
  }

  @Post('fail/:how')
  fail(@Param('how') how: string) {
    if (how === 'conflict') throw conflict('state_conflict', 'No.');
    if (how === 'forbidden') throw forbidden('role_not_allowed', 'No.');
    if (how === 'refused') throw refused('claim_refused', 'No.', [{ path: 'a', code: 'vat_mismatch', message: 'No.' }]);
    if (how === 'database') throw Object.assign(new Error('Key (email)=(ann@x.example) exists'), { code: '23505' });
    if (how === 'outage') throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    throw new Error('the secret is 42');
  }

  @Post('raw')
  @Consumes('text/csv')
  async raw(@Req() request: FastifyRequest) {
    return { size: (await readRaw(request, 100)).length };
  }

  @Post('form')
  @Consumes('multipart/form-data')
  async form(@Req() request: FastifyRequest) {
    const { files, fields } = await readMultipart(request, { maxFiles: 2, maxBytesPerFile: 10 }, async (file) => {
      let size = 0;
      for await (const chunk of file.stream as AsyncIterable<Buffer>) size += chunk.length;
      return { sha256: String(size), size, filename: file.filename };
    });
    return { files, fields };
  }
}

describe('the HTTP layer', () => {
  let test: HttpTestApp;
  beforeAll(async () => {
    test = await startHttpApp([ThingsController]);
  });
  afterAll(async () => {
    await test.app.close();
  });

  const call = (options: Call): Promise<Answer> => test.call(options);
  const get = (path: string, headers: Record<string, string> = {}) =>
    call({ method: 'GET', url: `/api/v1/${path}`, headers: as('good', headers) });
  const post = (path: string, payload?: unknown, headers: Record<string, string> = {}) =>
    call({ method: 'POST', url: `/api/v1/${path}`, headers: as('good', headers), payload });

  /** Every error must be a whole problem, whatever raised it. */
  function expectProblem(answer: Answer, status: number, code: string): Record<string, unknown> {
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const body = answer.json<Record<string, unknown>>();
    expect(body).toMatchObject({
      status,
      code,
      type: `/api/errors/${code}`,
      requestId: answer.headers['x-request-id'],
    });
    expect(Object.keys(body).sort()).toEqual(['code', 'detail', 'errors', 'requestId', 'status', 'title', 'type']);
    expect(answer.statusCode).toBe(status);
    return body;
  }

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
      ['refused', 422, 'claim_refused'],
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
      const log = test.logged.join('');
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
      const again = await get(`things/${THINGS[1]?.id}`, { 'if-none-match': '"x", W/"v2"' });
      expect([again.statusCode, again.body]).toEqual([304, '']);
      const list = await get('things');
      expect((await get('things', { 'if-none-match': String(list.headers['etag']) })).statusCode).toBe(304);
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
    });

    it('is safe to show and never stored', async () => {
      expect((await get('things')).headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      });
    });
  });

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
      test.logged.length = 0;
      await get('things?label=Ann%20Example');
      const lines = test.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(lines.filter(({ msg }) => msg === 'request')).toEqual([
        expect.objectContaining({ method: 'GET', route: '/api/v1/things', status: 200, userId: USER_ID }),
      ]);
      expect(test.logged.join('')).not.toMatch(/Ann|good/);
    });

    it('measures requests by route, and gauges that can be read', async () => {
      const metrics = test.app.get(Metrics);
      metrics.registerGauge('queue_depth', 'Jobs waiting.', () => Promise.resolve(7));
      metrics.registerGauge('broken_gauge', 'Cannot be read.', () => Promise.reject(new Error('away')));
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
      const readiness = test.app.get(Readiness);
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
