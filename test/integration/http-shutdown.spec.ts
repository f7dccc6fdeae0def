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
    app.get(Readiness).drainMs = 300;
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
});
