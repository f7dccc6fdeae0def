import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mergeMap, type Observable } from 'rxjs';
import { commandContext } from '#platform/database';
import { actorOf, hashInput } from '#platform/http';
import { CsvDownload } from './csv-download.js';
import { type PageConfig } from './page-config.js';
import { PageRenderer } from './page-renderer.js';
import { ProgrammeQuestion } from './programme-question.js';
import { askedTable, fileOfTable } from './table-file.js';
import { Redirect, View } from './view.js';

const KEY = /^[0-9a-f-]{36}$/;

/**
 * Turns what a page's method answers into HTML, a redirect or one table of it as a file, and a form's hidden `_key` into a command done
 * once.
 */
@Injectable()
export class PageInterceptor implements NestInterceptor {
  constructor(
    @Inject(PageRenderer) private readonly renderer: PageRenderer,
    @Inject(ProgrammeQuestion) private readonly question: ProgrammeQuestion,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const table = askedTable(request);
    return this.handle(request, next).pipe(
      mergeMap(async (answer: unknown) =>
        table !== null && answer instanceof View && answer.status < 400
          ? fileOfTable(answer, table)
          : this.answer(request, reply, answer),
      ),
    );
  }

  private handle(request: FastifyRequest, next: CallHandler): Observable<unknown> {
    const { _key: key, ...rest } = (request.body ?? {}) as Record<string, unknown>;
    const callerId = actorOf(request)?.userId;
    // Of a form with a password or a code not even a hash is kept, so it has no key either, whatever is sent with it.
    if ((request.routeOptions.config as PageConfig).keepsNothing) return next.handle();
    if (request.method !== 'POST' || callerId === undefined || typeof key !== 'string' || !KEY.test(key)) {
      return next.handle();
    }
    const { _csrf: _, ...asked } = rest;
    const inputHash = hashInput(request.method, request.url, asked);
    const command = { callerId, key, inputHash, route: `${request.method} ${request.routeOptions.url ?? ''}` };
    return commandContext.run(command, () => next.handle());
  }

  private async answer(request: FastifyRequest, reply: FastifyReply, answer: unknown): Promise<unknown> {
    if (answer instanceof CsvDownload) await answer.ready();
    if (answer instanceof Redirect) {
      if (answer.notice) request.session.notice = answer.notice;
      void reply.code(303).header('location', answer.to);
      return '';
    }
    if (!(answer instanceof View)) return answer;
    const asked = answer.status < 400 ? null : await this.question.instead(request, answer.data['errors']);
    const page = asked ?? answer;
    void reply.code(page.status).type('text/html; charset=utf-8');
    return this.renderer.render(request, reply, page);
  }
}
