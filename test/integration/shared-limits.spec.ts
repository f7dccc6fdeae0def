import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { callerAddress } from '#platform/http';
import { as, startHttpApp, type HttpTestApp } from '../support/http-app.js';
import { Service } from '../support/service.js';
import { ThingsController } from '../support/things.controller.js';

const REDIS = process.env['TEST_REDIS_URL'];
/** A database of the tests' Redis that no other spec uses. */
const OURS = `${REDIS}/14`;
const suite = REDIS === undefined ? describe.skip : describe;

/** A way to Redis that a test can cut and mend. */
class Line {
  private readonly open = new Set<Socket>();
  private server: TcpServer;
  private port = 0;

  async mend(): Promise<void> {
    const { hostname, port } = new URL(OURS);
    this.server = createServer((from) => {
      const to = connect(Number(port), hostname);
      for (const socket of [from, to]) {
        this.open.add(socket);
        socket.on('error', () => undefined).on('close', () => this.open.delete(socket));
      }
      from.pipe(to).pipe(from);
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async cut(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    for (const socket of this.open) socket.destroy();
    await closed;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/14`;
  }
}

const started: HttpTestApp[] = [];
const start = async (redisUrl: string, perMinute = '3'): Promise<HttpTestApp> => {
  const app = await startHttpApp([ThingsController], {
    env: { REDIS_URL: redisUrl, RATE_LIMIT_PER_MINUTE: perMinute },
  });
  started.push(app);
  return app;
};
const ask = async ({ call }: HttpTestApp, who = 'good'): Promise<number> =>
  (await call({ method: 'GET', url: '/api/v1/things', headers: as(who) })).statusCode;
const times = async (count: number, what: () => Promise<number>): Promise<number[]> => {
  const statuses: number[] = [];
  while (statuses.length < count) statuses.push(await what());
  return statuses;
};
const open = async ({ base }: Service, path: string): Promise<number> => {
  const answer = await fetch(`${base}${path}`);
  await answer.text();
  return answer.status;
};
const said = ({ logged }: HttpTestApp, words: string): number => logged.filter((line) => line.includes(words)).length;

suite('limits of several processes with one Redis', () => {
  let redis: Redis;
  beforeAll(() => {
    redis = new Redis(OURS);
  });
  afterEach(async () => {
    for (const { app } of started.splice(0)) await app.close();
    await redis.flushdb();
  });
  afterAll(() => redis?.quit());

  it('are counted together, by user', async () => {
    const [one, two] = [await start(OURS), await start(OURS)];
    expect([await ask(one), await ask(two), await ask(one)]).toEqual([200, 200, 200]);
    expect([await ask(two), await ask(one)]).toEqual([429, 429]);
    expect(await ask(two, 'other')).toBe(200);
    const refused = await two.call({ method: 'GET', url: '/api/v1/things', headers: as('good') });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('are kept for a minute and no longer, under keys of their own', async () => {
    await ask(await start(OURS));
    const keys = await redis.keys('*');
    expect(keys).toEqual([expect.stringMatching(/^claims:limit:/)]);
    const left = await redis.pttl(keys[0]!);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(60_000);
  });

  it('of refused tokens are counted together too', async () => {
    const [one, two] = [await start(OURS), await start(OURS)];
    const statuses: number[] = [];
    for (let tries = 0; tries < 60; tries++) {
      statuses.push(await ask(one, `guess${tries}`), await ask(two, `guess${tries}`));
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(100);
    expect(statuses.slice(100)).toEqual(Array(20).fill(429));
  });

  it('of pages and of sign-ins are counted together', async () => {
    const env = { REDIS_URL: OURS, SIGN_INS_PER_MINUTE: '5' };
    const services = [await Service.start({ web: true, env }), await Service.start({ web: true, env })];
    try {
      const statuses: number[] = [];
      for (let tries = 0; tries < 7; tries++) {
        statuses.push(await open(services[tries % 2]!, `/invitation/${'x'.repeat(43)}`));
      }
      expect(statuses).toEqual([404, 404, 404, 404, 404, 429, 429]);
      expect(await open(services[0]!, '/sign-in')).toBe(200);
    } finally {
      for (const service of services) await service.stop();
    }
  }, 60_000);

  it('are counted by each for itself while Redis is away, which is said once, and go on together afterwards', async () => {
    const line = new Line();
    await line.mend();
    const app = await start(line.url);
    expect(await ask(app)).toBe(200);
    expect(said(app, 'Redis')).toBe(0);
    await line.cut();
    expect(await times(4, () => ask(app))).toEqual([200, 200, 200, 429]);
    expect(said(app, 'Redis does not count')).toBe(1);
    await line.mend();
    while (said(app, 'Redis answers again') === 0) {
      await setTimeout(100);
      await ask(app, 'other');
    }
    await line.cut();
  });

  it('do not keep a process from starting whose Redis is not there', async () => {
    const line = new Line();
    await line.mend();
    await line.cut();
    const app = await start(line.url);
    expect(await times(4, () => ask(app))).toEqual([200, 200, 200, 429]);
    expect(said(app, 'Redis does not count')).toBe(1);
  });
});

describe('the address that is counted', () => {
  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:db8:1:2::9', '2001:db8:1:2::'],
    ['2001:db8:1:3::9', '2001:db8:1:3::'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['192.0.2.7', '192.0.2.7'],
  ])('of %s is %s: a whole network of IPv6 is one caller', (ip, counted) => {
    expect(callerAddress({ ip })).toBe(counted);
  });
});
