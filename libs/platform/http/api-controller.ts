import { Controller, UseFilters, UseGuards, UseInterceptors, applyDecorators } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { AnswerInterceptor } from './answer.interceptor.js';
import { BearerGuard } from './authentication.js';
import { BodyTypeGuard } from './body-type.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { ProblemFilter } from './problem.filter.js';

export const API_PREFIX = '/api/v1';

/**
 * A controller of the API: `@ApiController('claims')` is `/api/v1/claims`. It brings its own guards, filter and
 * interceptors, since one process may carry pages too, which answer otherwise.
 */
export const ApiController = (path: string): ClassDecorator =>
  applyDecorators(
    Controller(`${API_PREFIX.slice(1)}/${path}`.replace(/\/$/, '')),
    UseGuards(BearerGuard, BodyTypeGuard),
    UseInterceptors(AnswerInterceptor, IdempotencyInterceptor),
    UseFilters(ProblemFilter),
    ApiBearerAuth(),
  );
