import { Catch, Inject, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeError } from '#platform/telemetry';
import { actorOf, readFormHead, toProblem, type FormHead } from '#platform/http';
import { FormOwner } from './form-owner.js';
import { keepForm } from './kept-form.js';
import { type PageConfig } from './page-config.js';
import { PageRenderer } from './page-renderer.js';
import { ProgrammeQuestion } from './programme-question.js';
import { view, type Notice, type View } from './view.js';

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

  constructor(
    @Inject(PageRenderer) private readonly renderer: PageRenderer,
    @Inject(FormOwner) private readonly owner: FormOwner,
    @Inject(ProgrammeQuestion) private readonly question: ProgrammeQuestion,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { body, headers, unexpected } = toProblem(error, request.id);
    if (unexpected) this.logger.error({ msg: body.code, requestId: request.id, error: describeError(error) });
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (body.status === 401) return void this.askToSignIn(request, reply);
    if (body.code === 'form_expired' && this.keepOwnForm(request)) return goTo(reply, '/carry-on');
    const heading = HEADINGS[body.status] ?? 'Sorry, there is a problem with the service';
    const page = view('errors/problem.njk', { heading, problem: body, sent: request.method !== 'GET' });
    const wait = headers['retry-after'];
    if (wait !== undefined) void reply.header('retry-after', wait);
    void this.question.instead(request, body.errors).then(
      (asked) => this.answer(request, reply, asked ?? page, asked ? 200 : body.status),
      () => this.answer(request, reply, page, body.status),
    );
  }

  private answer(request: FastifyRequest, reply: FastifyReply, page: View, status: number): void {
    for (const name of ['content-disposition', 'content-length', 'etag', 'location']) reply.removeHeader(name);
    void reply
      .code(status)
      .type('text/html; charset=utf-8')
      .send(this.renderer.render(request, reply, page));
  }

  /** After signing in the person is where they wanted to go, with what they had typed. */
  private async askToSignIn(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (request.method === 'GET') {
      return goTo(reply, request.url === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(request.url)}`);
    }
    const head = await headOf(request);
    const owner = this.owner.of(head ? head.fields['_csrf'] : tokenIn(request.body));
    // Without an owner nobody was signed in before either, and nothing is told or kept.
    if (owner !== null) request.session.notice = noticeOf(keepForm(request, owner, head), head);
    goTo(reply, '/sign-in');
  }

  /** A form of the session before this one, sent by the same person who has signed in again meanwhile. */
  private keepOwnForm(request: FastifyRequest): boolean {
    const head = request.expiredForm ?? null;
    const owner = this.owner.of(head ? head.fields['_csrf'] : tokenIn(request.body));
    return owner !== null && owner === actorOf(request)?.userId && keepForm(request, owner, head);
  }
}

const tokenIn = (body: unknown): unknown => (body as { _csrf?: unknown } | null | undefined)?._csrf;

/**
 * What a form with files says before the first of them; null for another form, and for one that cannot be read: that was not ours. A few
 * short fields are read of whoever sends them, and no file.
 */
async function headOf(request: FastifyRequest): Promise<FormHead | null> {
  const { takesFiles = false } = request.routeOptions.config as PageConfig;
  return takesFiles && request.isMultipart() ? readFormHead(request).catch(() => null) : null;
}

const noticeOf = (kept: boolean, head: FormHead | null): Notice =>
  !kept ? NOT_KEPT : head?.file ? KEPT_WITHOUT_FILES : KEPT;

const KEPT: Notice = {
  title: 'Sign in to carry on',
  text: 'Your session was over before this was sent. What you typed is kept: sign in and send it again.',
  kind: 'important',
};
const KEPT_WITHOUT_FILES: Notice = {
  title: 'Sign in to carry on',
  text: 'Your session was over before this was sent, so nothing was done. What you typed is kept. Files are not: sign in, choose them again and send it again.',
  kind: 'important',
};
const NOT_KEPT: Notice = {
  title: 'Sign in to carry on',
  text: 'Your session was over before this was sent, and what was in the form could not be kept. Nothing was done.',
  kind: 'important',
};

function goTo(reply: FastifyReply, path: string): void {
  void reply.code(303).header('location', path).send('');
}
