import fc, { type Arbitrary } from 'fast-check';
import { type OpenApi } from './openapi-judge.js';

export type Schema = Record<string, unknown>;
type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const CIRCLES = 6;

/** Values that no schema asks for, and that have broken some program somewhere. */
const HOSTILE: readonly Json[] = [
  null,
  true,
  -1,
  0,
  1.5,
  -0.000_000_1,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e\u0627\u0644',
  '🧾'.repeat(300),
  'e\u0301'.repeat(2_000),
  'x'.repeat(100_000),
  '=1+1',
  '@SUM(A1)',
  '-2+3+cmd|calc',
  "';DROP TABLE claim;--",
  '$1',
  '%s%n',
  '../../../../etc/passwd',
  '..\\..\\windows',
  '\r\nX-Injected: 1',
  '<script>alert(1)</script>',
  '{{7*7}}',
  '${7*7}',
  '2018-02-30',
  '0000-00-00',
  '9999-12-31',
  '+275760-09-13',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '-0',
  '1e3',
  '0x10',
  'NaN',
  '99999999999999999999',
  [],
  {},
  [[]],
  Array.from({ length: 2_000 }, () => 0),
  Array.from({ length: 60 }).reduce<Json>((inner) => [inner], 'deep'),
  Array.from({ length: 60 }).reduce<Json>((inner) => ({ a: inner }), 'deep'),
];

export const hostileText = fc.oneof(
  fc.constantFrom(...HOSTILE.filter((value): value is string => typeof value === 'string' && value.length < 5_000)),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
export const hostileValue: Arbitrary<Json> = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }));

/** What a document's schemas describe, good in its form as far as a schema tells. */
export class SchemaArbitraries {
  constructor(private readonly document: OpenApi) {}

  of(schema: Schema, depth = 0): Arbitrary<Json> {
    if (typeof schema['$ref'] === 'string') {
      const named = this.document.components.schemas[schema['$ref'].split('/').at(-1)!]!;
      return depth > CIRCLES ? fc.constant({}) : this.of(named as Schema, depth + 1);
    }
    const choices = (schema['oneOf'] ?? schema['anyOf']) as Schema[] | undefined;
    if (choices) return fc.oneof(...choices.map((one) => this.of(one, depth + 1)));
    const parts = schema['allOf'] as Schema[] | undefined;
    if (parts) return this.merged(parts, depth);
    if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as Json[]));
    if ('const' in schema) return fc.constant(schema['const'] as Json);
    const types = [schema['type'] ?? 'object'].flat() as string[];
    const usual = fc.oneof(...types.map((type) => this.typed(type, schema, depth)));
    return schema['nullable'] === true ? fc.option(usual) : usual;
  }

  private merged(parts: Schema[], depth: number): Arbitrary<Json> {
    return fc
      .tuple(...parts.map((part) => this.of(part, depth + 1)))
      .map((values) => (values.length === 1 ? values[0]! : (Object.assign({}, ...(values as object[])) as Json)));
  }

  private typed(type: string, schema: Schema, depth: number): Arbitrary<Json> {
    switch (type) {
      case 'integer':
      case 'number':
        return this.number(schema);
      case 'string':
        return this.text(schema);
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array':
        return this.list(schema, depth);
      default:
        return this.object(schema, depth);
    }
  }

  private number({ minimum = -1_000, maximum = 100_000_000 }: { minimum?: number; maximum?: number }): Arbitrary<Json> {
    return fc.oneof(fc.integer({ min: minimum, max: maximum }), fc.constantFrom(minimum, maximum));
  }

  private text(schema: { format?: string; pattern?: string; minLength?: number; maxLength?: number }): Arbitrary<Json> {
    const { format, pattern, minLength = 0, maxLength = 200 } = schema;
    if (format === 'date') return fc.integer({ min: 0, max: 900 }).map(dayAfter);
    if (format === 'uuid') return fc.uuid();
    if (format === 'email') return fc.emailAddress();
    const plain = fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 60) });
    if (pattern === undefined) return plain;
    // Not every pattern of the document can be turned round.
    try {
      return fc.stringMatching(new RegExp(pattern), { size: 'small' });
    } catch {
      return plain;
    }
  }

  private list(schema: Schema, depth: number): Arbitrary<Json> {
    const { items = {}, minItems = 0 } = schema as { items?: Schema; minItems?: number };
    return fc.array(this.of(items, depth + 1), { minLength: minItems, maxLength: minItems + 2 });
  }

  private object(schema: Schema, depth: number): Arbitrary<Json> {
    const { properties = {}, required = [] } = schema as { properties?: Record<string, Schema>; required?: string[] };
    const fields = Object.fromEntries(
      Object.entries(properties).map(([name, inner]) => [name, this.of(inner, depth + 1)]),
    );
    const requiredKeys = required.filter((name) => name in fields);
    return fc.record(fields, { requiredKeys, noNullPrototype: true }) as Arbitrary<Json>;
  }
}

const dayAfter = (days: number): string => new Date(Date.UTC(2017, 0, 1 + days)).toISOString().slice(0, 10);

/** A body as it is sent: now and then good, else with something hostile in one place of it, or instead of it. */
export function hostileJson(good: Arbitrary<Json>): Arbitrary<string> {
  const spoilt = fc
    .tuple(good, fc.nat(), hostileValue)
    .map(([body, at, value]) => JSON.stringify(replaced(body, at, value)));
  return fc.oneof(
    { weight: 3, arbitrary: good.map((body) => JSON.stringify(body)) },
    { weight: 5, arbitrary: spoilt },
    { weight: 1, arbitrary: hostileValue.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: good.map(withPrototype) },
    { weight: 1, arbitrary: fc.string({ maxLength: 50 }) },
  );
}

/** Keys that reach an object's prototype where somebody copies them without care. */
function withPrototype(body: Json): string {
  const rest = JSON.stringify(body);
  const keys = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}';
  return rest.startsWith('{') && rest !== '{}' ? `{${keys},${rest.slice(1)}` : `{${keys}}`;
}

/** The value with what stands in its `at`-th place (counted round) replaced. */
function replaced(value: Json, at: number, by: Json): Json {
  const places: [{ [name: string]: Json } | Json[], string][] = [];
  const copy = structuredClone(value);
  const walk = (inner: Json): void => {
    if (typeof inner !== 'object' || inner === null) return;
    for (const [name, next] of Object.entries(inner)) {
      places.push([inner, name]);
      walk(next);
    }
  };
  walk(copy);
  const place = places.at(at % Math.max(1, places.length));
  if (!place) return by;
  (place[0] as Record<string, Json>)[place[1]] = by;
  return copy;
}
