import { Get, Header, Inject, Param, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  ImportQueries,
  importTemplate,
  KeptImports,
  MOST_IMPORT_BYTES,
  safeFileName,
  type ImportView,
  type KeptImportFile,
} from '#claims';
import { People, requireMay } from '#identity';
import { malformed, type Problem } from '#kernel';
import { ImportRejected, type ImportError } from '#platform/csv';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import {
  addressWith,
  attempt,
  csvDownload,
  csvOf,
  filtersOf,
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
import { DRAFT_COLUMNS, draftsTable, FAULT_COLUMNS, importsTable, nameOf, refusedImport } from './imports.presenter.js';

declare module 'fastify' {
  interface Session {
    /** The file of claims that was not taken last: its faults can be read in full, and it can be imported once more on purpose. */
    claimImport?: KeptImportFile;
  }
}

const CHOOSE: Problem = { path: 'file', code: 'required', message: 'Choose the file with the claims.' };
const DRAFTS_AT_ONCE = 25;
const OF_A_DOWNLOAD = 200;

/** Many claims from one file: all of its rows become drafts, or none. */
@PageController('claim-imports')
export class ClaimImportPages {
  constructor(
    @Inject(KeptImports) private readonly importing: KeptImports,
    @Inject(ImportQueries) private readonly imports: ImportQueries,
    @Inject(People) private readonly people: People,
  ) {}

  @Get()
  async page(@CurrentActor() actor: Actor): Promise<View> {
    return view('claim-imports/import.njk', await this.data(actor));
  }

  @Get('template.csv')
  @Header('content-type', 'text/csv; charset=utf-8; header=present')
  @Header('content-disposition', 'attachment; filename="claim-import.csv"')
  template(@CurrentActor() actor: Actor): string {
    requireMay(actor, 'claim.import', { authority: actor.organisation });
    return importTemplate();
  }

  /** Every fault of the file that was refused last. */
  @Get('faults.csv')
  async faultsFile(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): Promise<StreamableFile | Redirect> {
    requireMay(actor, 'claim.import', { authority: actor.organisation });
    const held = request.session.claimImport;
    if (held) return csvOf('faults-of-the-file.csv', FAULT_COLUMNS, await this.importing.faults(actor, held));
    return redirect('/claim-imports', {
      kind: 'important',
      title: 'The file is not at hand any more',
      text: 'Choose it again to see what is wrong in it.',
    });
  }

  @Post()
  @TakesFiles()
  async import(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): Promise<View | Redirect> {
    let faults: readonly ImportError[] = [];
    const tried = await attempt(async () => {
      try {
        return await this.receive(actor, request);
      } catch (error) {
        if (error instanceof ImportRejected) faults = error.faults;
        throw error;
      }
    });
    if (!tried.ok) {
      const held = request.session.claimImport;
      return viewAgain('claim-imports/import.njk', {
        ...(await this.data(actor)),
        held,
        ...refusedImport(tried, faults),
      });
    }
    delete request.session.claimImport;
    const { id, rowCount, claimCount } = tried.value;
    return redirect(`/claim-imports/${id}`, {
      kind: 'success',
      title: `${plural(claimCount, 'draft')} made from ${plural(rowCount, 'row')}`,
      text: 'Nothing is submitted yet: open each claim, add its evidence and check it first.',
    });
  }

  @Get(':id')
  async made(@CurrentActor() actor: Actor, @Param('id') id: string, @Query() query: unknown): Promise<View> {
    const past = await this.imports.get(actor, idOf(id, 'import'));
    const asked = filtersOf(query)['from'] ?? '';
    const from = /^[1-9]\d{0,4}$/.test(asked) ? Number(asked) : 1;
    const drafts = await this.imports.drafts(actor, past.id, from, DRAFTS_AT_ONCE);
    const names = await this.people.names(actor, [past.importedBy]);
    const here = `/claim-imports/${past.id}`;
    const after = from + DRAFTS_AT_ONCE;
    return view('claim-imports/made.njk', {
      past,
      name: nameOf(past),
      by: names(past.importedBy),
      table: draftsTable(drafts, from),
      links: {
        first: from === 1 ? null : here,
        next: after > past.claimCount ? null : addressWith(here, { from: String(after) }),
        csv: `${here}/download`,
      },
      back: '/claim-imports',
    });
  }

  @Get(':id/download')
  download(@CurrentActor() actor: Actor, @Param('id') id: string): StreamableFile {
    const importId = idOf(id, 'import');
    return csvDownload('imported-claims.csv', DRAFT_COLUMNS, {}, async ({ cursor = '1' }) => {
      const from = Number(cursor);
      const { claimCount } = await this.imports.get(actor, importId);
      const drafts = await this.imports.drafts(actor, importId, from, OF_A_DOWNLOAD);
      const next = from + OF_A_DOWNLOAD;
      const items = drafts.map((draft) => ({ ...draft, trainers: draft.trainers.join('; ') }));
      return { items, nextCursor: next > claimCount ? null : String(next) };
    });
  }

  /** The file is kept, then imported; without one, that of the last attempt where the form says it is meant. */
  private async receive(actor: Actor, request: FastifyRequest): Promise<ImportView> {
    const limits = { maxFiles: 1, maxBytesPerFile: MOST_IMPORT_BYTES + 1 };
    const { files, fields, once } = await readUpload(request, limits, async ({ filename, stream }, before) => {
      const held = request.session.claimImport;
      if (filename !== '') return { ...(await this.importing.keep(actor, stream)), fileName: safeFileName(filename) };
      stream.resume();
      if (held && before['held'] === held.sha256) return held;
      throw malformed([CHOOSE]);
    });
    const [file] = files;
    if (!file) throw malformed([CHOOSE]);
    request.session.claimImport = file;
    return once(() => this.importing.run(actor, file, fields['again'] === 'yes'));
  }

  private async data(actor: Actor) {
    const latest = await this.imports.latest(actor);
    const names = await this.people.names(
      actor,
      latest.map(({ importedBy }) => importedBy),
    );
    return { latest: importsTable(latest, names), back: '/claims' };
  }
}
