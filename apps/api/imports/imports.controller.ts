import { Get, Header, Inject, Post, Query, Req } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { ApiBody, ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ImportClaims, ImportQuery, importTemplate, ImportView, MOST_IMPORT_BYTES, safeFileName } from '#claims';
import { DomainError, malformed } from '#kernel';
import { ApiController, Consumes, Creates, CurrentActor, readMultipart, readRaw } from '#platform/http';
import type { Actor } from '#platform/database';
import { validateQuery } from '#platform/validation';

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
    const file = request.isMultipart() ? await oneFile(request) : { bytes: await rawFile(request), fileName: null };
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

async function rawFile(request: FastifyRequest): Promise<Buffer> {
  const bytes = await readRaw(request, MOST_IMPORT_BYTES);
  if (bytes.length === 0) throw new DomainError('malformed', 'file_empty', 'The file is empty. Choose another one.');
  return bytes;
}

/** A form with one file and nothing else. */
async function oneFile(request: FastifyRequest): Promise<{ bytes: Buffer; fileName: string }> {
  const limits = { maxFiles: 1, maxBytesPerFile: MOST_IMPORT_BYTES, maxFields: 1 };
  const { files } = await readMultipart(request, limits, async ({ stream, filename }) => {
    const bytes = await buffer(stream).catch(brokenOff);
    return { bytes, fileName: safeFileName(filename), sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  const [file] = files;
  if (!file) throw malformed([{ path: 'file', code: 'required', message: 'Choose the file to import.' }]);
  if (file.bytes.length === 0)
    throw new DomainError('malformed', 'file_empty', 'The file is empty. Choose another one.');
  return file;
}

function brokenOff(): never {
  throw malformed([{ path: 'file', code: 'broken_form', message: 'The file did not arrive whole. Send it again.' }]);
}
