import { randomUUID } from 'node:crypto';
import fc, { type Arbitrary } from 'fast-check';
import { may, ROLES, scopeOf, type Role } from '#identity/domain';
import { OPERATION_ACTIONS } from '../../apps/api/actions.js';
import { finance, manager, MTM } from './people.js';
import { hostileJson, hostileText, SchemaArbitraries, type Schema } from './openapi-arbitrary.js';
import { OpenApiJudge, recordingFetch, type OpenApi, type Operation, type Recorded } from './openapi-judge.js';
import { API } from './openapi-tour-ask.js';
import { type Addresses } from './openapi-tour-refusals.js';
import { type Service } from './service.js';

const PEOPLE: Readonly<Record<Role, string>> = {
  la_finance: finance('BRENT'),
  la_manager: manager('BRENT'),
  mtm_finance: MTM.finance2,
  mtm_approver: MTM.approver,
  coordinator: MTM.coordinator,
  auditor: MTM.auditor,
  administrator: MTM.admin,
};

interface Shot {
  target: string;
  headers: Record<string, string>;
  body: string | FormData | null;
}

/** No half of a surrogate pair, which no address can hold. */
const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/** A person who may make this call, so that it goes as deep as it can. */
function whoMay(name: string): string {
  const action = OPERATION_ACTIONS[name.replace(API, '')] ?? null;
  const role = ROLES.find((one) => {
    const scope = scopeOf(one.startsWith('la_') ? 'BRENT' : 'MTM');
    return action === null || may({ userId: 'somebody', scope, roles: [one] }, action).allowed;
  });
  return PEOPLE[role ?? 'administrator'];
}

/** Makes calls out of the description, good and hostile, and says what was answered otherwise than described. */
export class Fuzzer {
  private readonly schemas: SchemaArbitraries;
  readonly judge: OpenApiJudge;
  shots = 0;
  readonly statuses = new Set<number>();

  constructor(
    private readonly service: Service,
    document: OpenApi,
    private readonly addressOf: Addresses,
  ) {
    this.judge = new OpenApiJudge(document);
    this.schemas = new SchemaArbitraries(document);
  }

  /** Null, or the smallest call that is answered wrongly, and how. The same seed makes the same calls. */
  async attack(name: string, options: { seed: number; numRuns: number }): Promise<string | null> {
    const who = whoMay(name);
    const property = fc.asyncProperty(this.shot(name), async (shot) => {
      const faults = await this.fire(name, who, shot);
      if (faults.length > 0) throw new Error(faults.slice(0, 3).join('\n'));
    });
    const result = await fc.check(property, { ...options, maxSkipsPerRun: 0, markInterruptAsFailure: false });
    if (!result.failed) return null;
    const [shot] = result.counterexample ?? [];
    const fault = result.errorInstance instanceof Error ? result.errorInstance.message : 'no answer';
    const body = typeof shot?.body === 'string' ? shot.body.slice(0, 300) : '';
    return `${name} as ${who}: ${shot?.target.slice(0, 200)} ${body}\n${fault}`;
  }

  private async fire(name: string, who: string, { target, headers, body }: Shot): Promise<string[]> {
    const [method] = name.split(' ') as [string];
    const recorded: Recorded[] = [];
    this.shots++;
    await recordingFetch(recorded)(`${this.service.base}${target}`, {
      method,
      headers: { authorization: `Bearer ${await this.service.token(who)}`, ...headers },
      ...(body === null ? {} : { body }),
    });
    const [one] = recorded as [Recorded];
    this.statuses.add(one.status);
    const broken = one.status >= 500 ? [`${one.status}: ${one.body.toString().slice(0, 300)}`] : [];
    return [...broken, ...this.judge.violations(one)];
  }

  private shot(name: string): Arbitrary<Shot> {
    const [method, path] = name.split(' ') as [string, string];
    const operation = this.judge.operation(name);
    const made = { target: this.target(path, operation), headers: this.headers(method), sent: this.sent(operation) };
    return fc.record(made).map(({ target, headers, sent }) => ({
      target,
      headers: { ...headers, ...sent.headers },
      body: method === 'GET' ? null : sent.body,
    }));
  }

