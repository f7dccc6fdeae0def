import { Get, Header, Inject, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ImportClaims, ImportQuery, importTemplate, ImportView, MOST_IMPORT_BYTES } from '#claims';
import { ApiController, Consumes, Creates, CurrentActor } from '#platform/http';
import type { Actor } from '#platform/database';
import { validateQuery } from '#platform/validation';
import { readUploadedFile } from '../uploaded-file.js';

@ApiTags('imports')
@ApiController('claim-imports')
export class ImportsController {
  constructor(@Inject(ImportClaims) private readonly importing: ImportClaims) {}

  @Post()
  @ApiOperation({ summary: 'Turn a CSV file into drafts: all of it or nothing, every failing row named' })
  @Consumes('text/csv', 'multipart/form-data')
  @ApiBody({
    schema: { type: 'string' },
    description: 'CSV as GET /claim-imports/template gives it, up to 10,000 rows.',
  })
  @ApiQuery({ name: 'again', required: false, schema: { type: 'boolean' }, description: 'Import the same file again.' })
  @Creates(ImportView, { location: () => null })
  async import(
    @CurrentActor() actor: Actor,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
  ): Promise<ImportView> {
    const { again = false } = validateQuery(ImportQuery, query);
    const file = await readUploadedFile(request, MOST_IMPORT_BYTES);
    return this.importing.run(actor, { ...file, again });
  }

  @Get('template')
  @ApiOperation({ summary: 'The heading every import has, with an example to overwrite' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ description: 'CSV.', content: { 'text/csv': { schema: { type: 'string' } } } })
  @Header('content-type', 'text/csv; charset=utf-8; header=present')
  @Header('content-disposition', 'attachment; filename="claim-import.csv"')
  template(): string {
    return importTemplate();
  }
}
