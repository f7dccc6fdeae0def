import { Controller, UseFilters, UseGuards, UseInterceptors, applyDecorators } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { PageFilter } from './page.filter.js';
import { PageGuard } from './page.guard.js';
import { PageInterceptor } from './page.interceptor.js';

/**
 * A controller of pages: `@PageController('claims')` is `/claims`. It brings its own guard (sign-in, origin, CSRF), interceptor
 * (templates, notices, a form sent twice) and filter (errors as pages), since one process may carry the API too.
 */
export const PageController = (path = ''): ClassDecorator =>
  applyDecorators(
    Controller(path),
    UseGuards(PageGuard),
    UseInterceptors(PageInterceptor),
    UseFilters(PageFilter),
    ApiExcludeController(),
  );
