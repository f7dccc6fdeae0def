import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { API_PREFIX, problemType } from '#platform/http';
import { OPERATION_ACTIONS } from './actions.js';
import { ERROR_CODES, PROBLEM_CODES } from './error-codes.js';

type Schema = Record<string, unknown>;
interface Parameter {
  name: string;
  in: string;
  [key: string]: unknown;
}
interface Operation {
  parameters?: Parameter[];
  responses: Record<string, unknown>;
  requestBody?: unknown;
  security?: unknown[];
  [extension: string]: unknown;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
type Method = (typeof METHODS)[number];

const INTRODUCTION = `Claims for the reimbursement of training, from a trainer's invoice to a payment.

Money is whole pence (\`…Pence\`), days are decimal text (\`"1.5"\`), dates are \`YYYY-MM-DD\`, instants ISO 8601 in UTC.
Errors are RFC 9457 problems with a stable \`code\`; every code is listed at [/api/errors](/api/errors).
A POST takes an \`Idempotency-Key\`: repeated with the same body it gives the first answer again, with \`Idempotency-Hit: true\`.
\`x-action\` is the permission a call asks for: who has it stands in docs/access.md.
Reads give an \`ETag\`; a PUT needs it as \`If-Match\`, a POST honours it. Lists come in pages, and as CSV for \`Accept: text/csv\`.`;

const PROBLEM_SCHEMA: Schema = {
  type: 'object',
  description: 'RFC 9457 problem details.',
  required: ['type', 'title', 'status', 'detail', 'code', 'errors', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'Where the code is explained.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'For a person: what to do next.' },
    code: { type: 'string', enum: ERROR_CODES.map(({ code }) => code) },
    errors: { type: 'array', items: { $ref: '#/components/schemas/ProblemError' } },
    requestId: { type: 'string' },
  },
};

const PROBLEM_ERROR_SCHEMA: Schema = {
  type: 'object',
  required: ['path', 'code', 'message'],
  properties: {
    path: { type: 'string', examples: ['trainerInvoices[0].lines[1].vatPence'] },
    code: { type: 'string', description: `One of: ${Object.keys(PROBLEM_CODES).join(', ')}.` },
    message: { type: 'string' },
  },
};

const exampleOf = (code: string, status: number, meaning: string): Schema => ({
  summary: meaning,
  value: {
    type: problemType(code),
    title: 'See status',
    status,
    detail: meaning,
    code,
    errors:
      status === 400 || status === 422 ? [{ path: 'reason', code: 'required', message: 'This is required.' }] : [],
    requestId: '01890a5d-ac96-774b-bcce-b302099a8057',
  },
});

const STATUSES = [...new Set(ERROR_CODES.map(({ status }) => status))];

/** One reusable response for each error status, with the codes that come with it. */
function problemResponses(): Record<string, Schema> {
  return Object.fromEntries(
    STATUSES.map((status) => {
      const codes = ERROR_CODES.filter((one) => one.status === status);
      const list = codes.map(({ code, meaning }) => `- \`${code}\`: ${meaning}`).join('\n');
      const schema = {
        allOf: [
          { $ref: '#/components/schemas/Problem' },
          { type: 'object', properties: { code: { enum: codes.map(({ code }) => code) } } },
        ],
      };
      const examples = Object.fromEntries(codes.map((one) => [one.code, exampleOf(one.code, status, one.meaning)]));
      const headers =
        status === 429 || status === 503
          ? { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } }
          : status === 401
            ? { 'WWW-Authenticate': { schema: { type: 'string' } } }
            : undefined;
      const content = { 'application/problem+json': { schema, examples } };
      return [`Problem${status}`, { description: list, content, ...(headers ? { headers } : {}) }];
    }),
  );
}

const HEADERS = {
  idempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'A new one for each thing you mean to do, such as a UUID.',
    schema: { type: 'string', minLength: 1, maxLength: 200 },
  },
  ifMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The ETag you read, or `*` for whichever version is there.',
    schema: { type: 'string' },
  },
  ifNoneMatch: { name: 'If-None-Match', in: 'header', description: 'An ETag you have.', schema: { type: 'string' } },
} as const;

/** Error statuses a call may answer besides those of every call; `x-statuses` names what is its own. */
function statusesOf(method: Method, path: string, operation: Operation): number[] {
  const own = (operation['x-statuses'] ?? []) as number[];
  const always = [400, 401, 403, 429, 500, 503];
  // A programme that is asked for by name may not be there, whatever the rest of the address.
  const named = operation.parameters?.some((one) => one.in === 'query' && one.name === 'programme') ?? false;
  const found = path.includes('{') || method !== 'get' || named ? [404] : [];
  const body = method === 'get' ? [406] : [409, 412, 413, 415, 422];
  return [...always, ...found, ...body, ...own, ...(method === 'put' ? [428] : [])];
}

function addParameters(method: Method, operation: Operation): void {
  const parameters = (operation.parameters ??= []);
  const add = (header: Parameter, required: boolean): void => {
    const known = parameters.some(({ name }) => name.toLowerCase() === header.name.toLowerCase());
    if (!known) parameters.push({ ...header, required });
  };
  const rule = operation['x-idempotency'];
  if (method === 'post' && rule !== 'ignored') add(HEADERS.idempotencyKey, rule === 'required');
  if (method === 'put') add(HEADERS.ifMatch, true);
  if (method === 'post' && rule === 'required') add(HEADERS.ifMatch, false);
  if (method === 'get') add(HEADERS.ifNoneMatch, false);
}

function addResponses(method: Method, path: string, operation: Operation): void {
  const responses = operation.responses;
  if (method === 'get') responses['304'] ??= { description: 'You have it already.' };
  for (const status of statusesOf(method, path, operation)) {
    responses[String(status)] ??= { $ref: `#/components/responses/Problem${status}` };
  }
  delete operation['x-statuses'];
  for (const [status, response] of Object.entries(responses)) {
    if (!status.startsWith('2')) continue;
    const headers = ((response as { headers?: Schema }).headers ??= {});
    headers['X-Request-Id'] = { schema: { type: 'string' } };
    if (method === 'post' && operation['x-idempotency'] !== 'ignored') {
      headers['Idempotency-Hit'] = { description: 'Answered before.', schema: { type: 'string', enum: ['true'] } };
    }
  }
}

/** OpenAPI 3.1 of the routes under /api/v1, with what all calls have in common added in one place. */
export function buildOpenApi(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Programme claims')
    .setDescription(INTRODUCTION)
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This server')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A token of one user.' })
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  const paths = Object.entries(document.paths).filter(([path]) => path.startsWith(`${API_PREFIX}/`));
  document.paths = Object.fromEntries(paths);
  for (const [path, item] of paths) {
    for (const method of METHODS) {
      const operation = item[method] as unknown as Operation | undefined;
      if (!operation) continue;
      addParameters(method, operation);
      addResponses(method, path, operation);
      const action = OPERATION_ACTIONS[`${method.toUpperCase()} ${path.slice(API_PREFIX.length)}`];
      if (action != null) operation['x-action'] = action;
    }
  }
  const components = (document.components ??= {}) as { schemas?: Schema; responses?: Schema };
  components.schemas = { ...components.schemas, Problem: PROBLEM_SCHEMA, ProblemError: PROBLEM_ERROR_SCHEMA };
  components.responses = { ...components.responses, ...problemResponses() };
  return document;
}
