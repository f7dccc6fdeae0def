import { Get, Header, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { GrantImportQuery, GrantImportView, grantTemplate, ImportGrantEntries, MOST_GRANT_IMPORT_BYTES } from '#grants';
import { type Actor } from '#platform/database';
import { ApiController, Consumes, Creates, CurrentActor } from '#platform/http';
import { codeOf } from '#programme';
import { validateQuery } from '#platform/validation';
import { readUploadedFile } from '../uploaded-file.js';

@ApiTags('Grants')
@ApiController('authorities/:code/grant/imports')
export class GrantImportsController {
  constructor(@Inject(ImportGrantEntries) private readonly importing: ImportGrantEntries) {}

  @Post()
  @ApiOperation({ summary: 'Record the spending of a CSV file: all of it or nothing, every failing row named' })
  @Consumes('text/csv', 'multipart/form-data')
  @ApiBody({ schema: { type: 'string' }, description: 'CSV as /grant-imports/template gives it, up to 10,000 rows.' })
  @ApiQuery({ type: GrantImportQuery })
  @Creates(GrantImportView, { location: () => null })
  async import(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
  ): Promise<GrantImportView> {
    const { again = false, programme = null } = validateQuery(GrantImportQuery, query);
    const authority = codeOf(code, 'authority');
    const { bytes } = await readUploadedFile(request, MOST_GRANT_IMPORT_BYTES);
    return this.importing.run(actor, authority, { bytes, again, programme });
  }
}

@ApiTags('Grants')
@ApiController('grant-imports')
export class GrantTemplateController {
  @Get('template')
  @ApiOperation({ summary: 'The heading a file of spending has, with an example to overwrite' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ description: 'CSV.', content: { 'text/csv': { schema: { type: 'string' } } } })
  @Header('content-type', 'text/csv; charset=utf-8; header=present')
  @Header('content-disposition', 'attachment; filename="grant-spending.csv"')
  template(): string {
    return grantTemplate();
  }
}
