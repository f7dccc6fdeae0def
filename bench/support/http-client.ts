import { Agent, request } from 'node:http';

export interface Reply {
  status: number;
  text: string;
  /** From the request's first byte to the answer's last. */
  ms: number;
}

/** A client that keeps its connections and does little else: it shares the machine with what it measures. */
export class HttpClient {
  private readonly agent: Agent;

  constructor(
    private readonly base: string,
    connections = 16,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections, noDelay: true });
  }

  send(
    method: string,
    path: string,
    token: string | null,
    body?: string | Buffer,
    extra: Record<string, string> = {},
  ): Promise<Reply> {
    const start = performance.now();
    const headers: Record<string, string | number> = { ...extra };
    if (token !== null) headers['authorization'] = `Bearer ${token}`;
    if (body !== undefined) {
      headers['content-type'] ??= 'application/json';
      headers['content-length'] = Buffer.byteLength(body);
    }
    return new Promise((resolve, reject) => {
      const sent = request(this.base + path, { method, headers, agent: this.agent }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => {
          const ms = performance.now() - start;
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8'), ms });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** As `send`; throws when the answer is not the one expected, since a refusal is quick and would look like a good figure. */
  async expect(status: number, ...of: Parameters<HttpClient['send']>): Promise<Reply> {
    const reply = await this.send(...of);
    if (reply.status === status) return reply;
    throw new Error(`${of[0]} ${of[1]} answered ${reply.status}: ${reply.text.slice(0, 500)}`);
  }

  close(): void {
    this.agent.destroy();
  }
}
