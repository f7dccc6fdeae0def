import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { codeOf, TermsVersions } from '#programme';
import { actorOf } from '#platform/http';
import { type View } from './view.js';
import { asksForProgramme, whichProgramme } from './which-programme.js';

/** With several programmes a page of one asks for it, and is then shown at the same address. */
@Injectable()
export class ProgrammeQuestion {
  constructor(@Inject(TermsVersions) private readonly terms: TermsVersions) {}

  /** The question, where a page was refused for want of a programme; null for every other refusal, and for a file to download. */
  async instead(request: FastifyRequest, errors: unknown): Promise<View | null> {
    const actor = actorOf(request);
    const { pathname, searchParams } = new URL(request.url, 'http://page');
    if (!actor || request.method !== 'GET' || !asksForProgramme(errors) || FILE.test(pathname)) return null;
    // The page of one authority (`:code`) offers the programmes that it is in.
    const { code } = request.params as { code?: string };
    const authority = code === undefined ? undefined : codeOf(code, 'authority');
    return whichProgramme(pathname, Object.fromEntries(searchParams), await this.terms.programmes(actor, authority));
  }
}

const FILE = /\/download$|\.\w+$/;
