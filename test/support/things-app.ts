import { afterAll, beforeAll } from '@jest/globals';
import { as, startHttpApp, type Answer, type Call, type HttpTestApp } from './http-app.js';
import { ThingsController } from './things.controller.js';

/** The HTTP layer around `things`, there from before the tests of a file until after them, and calls of somebody known. */
export class ThingsApp {
  #app: HttpTestApp | undefined;

  static aroundTests(): ThingsApp {
    const things = new ThingsApp();
    beforeAll(async () => {
      things.#app = await startHttpApp([ThingsController]);
    });
    afterAll(() => things.#app?.app.close());
    return things;
  }

  get started(): HttpTestApp {
    if (!this.#app) throw new Error('the application is started before the tests, not while they are read');
    return this.#app;
  }

  readonly call = (options: Call): Promise<Answer> => this.started.call(options);

  readonly get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    this.call({ method: 'GET', url: `/api/v1/${path}`, headers: as('good', headers) });

  readonly post = (path: string, payload?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    this.call({ method: 'POST', url: `/api/v1/${path}`, headers: as('good', headers), payload });
}
