import { Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ReadEvidence } from '#claims';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import { PageController } from '../page/index.js';

/** Nothing in it runs, nothing is fetched from it, and no other site frames it. */
const POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

/** A file of evidence as it is shown beside lines, in a frame of our own pages and of nobody else's. */
@PageController('claims/:id/review/evidence/:fileId')
export class EvidenceBesidePages {
  constructor(@Inject(ReadEvidence) private readonly evidence: ReadEvidence) {}

  @Get()
  async file(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('fileId') fileId: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const content = await this.evidence.content(actor, idOf(id, 'claim'), idOf(fileId, 'file'));
    const headers = { ...content.headers, 'content-security-policy': POLICY, 'x-frame-options': 'SAMEORIGIN' };
    await reply.headers(headers).send(await content.open());
  }
}
