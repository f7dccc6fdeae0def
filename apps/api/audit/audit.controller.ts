import { Get, Inject, Post, Query } from '@nestjs/common';
import { ApiExtension, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  AUDIT_COLUMNS,
  AuditEntryView,
  AuditVerification,
  CheckpointView,
  ListAudit,
  ListAuditInput,
  SealCheckpoint,
  VerifyAudit,
  VerifyAuditInput,
} from '#audit';
import { type Actor } from '#platform/database';
import {
  Answers,
  AnswersList,
  ApiController,
  Creates,
  CurrentActor,
  IgnoresIdempotencyKey,
  type Page,
} from '#platform/http';

@ApiTags('Audit')
@ApiController('audit')
export class AuditController {
  constructor(
    @Inject(ListAudit) private readonly listAudit: ListAudit,
    @Inject(VerifyAudit) private readonly verifyAudit: VerifyAudit,
    @Inject(SealCheckpoint) private readonly sealCheckpoint: SealCheckpoint,
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
  @ApiExtension('x-statuses', [409])
  @Answers(AuditVerification, 'What was found. 200 whether or not something is wrong.')
  verify(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<AuditVerification> {
    return this.verifyAudit.run(actor, query);
  }

  /** Sealing twice does no harm, and a kept answer would not be a new seal. */
  @Post('checkpoints')
  @IgnoresIdempotencyKey()
  @ApiOperation({ summary: 'Seal the heads of all chains now, in the database and in a file' })
  @Creates(CheckpointView, { location: () => null })
  seal(@CurrentActor() actor: Actor): Promise<CheckpointView> {
    return this.sealCheckpoint.run(actor);
  }
}
