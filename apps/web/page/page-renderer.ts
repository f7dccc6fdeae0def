import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import nunjucks from 'nunjucks';
import { v7 as uuid } from 'uuid';
import { type Problem } from '#kernel';
import { may } from '#identity';
import { AppConfig } from '#platform/config';
import { actorOf } from '#platform/http';
import { Assets } from './assets.js';
import { csrfToken } from './csrf.js';
import { FormOwner } from './form-owner.js';
import { navigationFor } from './navigation.js';
import { nonceIn } from './nonce.js';
import { personOf } from './session.js';
import { createTemplates } from './template-engine.js';
import { placeFiles } from './table-file.js';
import { type View } from './view.js';

type DropFirst<T extends unknown[]> = T extends [unknown, ...infer Rest] ? Rest : never;

/** Renders templates with what every page has: who is signed in, the navigation, the notice, tokens for forms. */
@Injectable()
export class PageRenderer {
  private readonly templates: nunjucks.Environment = createTemplates();

  constructor(
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(Assets) private readonly assets: Assets,
    @Inject(FormOwner) private readonly owner: FormOwner,
  ) {}

  render(request: FastifyRequest, reply: FastifyReply, page: View): string {
    const { template, data } = page;
    placeFiles(page, request);
    const errors = (data['errors'] ?? []) as readonly Problem[];
    return this.templates.render(template, { ...this.globals(request, reply), ...data, errorOf: messageIn(errors) });
  }

  private globals(request: FastifyRequest, reply: FastifyReply): Record<string, unknown> {
    const person = personOf(request);
    const actor = actorOf(request);
    const path = request.url.split('?', 1)[0] ?? '/';
    return {
      person,
      path,
      address: request.url,
      navigation: person ? navigationFor(person.roles, path) : [],
      notice: takeNotice(request),
      // Only once a page asks for them: a page without a form needs no session.
      csrf: () => this.owner.add(csrfToken(request), actor?.userId),
      newKey: () => uuid(),
      may: (...[action, subject]: DropFirst<Parameters<typeof may>>) =>
        actor !== undefined && may(actor, action, subject).allowed,
      asset: (name: string) => this.assets.path(name),
      cspNonce: nonceIn(reply.raw),
      demo: this.config.env !== 'production' && this.config.database.url === null,
    };
  }
}

/** The message of one field as govuk's macros want it; undefined when nothing is wrong with it. */
const messageIn = (errors: readonly Problem[]) => (path: string) => {
  const error = errors.find((one) => one.path === path);
  return error ? { text: error.message } : undefined;
};

function takeNotice(request: FastifyRequest): unknown {
  const { session } = request;
  const notice = session?.notice;
  if (notice) delete session.notice;
  return notice ?? null;
}
