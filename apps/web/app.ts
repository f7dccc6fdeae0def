import type { ArgumentsHost } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type HttpAppOptions } from '#platform/server';
import { PageFilter } from './page/page.filter.js';
import { configurePages } from './page/page-http.js';

/** What an application needs besides WebModule to serve pages: their sessions and headers, and errors as pages. */
export const webOptions = {
  extend: [configurePages],
  filters: (app: NestFastifyApplication) => [
    { prefix: '/', filter: { catch: (error: unknown, host: ArgumentsHost) => app.get(PageFilter).catch(error, host) } },
  ],
} satisfies Pick<HttpAppOptions, 'extend' | 'filters'>;
