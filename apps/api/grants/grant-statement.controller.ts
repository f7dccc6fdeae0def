import { createHash } from 'node:crypto';
import { Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RenderPool } from '#documents';
import { GrantStatements, StatementFilters } from '#grants';
import { GRANT_STATEMENT } from '#grants/documents';
import { type Actor } from '#platform/database';
import { AnswersFile, ApiController, CurrentActor, sendFile } from '#platform/http';
import { codeOf } from '#programme';
import { validateQuery } from '#platform/validation';

@ApiTags('Grants')
@ApiController('authorities/:code/grant/statement')
export class GrantStatementController {
  constructor(
    @Inject(GrantStatements) private readonly statements: GrantStatements,
    @Inject(RenderPool) private readonly pool: RenderPool,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The annual statement for the section 151 officer, made from what is recorded now' })
  @ApiQuery({ type: StatementFilters })
  @AnswersFile('A tagged PDF/A-3; the same records give the same bytes.', 'application/pdf')
  async statement(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const filters = validateQuery(StatementFilters, query);
    const authority = codeOf(code, 'authority');
    const model = await this.statements.model(actor, authority, filters);
    const { pdf } = await this.pool.render({ kind: GRANT_STATEMENT, model });
    await sendFile(request, reply, {
      fileName: `grant-statement-${authority}-${model.year.from.slice(0, 4)}.pdf`,
      mediaType: 'application/pdf',
      sha256: createHash('sha256').update(pdf).digest('hex'),
      bytes: pdf,
    });
  }
}
