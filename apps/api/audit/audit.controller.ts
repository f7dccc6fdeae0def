import { Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  AUDIT_COLUMNS,
  AuditEntryView,
  AuditVerification,
  ListAudit,
  ListAuditInput,
  VerifyAudit,
  VerifyAuditInput,
} from '#audit';
import { type Actor } from '#platform/database';
import { Answers, AnswersList, ApiController, CurrentActor, type Page } from '#platform/http';

@ApiTags('Audit')
@ApiController('audit')
export class AuditController {
  constructor(
    @Inject(ListAudit) private readonly listAudit: ListAudit,
    @Inject(VerifyAudit) private readonly verifyAudit: VerifyAudit,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Read the audit trail, newest first; an authority’s users read its own chain' })
  @ApiQuery({ type: ListAuditInput })
  @AnswersList(AuditEntryView, { csv: AUDIT_COLUMNS })
  list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<AuditEntryView>> {
    return this.listAudit.run(actor, query);
  }

  @Get('verify')
  @ApiOperation({ summary: 'Recompute the audit trail and compare it with its heads and checkpoints' })
  @ApiQuery({ type: VerifyAuditInput })
  @Answers(AuditVerification, 'What was found. 200 whether or not something is wrong.')
  verify(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<AuditVerification> {
    return this.verifyAudit.run(actor, query);
  }
}
