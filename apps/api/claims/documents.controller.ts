import { Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExtension, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DocumentQueries } from '#claims';
import { DocumentFiles } from '#documents';
import { type Actor } from '#platform/database';
import {
  AnswersFile,
  AnswersList,
  ApiController,
  CurrentActor,
  listQuery,
  page,
  type Page,
  idOf,
  sendFile,
} from '#platform/http';
import { EmptyInput, kinds } from '#platform/validation';
import { DocumentView } from './claim-views.js';

/** Files are made after the document is issued: until then 409 `document_not_ready`. */
const MadeLater = () => ApiExtension('x-statuses', [409]);

@ApiTags('Documents')
@ApiController('claims/:id')
export class ClaimDocumentsController {
  constructor(@Inject(DocumentQueries) private readonly documents: DocumentQueries) {}

  @Get('documents')
  @ApiOperation({ summary: 'Invoices and credit notes of a claim in the order they were issued' })
  @AnswersList(DocumentView, { csv: ['number', 'kind', 'issuedOn', 'totalPence', 'refersTo', 'state'] })
  async list(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<Page<DocumentView>> {
    const { page: wanted } = listQuery(EmptyInput, query, [kinds.uuid()]);
    const after = (wanted.after?.[0] ?? null) as string | null;
    const rows = await this.documents.list(actor, idOf(id, 'claim'), after, wanted.limit + 1);
    return page(rows, wanted.limit, (last) => [last.id]);
  }

  @Get('invoice')
  @ApiOperation({ summary: 'The latest claim invoice as PDF, checked against its recorded hash' })
  @MadeLater()
  @AnswersFile('The PDF/A-3 file, with the XML attached.', 'application/pdf')
  async pdf(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.documents.invoice(actor, idOf(id, 'claim'), 'pdf'));
  }

  @Get('invoice.xml')
  @ApiOperation({ summary: 'The latest claim invoice as UBL 2.1 per EN 16931' })
  @MadeLater()
  @AnswersFile('The XML.', 'application/xml')
  async xml(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.documents.invoice(actor, idOf(id, 'claim'), 'xml'));
  }
}

@ApiTags('Documents')
@ApiController('documents')
export class DocumentsController {
  constructor(@Inject(DocumentFiles) private readonly files: DocumentFiles) {}

  @Get(':documentId/pdf')
  @ApiOperation({ summary: 'Any issued invoice or credit note as PDF' })
  @MadeLater()
  @AnswersFile('The PDF.', 'application/pdf')
  async pdf(
    @CurrentActor() actor: Actor,
    @Param('documentId') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.files.read(actor, idOf(id, 'document'), 'pdf'));
  }

  @Get(':documentId/xml')
  @ApiOperation({ summary: 'Any issued invoice or credit note as UBL 2.1' })
  @MadeLater()
  @AnswersFile('The XML.', 'application/xml')
  async xml(
    @CurrentActor() actor: Actor,
    @Param('documentId') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.files.read(actor, idOf(id, 'document'), 'xml'));
  }
}
