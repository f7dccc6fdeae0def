import { PassThrough } from 'node:stream';
import { Inject, Injectable, Logger, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toProblem } from '#platform/http';
import { describeError } from '#platform/telemetry';
import { PageRenderer } from './page-renderer.js';
import { view, type View } from './view.js';

/**
 * A page that tells how far a long piece of work is while it is sent: its beginning at once, each step as it is done, the result, and
 * its end. It needs no script, and no proxy takes it for dead. What goes wrong is told in its place, since the status is out already.
 */
@Injectable()
export class ProgressPage {
  private readonly logger = new Logger('pages');

  constructor(@Inject(PageRenderer) private readonly renderer: PageRenderer) {}

  /**
   * Two comments in the page, `<!-- steps -->` and `<!-- result -->`, say where what comes later belongs. `work` gets a way to
   * tell a step, and answers the result.
   */
  page(
    request: FastifyRequest,
    reply: FastifyReply,
    page: View,
    work: (tell: (step: View) => void) => Promise<View>,
  ): StreamableFile {
    const html = this.renderer.render(request, reply, page);
    const [head = '', between = '', tail = ''] = html.split(/<!-- (?:steps|result) -->/);
    const out = new PassThrough();
    const tell = (step: View): void => void out.write(this.renderer.render(request, reply, step));
    // Compressed, the steps would stay in the compressor until the end.
    request.headers['x-no-compression'] = 'true';
    out.write(head);
    void work(tell)
      .catch((error: unknown) => this.failed(error, request))
      .then((result) => {
        out.write(between);
        tell(result);
        out.end(tail);
      });
    return new StreamableFile(out, { type: 'text/html; charset=utf-8' });
  }

  private failed(error: unknown, request: FastifyRequest): View {
    const { body, unexpected } = toProblem(error, request.id);
    if (unexpected) this.logger.error({ msg: body.code, requestId: request.id, error: describeError(error) });
    return view('errors/part.njk', { problem: body });
  }
}
