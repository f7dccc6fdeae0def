import { Body, Get, Inject, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  AddedEvidenceView,
  AddEvidence,
  EVIDENCE_MEDIA_TYPES,
  EvidenceView,
  MOST_EVIDENCE_BYTES,
  MOST_FILES_AT_ONCE,
  ReadEvidence,
  RemoveEvidence,
  RemoveEvidenceInput,
} from '#claims';
import {
  alreadyHas,
  Answers,
  AnswersFile,
  AnswersList,
  ApiController,
  Consumes,
  Creates,
  CurrentActor,
  listQuery,
  page,
  readMultipart,
  type LocationOf,
  type Page,
} from '#platform/http';
import type { Actor } from '#platform/database';
import { EmptyInput, kinds } from '#platform/validation';

const FORM = {
  type: 'object',
  required: ['files'],
  properties: {
    files: { type: 'array', items: { type: 'string', format: 'binary' }, minItems: 1, maxItems: MOST_FILES_AT_ONCE },
    trainerInvoiceId: { type: 'string', format: 'uuid' },
    description: { type: 'string', maxLength: 500 },
  },
};

const CSV_COLUMNS = [
  ...[
    'id',
    'claimId',
    'trainerInvoiceId',
    'fileName',
    'description',
    'mediaType',
    'declaredOtherwise',
    'size',
    'sha256',
  ],
  ...['uploadedBy', 'uploadedAt', 'removedAt', 'removedBy', 'removedReason'],
];

/** One file has an address of its own; several are found in the list. */
const locationOfOne: LocationOf = (body, path) => {
  const { items } = body as unknown as AddedEvidenceView;
  return items.length === 1 ? `${path}/${items[0]!.id}` : null;
};

const listShape = [kinds.uuid()];

@ApiTags('evidence')
@ApiController('claims/:id/evidence')
export class EvidenceController {
  constructor(
    @Inject(AddEvidence) private readonly adding: AddEvidence,
    @Inject(ReadEvidence) private readonly reading: ReadEvidence,
    @Inject(RemoveEvidence) private readonly removing: RemoveEvidence,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Add files: PDF, PNG, JPEG, EML, XLSX or CSV by their bytes, each up to 10 MB' })
  @Consumes('multipart/form-data')
  @ApiBody({ schema: FORM })
  @Creates(AddedEvidenceView, { location: locationOfOne })
  async add(
    @CurrentActor() actor: Actor,
    @Param('id') claimId: string,
    @Req() request: FastifyRequest,
  ): Promise<AddedEvidenceView> {
    await this.adding.check(actor, claimId);
    let at = 0;
    // One byte more than is taken, so that the storage sees the file is too large and refuses by its own code.
    const limits = { maxFiles: MOST_FILES_AT_ONCE, maxBytesPerFile: MOST_EVIDENCE_BYTES + 1 };
    const { files, fields } = await readMultipart(request, limits, (file) => this.adding.receive(file, at++));
    return this.adding.add(actor, claimId, files, fields);
  }

  @Get()
  @ApiOperation({ summary: 'Files of a claim in the order they were added, removed ones included' })
  @AnswersList(EvidenceView, { csv: CSV_COLUMNS })
  async list(
    @CurrentActor() actor: Actor,
    @Param('id') claimId: string,
    @Query() query: unknown,
  ): Promise<Page<EvidenceView>> {
    const { page: wanted } = listQuery(EmptyInput, query, listShape);
    const after = (wanted.after?.[0] ?? null) as string | null;
    const found = await this.reading.list(actor, claimId, { limit: wanted.limit, after });
    return page(found, wanted.limit, ({ id }) => [id]);
  }

  @Get(':evidenceId')
  @ApiOperation({ summary: 'The file itself, checked against its hash; shown in place only when a PDF or an image' })
  @AnswersFile('The bytes as they were sent, under the type found from them.', ...EVIDENCE_MEDIA_TYPES)
  async content(
    @CurrentActor() actor: Actor,
    @Param('id') claimId: string,
    @Param('evidenceId') evidenceId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const content = await this.reading.content(actor, claimId, evidenceId);
    const etag = `"${content.sha256}"`;
    void reply.header('etag', etag).header('vary', 'Authorization');
    if (alreadyHas(request, etag)) {
      void reply.code(304);
      return undefined;
    }
    const stream = await content.open();
    void reply.headers(content.headers);
    return new StreamableFile(stream);
  }

  @Post(':evidenceId/remove')
  @ApiOperation({ summary: 'Take a file off a draft or returned claim; its record stays' })
  @ApiBody({ type: RemoveEvidenceInput })
  @Answers(EvidenceView)
  remove(
    @CurrentActor() actor: Actor,
    @Param('id') claimId: string,
    @Param('evidenceId') evidenceId: string,
    @Body() body: unknown,
  ): Promise<EvidenceView> {
    return this.removing.run(actor, claimId, evidenceId, body);
  }
}
