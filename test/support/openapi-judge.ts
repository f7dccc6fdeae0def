import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** One exchange with the service, as it went over the wire. */
export interface Recorded {
  method: string;
  /** Path with query. */
  target: string;
  request: { headers: Headers; body: string | null };
  status: number;
  headers: Headers;
  body: Buffer;
}

type Json = Record<string, unknown>;
interface Media {
  schema?: Json;
}
interface ResponseObject {
  $ref?: string;
  content?: Record<string, Media>;
}
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
}
export interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media>; required?: boolean };
  responses: Record<string, ResponseObject>;
}
export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json>; responses: Record<string, ResponseObject> };
}

/** Sends as `fetch` does and writes down what came back. */
export function recordingFetch(into: Recorded[]): (address: string, init?: RequestInit) => Promise<Response> {
  return async (address, init = {}) => {
    const answer = await fetch(address, { redirect: 'manual', ...init });
    const { pathname, search } = new URL(address);
    into.push({
      method: init.method ?? 'GET',
      target: `${pathname}${search}`,
      request: { headers: new Headers(init.headers), body: typeof init.body === 'string' ? init.body : null },
      status: answer.status,
      headers: answer.headers,
      body: Buffer.from(await answer.clone().arrayBuffer()),
    });
    return answer;
  };
}

/** Media type without its parameters. */
const bare = (type: string | null): string => (type ?? '').split(';', 1)[0]!.trim().toLowerCase();

/**
 * Holds exchanges against an OpenAPI 3.1 document, stricter than the document itself: a field it does not name is a
 * violation, and so is a status or a media type it does not tell of.
 */
export class OpenApiJudge {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly routes: { pattern: RegExp; path: string }[];
  private readonly document: OpenApi;

  constructor(document: OpenApi) {
    this.document = closed(document) as OpenApi;
    addFormats.default(this.ajv);
    this.ajv.addFormat('binary', true);
    this.ajv.addSchema({ $id: 'api', ...this.document });
    // A literal part goes before a parameter: /claim-imports/template is no :id.
    this.routes = Object.keys(document.paths)
      .sort((a, b) => a.replaceAll('{', '\u{10ffff}').localeCompare(b.replaceAll('{', '\u{10ffff}'), 'en'))
      .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`) }))
      .sort((a, b) => (a.path.match(/\{/g)?.length ?? 0) - (b.path.match(/\{/g)?.length ?? 0));
  }

  /** Every `METHOD path` of the document. */
  operations(): string[] {
    return Object.entries(this.document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  operation(name: string): Operation {
    const [method, path] = name.split(' ') as [string, string];
    return this.document.paths[path]![method.toLowerCase()]!;
  }

  /** The `METHOD path` an exchange belongs to, or null. */
  nameOf({ method, target }: Recorded): string | null {
    const path = target.split('?', 1)[0]!;
    const route = this.routes.find(
      ({ pattern, path: at }) => pattern.test(path) && this.document.paths[at]![method.toLowerCase()],
    );
    return route ? `${method} ${route.path}` : null;
  }

  /** What is wrong with an exchange; empty when it is as documented. */
  violations(one: Recorded): string[] {
    const name = this.nameOf(one);
    if (name === null) return [`${one.method} ${one.target}: not documented`];
    const found = [...this.answerFaults(name, one), ...(one.status < 300 ? this.requestFaults(name, one) : [])];
    return found.map((fault) => `${name} ${one.status}: ${fault}`);
  }

  private answerFaults(name: string, { status, headers, body }: Recorded): string[] {
    const { responses } = this.operation(name);
    const key = String(status) in responses ? String(status) : 'default';
    if (!(key in responses)) return ['status not documented'];
    const { content, at } = this.response(name, key);
    if (content === undefined) return body.length === 0 ? [] : ['an answer where none is documented'];
    const type = bare(headers.get('content-type'));
    if (!(type in content)) return [`${type || 'no media type'}, documented: ${Object.keys(content).join(', ')}`];
    if (!type.endsWith('json')) return [];
    return this.schemaFaults(`${at}/content/${escaped(type)}/schema`, JSON.parse(body.toString()));
  }

  private response(name: string, key: string): ResponseObject & { at: string } {
    const [method, path] = name.split(' ') as [string, string];
    const own = this.operation(name).responses[key]!;
    if (own.$ref === undefined)
      return { ...own, at: `/paths/${escaped(path)}/${method.toLowerCase()}/responses/${key}` };
    const shared = own.$ref.split('/').at(-1)!;
    return { ...this.document.components.responses[shared], at: `/components/responses/${shared}` };
  }

  /** What the service took must be what the document says it takes. */
  private requestFaults(name: string, { target, request }: Recorded): string[] {
    const operation = this.operation(name);
    const parameters = operation.parameters ?? [];
    const query = new URL(target, 'http://localhost').searchParams;
    const unknown = [...query.keys()].filter(
      (key) => !parameters.some((one) => one.in === 'query' && one.name === key),
    );
    const missing = parameters.filter(
      (one) =>
        one.required &&
        (one.in === 'query' ? !query.has(one.name) : one.in === 'header' && !request.headers.has(one.name)),
    );
    return [
      ...unknown.map((key) => `query parameter ${key} not documented`),
      ...missing.map((one) => `${one.name} is documented as required, yet it went without`),
      ...this.requestBodyFaults(name, operation, request),
    ];
  }

  private requestBodyFaults(
    name: string,
    { requestBody }: Operation,
    { headers, body }: Recorded['request'],
  ): string[] {
    if (body === null) return [];
    if (requestBody === undefined) return ['a request body where none is documented'];
    const type = bare(headers.get('content-type'));
    if (!(type in requestBody.content)) return [`request of type ${type} not documented`];
    if (type !== 'application/json') return [];
    const [method, path] = name.split(' ') as [string, string];
    const at = `/paths/${escaped(path)}/${method.toLowerCase()}/requestBody/content/${escaped(type)}/schema`;
    return this.schemaFaults(at, JSON.parse(body)).map((fault) => `request ${fault}`);
  }

  private schemaFaults(pointer: string, value: unknown): string[] {
    let validate = this.compiled.get(pointer);
    if (validate === undefined) {
      validate = this.ajv.compile({ $ref: `api#${encodeURI(pointer).replaceAll('%7B', '{').replaceAll('%7D', '}')}` });
      this.compiled.set(pointer, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
    );
  }
}

const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** The document with every object closed: what it does not name may not be there. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)])) as Json;
  const isObjectSchema = typeof copy['properties'] === 'object' && !('additionalProperties' in copy);
  // A part of an allOf names a few fields of a whole that another part describes.
  return isObjectSchema && copy['type'] === 'object' && Array.isArray(copy['required'])
    ? { ...copy, additionalProperties: false }
    : copy;
}
