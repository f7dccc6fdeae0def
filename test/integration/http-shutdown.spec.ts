import { once } from 'node:events';
import { type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Get } from '@nestjs/common';
import { Readiness } from '#platform/server';
import { ApiController } from '#platform/http';
import { as, startHttpApp } from '../support/http-app.js';

let finish: () => void = () => undefined;
let begun: () => void = () => undefined;

@ApiController('slow')
class SlowController {
  @Get()
  async read() {
    begun();
    await new Promise<void>((resolve) => (finish = resolve));
    return { done: true };
  }
}

describe('stopping', () => {
  it('says it is not ready first, finishes what it began, then closes', async () => {
    const { app, call } = await startHttpApp([SlowController]);
    app.get(Readiness).drainMs = 3_000;
    const inHandler = new Promise<void>((resolve) => (begun = resolve));
    const slow = call({ method: 'GET', url: '/api/v1/slow', headers: as('good') });
    await inHandler;

    const closed = app.close();
    const ready = await call({ method: 'GET', url: '/health/ready' });
    expect([ready.statusCode, ready.json()]).toEqual([503, { ready: false, checks: { accepting: 'failed' } }]);
    expect((await call({ method: 'GET', url: '/health/live' })).statusCode).toBe(200);

    finish();
    expect((await slow).json()).toEqual({ done: true });
    await closed;
    await expect(call({ method: 'GET', url: '/health/live' })).rejects.toThrow();
  });

  it('waits for nobody who opened a connection and never asked for anything', async () => {
    const { app, call } = await startHttpApp([SlowController]);
    expect((await call({ method: 'GET', url: '/health/live' })).statusCode).toBe(200);
    const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
    const unused = connect(port, '127.0.0.1');
    await once(unused, 'connect');
    const gone = once(
      unused.resume().on('error', () => undefined),
      'close',
    );
    // Node alone would wait for its first request for a minute.
    await app.close();
    await gone;
  }, 30_000);
});
