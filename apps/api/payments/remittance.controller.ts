import { Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExtension, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RemittanceQueries } from '#payments';
import { type Actor } from '#platform/database';
import { AnswersFile, ApiController, CurrentActor, idOf, sendFile } from '#platform/http';

@ApiTags('Payments')
@ApiController('payments')
export class RemittanceController {
  constructor(@Inject(RemittanceQueries) private readonly remittances: RemittanceQueries) {}

  @Get(':id/remittance')
  @ApiOperation({ summary: 'The remittance advice of a settled payment as PDF, checked against its recorded hash' })
  @ApiExtension('x-statuses', [409])
  @AnswersFile('The PDF/A-3 file, as it was sent to the authority.', 'application/pdf')
  async remittance(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.remittances.pdf(actor, idOf(id, 'payment')));
  }
}
