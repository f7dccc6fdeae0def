import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Get, Param, Post, Put, Query } from '@nestjs/common';
import {
  Answers,
  AnswersList,
  ApiController,
  Creates,
  IgnoresIdempotencyKey,
  RequiresIdempotencyKey,
} from '#platform/http';
import {
  ArrayField,
  DaysField,
  EnumField,
  IntegerField,
  NestedField,
  PenceField,
  RecordField,
  TextField,
  UuidField,
  kinds,
} from '#platform/validation';
import { as, startHttpApp, type HttpTestApp } from '../support/http-app.js';
import { ERROR_CODES, PROBLEM_CODES, errorTable } from '../../apps/api/error-codes.js';

class Part {
  @PenceField({ min: 1, max: 500 }) netPence: number;
  @DaysField({ optional: true, nullable: true }) days?: string | null;
}

class Whole {
  @UuidField() id: string;
  @EnumField(['a', 'b']) kind: string;
  @NestedField(() => Part, { nullable: true }) part: Part | null;
  @ArrayField(() => Part, { min: 1, max: 3 }) parts: Part[];
  @ArrayField(kinds.date(), { max: 2 }) dates: string[];
  @RecordField(() => Part) categories: Record<string, Part>;
  @IntegerField() version: number;
  @TextField({ nullable: true, max: 9 }) note: string | null;
}

@ApiController('wholes')
class WholesController {
  @Get() @AnswersList(Whole, { csv: ['id'] }) list(@Query() _query: unknown) {
    return { items: [], nextCursor: null };
  }
  @Get(':id') @Answers(Whole) read(@Param('id') _id: string) {
    return {};
  }
  @Put(':id') @Answers(Whole) replace(@Param('id') _id: string, @Body() _body: unknown) {
    return {};
  }
  @Post() @Creates(Whole) create(@Body() _body: unknown) {
    return {};
  }
  @Post(':id/step') @Answers(Whole) @RequiresIdempotencyKey() step(@Param('id') _id: string) {
    return {};
  }
  @Post('preview') @Answers(Whole) @IgnoresIdempotencyKey() preview() {
    return {};
  }
}

interface Operation {
  operationId: string;
  parameters: { name: string; in: string; required?: boolean }[];
  responses: Record<string, { $ref?: string; content?: Record<string, unknown>; headers?: object }>;
  security?: unknown;
}
interface Description {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Record<string, unknown>>; responses: object; securitySchemes: object };
}

const ROOT = join(import.meta.dirname, '../..');

