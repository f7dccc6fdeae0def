import { Body, Get, Param, Post, Put, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { conflict, forbidden, notFound, refused } from '#kernel';
import type { Actor } from '#platform/database';
import {
  Answers,
  AnswersList,
  ApiController,
  Consumes,
  Creates,
  CurrentActor,
  IfMatch,
  Public,
  RequiresIdempotencyKey,
  listQuery,
  page,
  readMultipart,
  readRaw,
} from '#platform/http';
import {
  IntegerField,
  TextField,
  UuidField,
  kinds,
  requireVersion,
  validateInput,
  type ExpectedVersion,
} from '#platform/validation';
import { USER_ID } from './http-app.js';

class ThingInput {
  @TextField({ max: 50 }) label: string;
}

export class Thing {
  @UuidField() id: string;
  @TextField() label: string;
  @IntegerField() version: number;
}

class ThingFilters {
  @TextField({ optional: true }) label?: string;
}

export const THINGS = ['=1+1', 'beta', 'gamma'].map((label, index) => ({
  id: `01890a5d-ac96-774b-bcce-00000000000${index}`,
  label,
  version: index + 1,
}));

/** A controller that uses everything the HTTP layer gives. */
@ApiController('things')
export class ThingsController {
  @Get()
  @AnswersList(Thing, { csv: ['id', 'label', 'hold.reason'] })
  list(@Query() query: unknown) {
    const { filters, page: request } = listQuery(ThingFilters, query, [kinds.uuid()]);
    const after = request.after?.[0];
    const rows = THINGS.filter((one) => !after || one.id > after)
      .filter((one) => filters.label === undefined || one.label === filters.label)
      .slice(0, request.limit + 1);
    return page(rows, request.limit, (last) => [last.id]);
  }

  @Get('open')
  @Public()
  open() {
    return { open: true };
  }

  @Get(':id')
  @Answers(Thing)
  read(@Param('id') id: string) {
    const found = THINGS.find((one) => one.id === id);
    if (!found) throw notFound('thing');
    return found;
  }

  @Post()
  @Creates(Thing)
  create(@Body() body: unknown, @CurrentActor() actor: Actor) {
    const input = validateInput(ThingInput, body);
    return { id: actor.userId, label: input.label, version: 1 };
  }

  @Put(':id')
  @Answers(Thing)
  replace(@Body() body: unknown, @IfMatch() expected: ExpectedVersion) {
    const input = validateInput(ThingInput, body);
    requireVersion(expected, 3);
    return { id: USER_ID, label: input.label, version: 4 };
  }

  @Post(':id/step')
  step(@CurrentActor() actor: Actor) {
    return { requestId: actor.requestId };
  }

  @Post(':id/pay')
  @RequiresIdempotencyKey()
  pay() {
    return {};
  }

  @Post('fail/:how')
  fail(@Param('how') how: string) {
    if (how === 'conflict') throw conflict('state_conflict', 'No.');
    if (how === 'forbidden') throw forbidden('role_not_allowed', 'No.');
    if (how === 'refused')
      throw refused('nothing_to_reimburse', 'No.', [{ path: 'a', code: 'vat_mismatch', message: 'No.' }]);
    if (how === 'database') throw Object.assign(new Error('Key (email)=(ann@x.example) exists'), { code: '23505' });
    if (how === 'outage') throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    throw new Error('the secret is 42');
  }

  @Post('raw')
  @Consumes('text/csv')
  async raw(@Req() request: FastifyRequest) {
    return { size: (await readRaw(request, 100)).length };
  }

  @Post('form')
  @Consumes('multipart/form-data')
  async form(@Req() request: FastifyRequest) {
    const { files, fields } = await readMultipart(request, { maxFiles: 2, maxBytesPerFile: 10 }, async (file) => {
      let size = 0;
      for await (const chunk of file.stream as AsyncIterable<Buffer>) size += chunk.length;
      return { sha256: String(size), size, filename: file.filename };
    });
    return { files, fields };
  }
}
