import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Claims, simpleBody } from '../integration/claims-support.js';
import { finance } from '../support/people.js';
import { Service } from '../support/service.js';
import { WebVisitor } from '../support/web.js';

const BRENT = finance('BRENT');
/** The limits of production made short. What is asserted is that a connection is closed, never when. */
const SHORT = { head: 3_000, request: 4_000, idle: 500, checkEvery: 100 };

let service: Service;
let claims: Claims;
let visitor: WebVisitor;
const logged: string[] = [];
beforeAll(async () => {
  service = await Service.start({ web: true, timeouts: SHORT, logTo: (line) => void logged.push(line) });
  claims = new Claims(service);
  visitor = new WebVisitor(service.base);
  await visitor.signIn(BRENT);
}, 60_000);
afterAll(async () => {
  (service?.app.getHttpServer() as Server | undefined)?.closeAllConnections();
  await service?.stop();
});

/** A connection as somebody holds it who means no good, or whose network is bad. */
class Held {
  got = '';
  readonly closed: Promise<void>;

  private constructor(readonly socket: Socket) {
    socket.setEncoding('latin1').on('data', (chunk: string) => (this.got += chunk));
    // To be cut off while writing is what is waited for.
    socket.on('error', () => undefined);
    this.closed = new Promise((done) => socket.once('close', () => done()));
  }

  static async open(sent = ''): Promise<Held> {
    const { hostname, port } = new URL(service.base);
    const socket = connect({ host: hostname, port: Number(port) });
    const held = new Held(socket);
    await once(socket, 'connect');
    socket.write(sent);
    return held;
  }

  /** Goes on a byte at a time for as long as the other side bears it. */
  async drip(byte: string): Promise<void> {
    while (!this.socket.destroyed && !this.socket.readableEnded) {
      this.socket.write(byte);
      await setTimeout(20);
    }
  }

  /** What the server said before it hung up: nothing, or that it took too long. */
  get said(): string {
    return this.got.slice(0, 'HTTP/1.1 408'.length);
  }
}

const head = (method: string, path: string, headers: Record<string, string> = {}): string =>
  [
    `${method} ${path} HTTP/1.1`,
    'Host: claims.example',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n');

const ALREADY_CUT = ['', 'HTTP/1.1 408'];
/** One request of the API and one page, by connections of their own. */
const served = async (): Promise<number[]> => {
  const one = await service.get(BRENT, '/me', { connection: 'close' });
  const page = await fetch(`${service.base}/claims`, {
    headers: { cookie: visitor.cookie, connection: 'close' },
    redirect: 'manual',
  });
  await page.text();
  return [one.status, page.status];
};

/** The beginning of a form or a body that never comes to its end. */
const stalled = {
  api: async () =>
    `${head('POST', '/api/v1/claims', {
      Authorization: `Bearer ${await service.token(BRENT)}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': uuid(),
      'Content-Length': '1000',
    })}\r\n\r\n{"programme":`,
  form: () =>
    Promise.resolve(
      `${head('POST', '/claim-forms', {
        Cookie: visitor.cookie,
        Origin: service.base,
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': '1000',
      })}\r\n\r\n_csrf=`,
    ),
};

describe('a client that takes its time', () => {
  it('over the head of a request, a byte at a time, is cut off while others are served', async () => {
    const slow = await Held.open(`${head('GET', '/sign-in')}\r\nX-Slow: `);
    const dripping = slow.drip('x');
    expect(await served()).toEqual([200, 200]);
    await slow.closed;
    await dripping;
    expect(ALREADY_CUT).toContain(slow.said);
  });

  it('before it says anything is cut off', async () => {
    const silent = await Held.open();
    await silent.closed;
    expect(ALREADY_CUT).toContain(silent.said);
  });

  it.each(['api', 'form'] as const)('over a body (%s) is cut off, whether it stops or goes on slowly', async (kind) => {
    const stopped = await Held.open(await stalled[kind]());
    const dripping = await Held.open(await stalled[kind]());
    const drip = dripping.drip('x');
    expect(await served()).toEqual([200, 200]);
    await Promise.all([stopped.closed, dripping.closed]);
    await drip;
    expect(ALREADY_CUT).toContain(stopped.said);
    expect(ALREADY_CUT).toContain(dripping.said);
  });

  it('in the middle of a file is cut off, and nothing is left of the file', async () => {
    const { id } = await claims.draft(simpleBody('BRENT'));
    const part = [
      '--x',
      'Content-Disposition: form-data; name="files"; filename="a.pdf"',
      'Content-Type: application/pdf',
    ];
    const request = head('POST', `/api/v1/claims/${id}/evidence`, {
      Authorization: `Bearer ${await service.token(BRENT)}`,
      'Content-Type': 'multipart/form-data; boundary=x',
      'Idempotency-Key': uuid(),
      'Content-Length': '100000',
    });
    const slow = await Held.open(`${request}\r\n\r\n${part.join('\r\n')}\r\n\r\n%PDF-1.7\n${'x'.repeat(5_000)}`);
    await slow.closed;
    expect((await service.get(BRENT, `/claims/${id}/evidence`)).body['items']).toEqual([]);
    const unfinished = async () =>
      (await readdir(join(service.dataDir, 'storage'), { recursive: true, withFileTypes: true })).filter((one) =>
        one.isFile(),
      );
    while ((await unfinished()).length > 0) await setTimeout(20);
  });

  it('between two requests is let go', async () => {
    const idle = await Held.open(`${head('GET', '/health/live')}\r\n\r\n`);
    await idle.closed;
    expect(idle.got).toMatch(/^HTTP\/1\.1 200 /);
    expect(idle.got).toMatch(/connection: keep-alive/i);
  });

  it('is no fault of the service in its log', () => {
    const faults = logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 50);
    expect(faults).toEqual([]);
  });
});

describe('three hundred of them at once', () => {
  it('keep nobody else waiting, and are all cut off', async () => {
    const beginnings = [`${head('GET', '/')}\r\nX-Slow: x`, await stalled.api(), await stalled.form()];
    const slow = await Promise.all(Array.from({ length: 300 }, (_, at) => Held.open(beginnings[at % 3])));
    for (let times = 0; times < 3; times++) expect(await served()).toEqual([200, 200]);
    await Promise.all(slow.map(({ closed }) => closed));
    expect(slow.filter(({ said }) => !ALREADY_CUT.includes(said))).toEqual([]);
    expect(await served()).toEqual([200, 200]);
  });
});
