import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiExtension, ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  ExportJournal,
  ExportJournalInput,
  STATEMENT_COLUMNS,
  StatementInput,
  StatementOfAccount,
  StatementView,
  TRIAL_BALANCE_COLUMNS,
  TrialBalance,
  TrialBalanceInput,
  TrialBalanceView,
} from '#ledger';
import { type Actor } from '#platform/database';
import { AnswersRows, ApiController, CurrentActor } from '#platform/http';
import { codeOf } from '#programme';

@ApiTags('Ledger')
@ApiController('ledger')
export class LedgerController {
  constructor(
    @Inject(TrialBalance) private readonly trialBalance: TrialBalance,
    @Inject(ExportJournal) private readonly exportJournal: ExportJournal,
  ) {}

  @Get('trial-balance')
  @ApiOperation({ summary: 'What every account of MTM’s books came to, as of any instant' })
  @ApiQuery({ type: TrialBalanceInput })
  @AnswersRows(TrialBalanceView, { rows: 'accounts', csv: TRIAL_BALANCE_COLUMNS, description: 'The trial balance.' })
  balance(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<TrialBalanceView> {
    return this.trialBalance.run(actor, query);
  }

  /** Streamed: what is wrong with the request is answered before the first byte, what fails later cuts the text off. */
  @Get('journal')
  @ApiOperation({ summary: 'MTM’s books as plain text for hledger and ledger, with balance assertions at the end' })
  @ApiQuery({ type: ExportJournalInput })
  @ApiExtension('x-statuses', [409])
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'The journal.', content: { 'text/plain': { schema: { type: 'string' } } } })
  async journal(@CurrentActor() actor: Actor, @Query() query: unknown, @Res() reply: FastifyReply): Promise<void> {
    const out = new PassThrough();
    // Nobody else hears of a reader that went away; the next piece does.
    out.on('error', () => undefined);
    let sent = false;
    const write = async (text: string): Promise<void> => {
      if (!sent)
        void reply.header('content-type', 'text/plain; charset=utf-8').header('vary', 'Authorization').send(out);
      sent = true;
      if (out.destroyed) throw new Error('the reader of the journal went away');
      if (!out.write(text)) await Promise.race([once(out, 'drain'), once(out, 'close')]);
    };
    try {
      await this.exportJournal.run(actor, query, write);
      out.end();
    } catch (error) {
      if (!sent) throw error;
      out.destroy(error as Error);
    }
  }
}

@ApiTags('Ledger')
@ApiController('authorities/:code')
export class StatementController {
  constructor(@Inject(StatementOfAccount) private readonly statement: StatementOfAccount) {}

  @Get('statement-of-account')
  @ApiOperation({ summary: 'What an authority is owed and was paid, entry by entry with its running balance' })
  @ApiQuery({ type: StatementInput })
  @AnswersRows(StatementView, { rows: 'items', csv: STATEMENT_COLUMNS, inPages: true, description: 'One page.' })
  read(@CurrentActor() actor: Actor, @Param('code') code: string, @Query() query: unknown): Promise<StatementView> {
    return this.statement.run(actor, codeOf(code, 'authority'), query);
  }
}
