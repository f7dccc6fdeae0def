import { Body, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  AuthorityInput,
  BankDetailsInput,
  ConfirmBankDetails,
  ConfirmBankDetailsInput,
  MoveAllocation,
  MoveInput,
  PARTY_CODE,
  ProgrammeQueries,
  ReplaceBankDetails,
  UpdateAuthority,
  WhichProgramme,
  codeOf,
} from '#programme';
import { type Actor } from '#platform/database';
import {
  Answers,
  AnswersList,
  ApiController,
  Creates,
  CurrentActor,
  IfMatch,
  listQuery,
  page,
  VersionLetter,
  type Page,
} from '#platform/http';
import { EmptyInput, kinds, type ExpectedVersion } from '#platform/validation';
import {
  AllocationItemView,
  AllocationMoveView,
  AuthorityView,
  BankAccountView,
  ProgrammeView,
} from './programme-views.js';

/** Which programme, where an authority may take part in several. */
class OfProgramme {
  @WhichProgramme()
  programme?: string;
}

const PROFILE_CSV = ['code', 'name', 'onsCode', 'legalName', 'addressLines', 'postcode', 'country', 'contactEmail'];
const ALLOCATION_CSV = [
  ...['category', 'label', 'allottedDays', 'reservedDays', 'usedDays', 'drawnDays', 'leftDays'],
  ...['forecast.runsOutOn', 'forecast.text'],
];

@ApiTags('Programmes')
@ApiController('programmes')
export class ProgrammesController {
  constructor(@Inject(ProgrammeQueries) private readonly queries: ProgrammeQueries) {}

  @Get(':code')
  @ApiOperation({ summary: 'A programme with its terms in force' })
  @Answers(ProgrammeView, 'The programme.')
  get(@CurrentActor() actor: Actor, @Param('code') code: string): Promise<ProgrammeView> {
    return this.queries.programme(actor, codeOf(code, 'programme'));
  }
}

@ApiTags('Authorities')
@ApiController('authorities')
export class AuthoritiesController {
  constructor(
    @Inject(ProgrammeQueries) private readonly queries: ProgrammeQueries,
    @Inject(UpdateAuthority) private readonly update: UpdateAuthority,
    @Inject(ReplaceBankDetails) private readonly bank: ReplaceBankDetails,
    @Inject(ConfirmBankDetails) private readonly confirming: ConfirmBankDetails,
    @Inject(MoveAllocation) private readonly moving: MoveAllocation,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Authorities: code, name and ONS code to all, the rest to its own people and MTM' })
  @AnswersList(AuthorityView, { csv: PROFILE_CSV })
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<AuthorityView>> {
    const { page: wanted } = listQuery(EmptyInput, query, [kinds.code(PARTY_CODE)]);
    const rows = await this.queries.authorities(actor, (wanted.after?.[0] ?? null) as string | null, wanted.limit + 1);
    return page(rows, wanted.limit, (last) => [last.code]);
  }

  @Get(':code')
  @ApiOperation({ summary: 'One authority with its address, invoice contact and the end of its account number' })
  @Answers(AuthorityView, 'The authority.')
  get(@CurrentActor() actor: Actor, @Param('code') code: string): Promise<AuthorityView> {
    return this.queries.authority(actor, codeOf(code, 'authority'));
  }

  @Put(':code')
  @ApiOperation({ summary: 'Replace the address and invoice contact that claim invoices print' })
  @ApiBody({ type: AuthorityInput })
  @Answers(AuthorityView, 'The authority as it is now.')
  replace(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Body() body: unknown,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<AuthorityView> {
    return this.update.run(actor, codeOf(code, 'authority'), body, expected);
  }

  @Get(':code/bank-details')
  @ApiOperation({ summary: 'The account claims are paid to, by its last four digits; version 0 before any is entered' })
  @Answers(BankAccountView, 'The account.')
  @VersionLetter('b')
  bankDetails(@CurrentActor() actor: Actor, @Param('code') code: string): Promise<BankAccountView> {
    return this.queries.bankDetails(actor, codeOf(code, 'authority'));
  }

  @Put(':code/bank-details')
  @ApiOperation({ summary: 'Replace the account claims are paid to' })
  @ApiBody({ type: BankDetailsInput })
  @Answers(BankAccountView, 'The account as it is now.')
  @VersionLetter('b')
  replaceBankDetails(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Body() body: unknown,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<BankAccountView> {
    return this.bank.run(actor, codeOf(code, 'authority'), body, expected);
  }

  @Post(':code/bank-details/confirm')
  @ApiOperation({ summary: 'Record the call by which the account was checked: only then it is paid to' })
  @ApiBody({ type: ConfirmBankDetailsInput })
  @Answers(BankAccountView, 'The account, confirmed.')
  @VersionLetter('b')
  confirmBankDetails(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Body() body: unknown,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<BankAccountView> {
    return this.confirming.run(actor, codeOf(code, 'authority'), body, expected);
  }

  @Get(':code/allocations')
  @ApiOperation({ summary: 'Days allotted, drawn and left by category, and how long they will last' })
  @ApiQuery({ type: OfProgramme })
  @AnswersList(AllocationItemView, { csv: ALLOCATION_CSV })
  async allocations(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
  ): Promise<Page<AllocationItemView>> {
    const { filters, page: wanted } = listQuery(OfProgramme, query, [kinds.text()]);
    const after = (wanted.after?.[0] ?? '') as string;
    const rows = await this.queries.allocations(actor, codeOf(code, 'authority'), filters.programme ?? null);
    return page(rows.filter((row) => row.category > after).slice(0, wanted.limit + 1), wanted.limit, (last) => [
      last.category,
    ]);
  }

  @Get(':code/allocations/moves')
  @ApiOperation({ summary: 'Moves of days from or to this authority, newest first' })
  @AnswersList(AllocationMoveView, { csv: ['id', 'movedAt', 'category', 'from', 'to', 'days', 'reason'] })
  async moves(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
  ): Promise<Page<AllocationMoveView>> {
    const { page: wanted } = listQuery(EmptyInput, query, [kinds.uuid()]);
    const before = (wanted.after?.[0] ?? null) as string | null;
    const rows = await this.queries.moves(actor, codeOf(code, 'authority'), before, wanted.limit + 1);
    return page(rows, wanted.limit, (last) => [last.id]);
  }

  @Post(':code/allocations/moves')
  @ApiOperation({ summary: 'Move days to this authority from another or the reserve, or back to the reserve' })
  @ApiBody({ type: MoveInput })
  @Creates(AllocationMoveView, { location: () => null })
  move(@CurrentActor() actor: Actor, @Param('code') code: string, @Body() body: unknown): Promise<AllocationMoveView> {
    return this.moving.run(actor, codeOf(code, 'authority'), body);
  }
}
