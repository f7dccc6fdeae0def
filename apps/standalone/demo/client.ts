import { randomUUID } from 'node:crypto';

export type Fetch = (address: string, init: RequestInit) => Promise<Response>;

/** What a call sends besides who asks. */
interface Sent {
  /** Text, bytes or a form as it is; anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** The code of the problem that is expected instead of success. */
  refusedWith?: string;
}

/** An answer that is not the one the story needs. */
class UnexpectedAnswer extends Error {
  override name = 'UnexpectedAnswer';
}

interface Problem {
  code?: string;
  detail?: string;
  errors?: { path: string; code: string; message: string }[];
}

interface Person {
  id: string;
  email: string;
}

/** Whose calls do not repeat themselves need a key each; the rest take none. */
const WITHOUT_KEY = /\/(calculations|checkpoints|tokens)$/;

/**
 * Speaks to the service as anybody with a token does. The first token, an administrator's, comes from outside; with it
 * those of all others are asked for by the API. `base` is the address without `/api/v1`.
 */
export class DemoClient {
  private readonly tokens = new Map<string, string>();
  private people: Map<string, string> | null = null;

  constructor(
    private readonly administrator: { email: string; firstToken: () => Promise<string> },
    private base = '',
    private readonly send: Fetch = fetch,
  ) {}

  /** The same service at another address, after a restart. */
  moveTo(base: string): void {
    this.base = base;
  }

  async get<T>(email: string, path: string, headers: Record<string, string> = {}): Promise<T> {
    return (await this.ask(email, 'GET', path, { headers })).json() as Promise<T>;
  }

  async post<T>(email: string, path: string, body: unknown, sent: Omit<Sent, 'body'> = {}): Promise<T> {
    return (await this.ask(email, 'POST', path, { ...sent, body })).json() as Promise<T>;
  }

  async put<T>(email: string, path: string, body: unknown, ifMatch: string): Promise<T> {
    return (await this.ask(email, 'PUT', path, { body, headers: { 'if-match': ifMatch } })).json() as Promise<T>;
  }

  async bytes(email: string, path: string): Promise<Buffer> {
    return Buffer.from(await (await this.ask(email, 'GET', path)).arrayBuffer());
  }

  /** One call. @throws UnexpectedAnswer unless it succeeds, or is refused with the code that was expected. */
  async ask(email: string, method: string, path: string, sent: Sent = {}): Promise<Response> {
    const answer = await this.send(`${this.base}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${await this.tokenOf(email)}`, ...headersOf(method, path, sent) },
      ...(sent.body === undefined ? {} : { body: bodyOf(sent.body) }),
    });
    if (sent.refusedWith === undefined) {
      if (answer.ok) return answer;
      throw new UnexpectedAnswer(`${method} ${path} as ${email}: ${await problemText(answer)}`);
    }
    const told = answer.ok ? 'it succeeded' : await problemText(answer.clone());
    const code = answer.ok ? null : ((await answer.clone().json()) as Problem).code;
    if (code === sent.refusedWith) return answer;
    throw new UnexpectedAnswer(`${method} ${path} as ${email}: not refused with ${sent.refusedWith}: ${told}`);
  }

  /** Issued on the first call, for long enough that no later chapter finds it expired. */
  private async tokenOf(email: string): Promise<string> {
    const known = this.tokens.get(email);
    if (known !== undefined) return known;
    const { email: administrator, firstToken } = this.administrator;
    if (email === administrator) this.tokens.set(email, await firstToken()); // may be short-lived: it asks for another
    this.people ??= new Map(
      (await this.get<{ items: Person[] }>(administrator, '/users?limit=200')).items.map((one) => [one.email, one.id]),
    );
    const id = this.people.get(email);
    if (id === undefined) throw new UnexpectedAnswer(`There is no user ${email}`);
    const asked = { label: 'Demo', days: 366 };
    const { token } = await this.post<{ token: string }>(administrator, `/users/${id}/tokens`, asked);
    this.tokens.set(email, token);
    return token;
  }
}

const isRaw = (body: unknown): boolean => typeof body === 'string' || body instanceof FormData;

function bodyOf(body: unknown): string | FormData {
  return isRaw(body) ? (body as string | FormData) : JSON.stringify(body);
}

function headersOf(method: string, path: string, { body, headers }: Sent): Record<string, string> {
  const json = body !== undefined && !isRaw(body);
  return {
    ...(json ? { 'content-type': 'application/json' } : {}),
    ...(method === 'POST' && !WITHOUT_KEY.test(path) ? { 'idempotency-key': randomUUID() } : {}),
    ...headers,
  };
}

async function problemText(answer: Response): Promise<string> {
  const text = await answer.text();
  try {
    const { code, detail, errors = [] } = JSON.parse(text) as Problem;
    const faults = errors.map((error) => `; ${error.path}: ${error.message} (${error.code})`).join('');
    return `${answer.status} ${code ?? 'without a code'}: ${detail ?? ''}${faults}`;
  } catch {
    return `${answer.status} ${text.slice(0, 200)}`;
  }
}
