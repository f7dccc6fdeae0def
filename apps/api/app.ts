import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApp, type HttpAppOptions } from '#platform/server';
import { ApiDescription } from './docs.controller.js';
import { buildOpenApi } from './openapi.js';

/** What an application needs besides ApiModule to serve the API: the description of what it serves. */
export const apiOptions = {
  extend: [
    (app: NestFastifyApplication): void => {
      app.get(ApiDescription).build = () => buildOpenApi(app);
    },
  ],
} satisfies Pick<HttpAppOptions, 'extend'>;

/** The API as an initialised application that does not listen yet. `root` mounts ApiModule with what is one a process. */
export const createApiApp = (
  root: Type | DynamicModule,
  options: Omit<HttpAppOptions, 'extend'>,
): Promise<NestFastifyApplication> => createHttpApp(root, { ...options, ...apiOptions });
