import {
  Catch,
  Controller,
  Get,
  Inject,
  NotFoundException,
  Param,
  Query,
  Res,
  UseFilters,
  UseGuards,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { LocalOnlyGuard } from './local-only.guard.js';
import { Mailbox } from './mailbox.js';
import { CONTENT_SECURITY_POLICY, listPage, messagePage, notFoundPage, PAGE_SIZE } from './mailbox-pages.js';

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};
/** What opens in a viewer rather than as something a browser runs; the rest is told as plain bytes. */
const TOLD = new Set(['application/pdf']);
const MAX_PAGE = 100_000;

const html = (reply: FastifyReply, status: number, body: string): FastifyReply =>
  reply.code(status).headers(HEADERS).type('text/html; charset=utf-8').send(body);

/** Whatever is not there, or not for the one who asks, looks the same. */
@Catch(NotFoundException)
class NotFoundFilter implements ExceptionFilter {
  catch(_error: unknown, host: ArgumentsHost): void {
    void html(host.switchToHttp().getResponse<FastifyReply>(), 404, notFoundPage());
  }
}

/** The mailbox in which the embedded default keeps e-mail: for looking only, and from this machine only. */
@ApiExcludeController()
@Controller('mailbox')
@UseGuards(LocalOnlyGuard)
@UseFilters(NotFoundFilter)
export class MailboxController {
  constructor(@Inject(Mailbox) private readonly mailbox: Mailbox) {}

  @Get()
  async list(@Query('page') asked: unknown, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(asked);
    const { items, total } = await this.mailbox.list((page - 1) * PAGE_SIZE, PAGE_SIZE);
    if (page > 1 && items.length === 0) throw new NotFoundException();
    html(reply, 200, listPage(items, page, total));
  }

  @Get(':id')
  async message(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const mail = await this.mailbox.read(id);
    if (!mail) throw new NotFoundException();
    html(reply, 200, messagePage(mail));
  }

  @Get(':id/attachments/:index')
  async attachment(@Param('id') id: string, @Param('index') index: string, @Res() reply: FastifyReply): Promise<void> {
    const file = /^\d{1,3}$/.test(index) ? await this.mailbox.attachment(id, Number(index)) : null;
    if (!file) throw new NotFoundException();
    const name = file.fileName.replace(/[^A-Za-z0-9._-]+/g, '_');
    void reply
      .headers({ ...HEADERS, 'content-security-policy': "default-src 'none'; sandbox" })
      .header('content-disposition', `attachment; filename="${name}"`)
      .type(TOLD.has(file.mediaType) ? file.mediaType : 'application/octet-stream')
      .send(file.bytes);
  }
}

function pageOf(asked: unknown): number {
  if (asked === undefined) return 1;
  const page = typeof asked === 'string' && /^[1-9]\d{0,5}$/.test(asked) ? Number(asked) : 0;
  if (page < 1 || page > MAX_PAGE) throw new NotFoundException();
  return page;
}
