import { Body, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { MappingInput, MappingQuery, MappingView, StatementMappings } from '#payments';
import { type Actor } from '#platform/database';
import { Answers, AnswersList, ApiController, CurrentActor, IfMatch, type Page } from '#platform/http';
import { type ExpectedVersion } from '#platform/validation';

const CSV = ['name', 'programme', 'delimiter', 'decimal', 'dateFormat', 'order', 'savedBy', 'savedAt', 'version'];

/** How banks lay out their CSV. To authorities none of it is there. */
@ApiTags('Bank statements')
@ApiController('bank-statement-mappings')
export class StatementMappingsController {
  constructor(@Inject(StatementMappings) private readonly mappings: StatementMappings) {}

  @Get()
  @ApiOperation({ summary: 'The saved mappings, by name' })
  @ApiQuery({ type: MappingQuery })
  @AnswersList(MappingView, { csv: CSV })
  list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<MappingView>> {
    return this.mappings.list(actor, query);
  }

  @Get(':name')
  @ApiOperation({ summary: 'One saved mapping' })
  @ApiQuery({ type: MappingQuery })
  @Answers(MappingView, 'The mapping.')
  get(@CurrentActor() actor: Actor, @Param('name') name: string, @Query() query: unknown): Promise<MappingView> {
    return this.mappings.read(actor, name, query);
  }

  @Put(':name')
  @ApiOperation({ summary: 'Save how a bank lays out its CSV; If-Match is "v0" or * where there is none yet' })
  @ApiQuery({ type: MappingQuery })
  @ApiBody({ type: MappingInput })
  @Answers(MappingView, 'The mapping as it is now.')
  save(
    @CurrentActor() actor: Actor,
    @Param('name') name: string,
    @Query() query: unknown,
    @Body() body: unknown,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<MappingView> {
    return this.mappings.save(actor, { name, query, expected }, body);
  }
}
