import { Body, Get, Inject, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { requireMay } from '#identity';
import { codeOf, PARTY_CODE, ProgrammeQueries, UpdateAuthority, type AuthorityListItem } from '#programme';
import { type Actor } from '#platform/database';
import { CurrentActor, listQuery, page, type Page } from '#platform/http';
import { EmptyInput, kinds } from '#platform/validation';
import {
  attempt,
  csvDownload,
  filtersOf,
  Form,
  listLinks,
  PAGE_SIZE,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import {
  AUTHORITY_CSV,
  authoritiesTable,
  profileBody,
  profileFacts,
  profilePath,
  profileValues,
} from './authorities.presenter.js';

/** Who an authority is on its invoices, and whom to ask. */
@PageController('authorities')
export class AuthorityPages {
  constructor(
    @Inject(ProgrammeQueries) private readonly programme: ProgrammeQueries,
    @Inject(UpdateAuthority) private readonly update: UpdateAuthority,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View | Redirect> {
    if (actor.scope !== '*') return redirect(`/authorities/${actor.scope}`);
    const filters = filtersOf(query);
    const { items, nextCursor } = await this.page(actor, { limit: PAGE_SIZE, ...filters });
    return view('authorities/list.njk', {
      table: authoritiesTable(items),
      links: listLinks('/authorities', filters, nextCursor),
    });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor): StreamableFile {
    return csvDownload('authorities.csv', AUTHORITY_CSV, {}, (asked) => this.page(actor, asked));
  }

  @Get(':code')
  async authority(@CurrentActor() actor: Actor, @Param('code') code: string): Promise<View> {
    const profile = await this.programme.authority(actor, codeOf(code, 'authority'));
    const back = actor.scope === '*' ? { back: '/authorities' } : {};
    return view('authorities/authority.njk', { profile, facts: profileFacts(profile), ...back });
  }

  @Get(':code/edit')
  async form(@CurrentActor() actor: Actor, @Param('code') code: string): Promise<View> {
    const profile = await this.editable(actor, code);
    return view('authorities/edit.njk', {
      profile,
      values: profileValues(profile),
      back: `/authorities/${profile.code}`,
    });
  }

  @Post(':code/edit')
  async save(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const profile = await this.editable(actor, code);
    const form = new Form(body);
    const tried = await attempt(() => this.update.run(actor, profile.code, profileBody(form), form.version()));
    if (tried.ok) {
      return redirect(`/authorities/${profile.code}`, {
        kind: 'success',
        title: 'Your address and contact are saved',
        text: 'Invoices print them from now on; those that were issued stay as they are.',
      });
    }
    const errors = tried.errors.map((error) => ({ ...error, path: profilePath(error.path) }));
    const back = `/authorities/${profile.code}`;
    return viewAgain('authorities/edit.njk', { profile, values: form.values, back, errors });
  }

  private async page(actor: Actor, query: object): Promise<Page<AuthorityListItem>> {
    const { page: wanted } = listQuery(EmptyInput, query, [kinds.code(PARTY_CODE)]);
    const after = (wanted.after?.[0] ?? null) as string | null;
    const rows = await this.programme.authorities(actor, after, wanted.limit + 1);
    return page(rows, wanted.limit, (last) => [last.code]);
  }

  private async editable(actor: Actor, code: string) {
    const authority = codeOf(code, 'authority');
    const profile = await this.programme.authority(actor, authority);
    requireMay(actor, 'authority.edit_address', { authority });
    return profile;
  }
}
