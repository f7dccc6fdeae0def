import {
  Inject,
  Injectable,
  UnsupportedMediaTypeException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '#kernel';
import { AppConfig } from '#platform/config';
import { actAs } from '#platform/http';
import { requireCsrf, requireOwnOrigin } from './csrf.js';
import { forgetForm } from './kept-form.js';
import { type PageConfig } from './page-config.js';

const SAFE = new Set(['GET', 'HEAD']);

/** Who may go on to a page: signed in, unless the page is open; and every POST from a form of ours. */
@Injectable()
export class PageGuard implements CanActivate {
  private readonly origins: ReadonlySet<string>;
  private readonly trustLocal: boolean;

  constructor(@Inject(AppConfig) config: AppConfig) {
    this.origins = new Set([new URL(config.http.publicUrl).origin]);
    // On a person's own machine localhost, 127.0.0.1 and a forwarded port are all this service.
    this.trustLocal = config.env !== 'production';
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { openPage = false, takesFiles = false } = request.routeOptions.config as PageConfig;
    if (!SAFE.has(request.method)) requireOwnOrigin(request, this.origins, this.trustLocal);
    const actor = request.session.found?.actor;
    if (actor) actAs(request, actor);
    else if (!openPage) throw new DomainError('unauthenticated', 'signed_out', 'Sign in to see this page.');
    if (!SAFE.has(request.method)) this.requireOwnForm(request, takesFiles);
    return true;
  }

  /** The token of a form with files is its first part, which the handler reads. */
  private requireOwnForm(request: FastifyRequest, takesFiles: boolean): void {
    if (!request.isMultipart()) {
      requireCsrf(request, (request.body as { _csrf?: unknown } | null)?._csrf);
      forgetForm(request);
    } else if (!takesFiles) throw new UnsupportedMediaTypeException();
  }
}
