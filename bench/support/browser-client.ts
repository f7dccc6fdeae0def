import { gzipSync } from 'node:zlib';

/** One person's browser as far as a server feels it: cookies, forms with their tokens, gzipped answers. */
export class BrowserClient {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly base: string) {}

  /** A page as sent: its bytes gzipped, its text, and the milliseconds to the last byte. Throws unless it answers 200. */
  async page(path: string): Promise<{ text: string; gzipped: number; ms: number }> {
    const start = performance.now();
    let answer = await this.send(path, { method: 'GET' });
    // Some addresses lead a person on to what is theirs: that is part of what they wait for.
    for (let hops = 0; answer.status === 303 && hops < 3; hops++) {
      await answer.arrayBuffer();
      answer = await this.send(answer.headers.get('location') ?? '/', { method: 'GET' });
    }
    const text = await answer.text();
    const ms = performance.now() - start;
    if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}: ${text.slice(0, 300)}`);
    return { text, gzipped: gzipSync(text, { level: 6 }).length, ms };
  }

  /** Sends a form of a page seen before. Throws unless it leads on. */
  async post(path: string, fields: Record<string, string>): Promise<string> {
    const body = new URLSearchParams(fields);
    const answer = await this.send(path, { method: 'POST', body, headers: { origin: this.base } });
    await answer.arrayBuffer();
    if (answer.status !== 303) throw new Error(`POST ${path} answered ${answer.status}`);
    return answer.headers.get('location') ?? '/';
  }

  async signIn(email: string): Promise<void> {
    const { text } = await this.page('/sign-in');
    await this.post('/sign-in/demo', { _csrf: tokenOf(text), email });
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), cookie, 'accept-encoding': 'gzip' };
    const answer = await fetch(this.base + path, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split(/=(.*)/s);
      this.cookies.set(name, value);
    }
    return answer;
  }
}

/** The token that the forms of a page carry. */
export const tokenOf = (html: string): string => /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
