import { Catch, Inject, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeError } from '#platform/telemetry';
import { toProblem } from '#platform/http';
import { PageRenderer } from './page-renderer.js';
import { view } from './view.js';

const HEADINGS: Readonly<Record<number, string>> = {
  400: 'This address or form could not be read',
  403: 'You may not do this',
  404: 'Page not found',
  408: 'That took too long',
  409: 'This cannot be done now',
  412: 'Somebody changed this before you',
  413: 'This is too large',
  415: 'This kind of file is not taken',
  422: 'This cannot be done',
  428: 'Read this again first',
  429: 'Too many requests',
  503: 'The service is busy',
};

/** Every error of a page as a page that says what to do next. */
@Catch()
export class PageFilter implements ExceptionFilter {
  private readonly logger = new Logger('pages');

  constructor(@Inject(PageRenderer) private readonly renderer: PageRenderer) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { body, headers, unexpected } = toProblem(error, request.id);
    if (unexpected) this.logger.error({ msg: body.code, requestId: request.id, error: describeError(error) });
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (body.status === 401) return this.askToSignIn(request, reply);
    const heading = HEADINGS[body.status] ?? 'Sorry, there is a problem with the service';
    const page = view('errors/problem.njk', { heading, problem: body });
    const wait = headers['retry-after'];
    if (wait !== undefined) void reply.header('retry-after', wait);
    for (const name of ['content-disposition', 'content-length', 'etag', 'location']) reply.removeHeader(name);
    void reply
      .code(body.status)
      .type('text/html; charset=utf-8')
      .send(this.renderer.render(request, reply, page));
  }

  /** After signing in the person is where they wanted to go. */
  private askToSignIn(request: FastifyRequest, reply: FastifyReply): void {
    const next = request.method === 'GET' && request.url !== '/' ? `?next=${encodeURIComponent(request.url)}` : '';
    void reply.code(303).header('location', `/sign-in${next}`).send('');
  }
}
