import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Get, Header, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { malformed } from '#kernel';
import { GrantQueries, grantTemplate, ImportGrantEntries, MOST_GRANT_IMPORT_BYTES, type GrantView } from '#grants';
import { requireMay } from '#identity';
import { codeOf } from '#programme';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
  attempt,
  filtersOf,
  keepingProgramme,
  money,
  PageController,
  plural,
  readUpload,
  redirect,
  TakesFiles,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { importProblems } from './import.presenter.js';

const CHOOSE = { path: 'file', code: 'required', message: 'Choose the file with the spending.' };

/** Spending out of a spreadsheet: all rows or none. */
@PageController('grants')
export class ImportPages {
  constructor(
    @Inject(GrantQueries) private readonly grants: GrantQueries,
    @Inject(ImportGrantEntries) private readonly importing: ImportGrantEntries,
  ) {}

  @Get('template.csv')
  @Header('content-type', 'text/csv; charset=utf-8; header=present')
  @Header('content-disposition', 'attachment; filename="grant-spending.csv"')
  template(): string {
    return grantTemplate();
  }

  @Get(':code/import')
  async form(@CurrentActor() actor: Actor, @Param('code') code: string, @Query() query: unknown): Promise<View> {
    const grant = await this.editable(actor, code, query);
    return view('grants/import.njk', { grant, back: entriesAddress(grant, query) });
  }

  @Post(':code/import')
  @TakesFiles()
  async import(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
  ): Promise<View | Redirect> {
    const grant = await this.editable(actor, code, query);
    const tried = await attempt(async () => {
      const { bytes, again, once } = await readFile(request);
      return once(() => this.importing.run(actor, grant.authority, { bytes, again, programme: grant.programme }));
    });
    const back = entriesAddress(grant, query);
    if (!tried.ok) return viewAgain('grants/import.njk', { grant, back, ...importProblems(tried) });
    const { rowCount, totalPence } = tried.value;
    return redirect(back, `${plural(rowCount, 'row')} imported: ${money(totalPence)}`);
  }

  private async editable(actor: Actor, code: string, query: unknown): Promise<GrantView> {
    const authority = codeOf(code, 'authority');
    const grant = await this.grants.grant(actor, authority, filtersOf(query)['programme'] ?? null);
    requireMay(actor, 'grant.edit', { authority });
    return grant;
  }
}

const entriesAddress = ({ authority }: GrantView, query: unknown): string =>
  keepingProgramme(`/grants/${authority}/entries`, filtersOf(query)['programme'])();

async function readFile(request: FastifyRequest) {
  const limits = { maxFiles: 1, maxBytesPerFile: MOST_GRANT_IMPORT_BYTES };
  const { files, fields, once } = await readUpload(request, limits, async ({ filename, stream }) => {
    if (filename === '') throw malformed([CHOOSE]);
    const bytes = await buffer(stream);
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  const [file] = files;
  if (!file || file.bytes.length === 0) throw malformed([CHOOSE]);
  return { bytes: file.bytes, again: fields['again'] === 'yes', once };
}