  private target(path: string, { parameters = [] }: Operation): Arbitrary<string> {
    const real = this.addressOf(path);
    const odd = hostileText
      .filter((text) => text.length < 300 && !['', '.', '..'].includes(text) && isWellFormed(text))
      .map((text) => path.replace(/\{\w+\}/, encodeURIComponent(text)).replace(/\{\w+\}/g, 'x'));
    const address = path.includes('{') ? fc.oneof({ weight: 4, arbitrary: fc.constant(real) }, odd) : fc.constant(real);
    const queries = (parameters as { name: string; in: string; schema?: Schema }[])
      .filter((one) => one.in === 'query')
      .map(({ name, schema = {} }) => this.query(name, schema));
    const none = fc.constant('');
    return fc
      .tuple(address, fc.tuple(...queries.map((query) => fc.oneof({ weight: 3, arbitrary: none }, query))))
      .map(([at, given]) => {
        const text = given.filter(Boolean).join('&');
        return text === '' ? at : `${at}?${text}`;
      });
  }

  private query(name: string, schema: Schema): Arbitrary<string> {
    const good = this.schemas.of(schema).map((value) => (typeof value === 'object' ? '' : String(value)));
    const odd = hostileText.filter((text) => text.length < 1_000);
    const one = fc
      .oneof(good, odd)
      .filter((text) => isWellFormed(text))
      .map((text) => `${name}=${encodeURIComponent(text)}`);
    return fc.oneof(
      { weight: 6, arbitrary: one },
      fc.tuple(one, one).map(([a, b]) => `${a}&${b}`),
    );
  }

  private headers(method: string): Arbitrary<Record<string, string>> {
    const seen = fc.constantFrom('*', '"v1"', '"v2"', 'W/"v1"', '"', 'nonsense', '"v99999999999"');
    if (method === 'GET')
      return fc.constantFrom<Record<string, string>>({}, { accept: 'text/csv' }, { 'if-none-match': '"x"' });
    // A new key for every call: what was answered before must not be what is judged.
    return fc
      .record({ 'if-match': seen }, { requiredKeys: method === 'PUT' ? ['if-match'] : [] })
      .map(
        (given) =>
          ({ ...given, ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}) }) as Record<string, string>,
      );
  }

  private sent({ requestBody }: Operation): Arbitrary<{ headers: Record<string, string>; body: Shot['body'] }> {
    const json = { 'content-type': 'application/json' };
    if (!requestBody) return fc.constant({ headers: {}, body: null });
    const kinds = Object.entries(requestBody.content).map(([type, { schema = {} }]) => {
      if (type === 'application/json')
        return hostileJson(this.schemas.of(schema)).map((body) => ({ headers: json, body }));
      if (type === 'multipart/form-data') return hostileForm.map((body) => ({ headers: {}, body }));
      return hostileFile.map((body) => ({ headers: { 'content-type': type }, body }));
    });
    return fc.oneof(...kinds);
  }
}

const hostileFile = fc.oneof(
  hostileText,
  fc.constantFrom(
    '<a/>',
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    'claim,trainer\r\n=1,2',
    ':20:',
  ),
  fc.constant(
    `<!DOCTYPE a [<!ENTITY b "${'x'.repeat(100)}"><!ENTITY c "${'&b;'.repeat(100)}">]><a>${'&c;'.repeat(100)}</a>`,
  ),
);

const hostileForm = fc
  .tuple(hostileText, hostileText, fc.constantFrom('files', 'file', '__proto__', 'trainerInvoiceId'))
  .map(([content, name, field]) => {
    const form = new FormData();
    if (field === 'trainerInvoiceId') form.append(field, name.slice(0, 200));
    form.append(field === '__proto__' ? field : 'files', new Blob([content]), name.slice(0, 200) || 'x');
    return form;
  });
