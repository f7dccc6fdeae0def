import { Controller, Get, Param, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { notFound } from '#kernel';
import { ProblemFilter } from '#platform/http';
import { ERROR_CODES, type ErrorCode } from './error-codes.js';

/** What the `type` of a problem leads to. Open to all. */
@ApiExcludeController()
@UseFilters(ProblemFilter)
@Controller('api/errors')
export class ErrorsController {
  @Get()
  list(): { items: readonly ErrorCode[] } {
    return { items: ERROR_CODES };
  }

  @Get(':code')
  read(@Param('code') code: string): ErrorCode {
    const found = ERROR_CODES.find((one) => one.code === code);
    if (!found) throw notFound('error code');
    return found;
  }
}