describe('the description of the API', () => {
  let test: HttpTestApp;
  let description: Description;

  beforeAll(async () => {
    test = await startHttpApp([WholesController]);
    description = (await test.call({ method: 'GET', url: '/api/docs-json' })).json<Description>();
  });
  afterAll(async () => {
    await test.app.close();
  });

  const operation = (method: string, path: string): Operation => {
    const found = description.paths[`/api/v1/${path}`]?.[method];
    if (!found) throw new Error(`${method} ${path} is not described`);
    return found;
  };
  const header = (one: Operation, name: string) => one.parameters.find((parameter) => parameter.name === name);

  it('is OpenAPI 3.1, of the API and nothing else', () => {
    expect(description.openapi).toBe('3.1.0');
    expect(Object.keys(description.paths).every((path) => path.startsWith('/api/v1/'))).toBe(true);
    expect(description.components.securitySchemes).toHaveProperty('bearer.scheme', 'bearer');
    expect(operation('get', 'wholes').security).toEqual([{ bearer: [] }]);
  });

  it('refers to nothing that is not there, and uses nothing 3.1 has dropped', () => {
    const references: string[] = [];
    const dropped: string[] = [];
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, member] of Object.entries(value)) {
        if (name === '$ref') references.push(member as string);
        if (name === 'nullable') dropped.push(path);
        walk(member, `${path}/${name}`);
      }
    };
    walk(description, '#');
    expect(dropped).toEqual([]);
    expect(references.length).toBeGreaterThan(50);
    for (const reference of new Set(references)) {
      const found = reference
        .slice(2)
        .split('/')
        .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], description);
      expect([reference, found]).toEqual([reference, expect.anything()]);
    }
  });

  it('publishes the limits that are enforced', () => {
    const { Whole: whole, Part: part } = description.components.schemas;
    expect(part).toMatchObject({
      required: ['netPence'],
      properties: {
        netPence: { type: 'integer', minimum: 1, maximum: 500 },
        days: { type: ['string', 'null'], example: '1.5' },
      },
    });
    expect(whole).toMatchObject({
      properties: {
        kind: { type: 'string', enum: ['a', 'b'] },
        parts: { type: 'array', minItems: 1, maxItems: 3, items: { $ref: '#/components/schemas/Part' } },
        dates: { type: 'array', maxItems: 2, items: { type: 'string', format: 'date' } },
        categories: { type: 'object', additionalProperties: { $ref: '#/components/schemas/Part' } },
        note: { type: ['string', 'null'], maxLength: 9 },
      },
    });
    expect(JSON.stringify(whole?.['properties'])).toMatch(/"part":\{[^}]*"(anyOf|oneOf)":\[.*"null"/);
  });

  it('names the headers each call takes', () => {
    expect(header(operation('post', 'wholes'), 'Idempotency-Key')).toMatchObject({ required: false });
    expect(header(operation('post', 'wholes/{id}/step'), 'Idempotency-Key')).toMatchObject({ required: true });
    expect(header(operation('post', 'wholes/preview'), 'Idempotency-Key')).toBeUndefined();
    expect(header(operation('put', 'wholes/{id}'), 'If-Match')).toMatchObject({ required: true });
    expect(operation('get', 'wholes').parameters.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['limit', 'cursor', 'If-None-Match']),
    );
  });

  it('gives every call one success and its errors', () => {
    for (const item of Object.values(description.paths)) {
      for (const [method, one] of Object.entries(item)) {
        const statuses = Object.keys(one.responses);
        expect([one.operationId, statuses.filter((status) => status.startsWith('2'))]).toEqual([
          one.operationId,
          [expect.any(String)],
        ]);
        expect(statuses).toEqual(expect.arrayContaining(['400', '401', '403', '429', '500']));
        if (method === 'put') expect(statuses).toContain('428');
      }
    }
    expect(operation('post', 'wholes').responses).toHaveProperty('201.headers.Location');
    expect(operation('get', 'wholes').responses['200']?.content).toHaveProperty(['text/csv']);
  });

  it('enumerates every error code', () => {
    expect(description.components.schemas['Problem']).toHaveProperty(
      'properties.code.enum',
      ERROR_CODES.map(({ code }) => code),
    );
  });

  it('has a page that works under a policy without inline script', async () => {
    const page = await test.call({ method: 'GET', url: '/api/docs' });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toMatch(/script-src 'self';/);
    expect(page.body).not.toMatch(/<script(?![^>]* src=)/);
    const assets = [...page.body.matchAll(/(?:src|href)="(\/api\/docs\/[^"]+)"/g)].map(([, address]) => address ?? '');
    expect(assets).toHaveLength(4);
    for (const url of assets) expect([url, (await test.call({ method: 'GET', url })).statusCode]).toEqual([url, 200]);
    const outside = await test.call({ method: 'GET', url: '/api/docs/package.json', headers: as('good') });
    expect(outside.statusCode).toBe(404);
  });

  it('explains each code where the problem says', async () => {
    const answer = await test.call({ method: 'GET', url: '/api/errors/state_conflict' });
    expect(answer.json()).toMatchObject({ code: 'state_conflict', status: 409 });
    expect((await test.call({ method: 'GET', url: '/api/errors/nonsense' })).statusCode).toBe(404);
  });
});

describe('the error codes', () => {
  const sources = ['libs', 'apps']
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(ROOT, folder, name)),
    )
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts') && !path.endsWith('error-codes.ts'))
    // What pages refuse is told by pages: no client of the API ever meets it.
    .filter((path) => !path.startsWith(join(ROOT, 'apps/web')))
    // What pages refuse they say in words: the API never answers it.
    .filter((path) => !path.startsWith(join(ROOT, 'apps/web/')))
    .map((path) => readFileSync(path, 'utf8'));
  const found = (pattern: RegExp) => [
    ...new Set(sources.flatMap((text) => [...text.matchAll(pattern)].map(([, code]) => code ?? ''))),
  ];
  const known = new Set(ERROR_CODES.map(({ code }) => code));

  it('are each listed once, by status', () => {
    expect(known.size).toBe(ERROR_CODES.length);
    const statuses = ERROR_CODES.map(({ status }) => status);
    expect(statuses).toEqual([...statuses].sort((a, b) => a - b));
  });

  it('hold every code the source throws', () => {
    const thrown = [
      ...found(/\b(?:refused|conflict|forbidden)\(\s*'([a-z_]+)'/g),
      ...found(/new DomainError\(\s*'[a-z_]+',\s*'([a-z_]+)'/g),
      ...found(/malformed\([^;]{0,400}?\],\s*'([a-z_]+)',?\s*\)/g),
    ];
    expect(thrown.length).toBeGreaterThan(10);
    expect(thrown.filter((code) => !known.has(code))).toEqual([]);
  });

  it('hold every code of a field', () => {
    const told = [...found(/\bfault\(\s*'([a-z_]+)'/g), ...found(/\bpath\b[^;{}]{0,80}?\bcode: '([a-z_]+)'/g)];
    expect(told.length).toBeGreaterThan(20);
    expect(told.filter((code) => !(code in PROBLEM_CODES))).toEqual([]);
  });

  it('are the table of docs/api.md', () => {
    const text = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
    const table = /<!-- codes -->\n+([\s\S]*?)\n+<!-- \/codes -->/.exec(text)?.[1];
    const cells = (markdown: string) => markdown.replace(/ *\| */g, '|').replace(/-{3,}/g, '---');
    expect(cells(table ?? '')).toBe(cells(errorTable()));
  });
});
