import { Body, Get, Inject, Param, Post, Req, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  AddEvidence,
  ClaimQueries,
  FormQueries,
  MOST_EVIDENCE_BYTES,
  MOST_FILES_AT_ONCE,
  ReadEvidence,
  RemoveEvidence,
  type FormView,
} from '#claims';
import { malformed, notFound, type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
  attempt,
  Form,
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

import { evidencePage } from './evidence.presenter.js';
import { formAddress } from './task-list.presenter.js';

/** As many files as are shown on one page. */
const MOST_SHOWN = 200;

/** The files that prove a claim in preparation. They are the draft's, so the form is finished first. */
@PageController('claim-forms/:id/evidence')
export class EvidencePages {
  constructor(
    @Inject(FormQueries) private readonly queries: FormQueries,
    @Inject(ClaimQueries) private readonly claims: ClaimQueries,
    @Inject(AddEvidence) private readonly adding: AddEvidence,
    @Inject(ReadEvidence) private readonly reading: ReadEvidence,
    @Inject(RemoveEvidence) private readonly removing: RemoveEvidence,
  ) {}

  @Get()
  async page(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    const form = await this.queries.get(actor, id);
    if (form.claimId === null) return view('claim-form/evidence-later.njk', { form, back: formAddress(id) });
    return view('claim-form/evidence.njk', await this.data(actor, form, form.claimId));
  }

  @Post()
  @TakesFiles({ several: true })
  async add(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
  ): Promise<View | Redirect> {
    const form = await this.queries.get(actor, id);
    const claimId = claimOf(form);
    const tried = await attempt(() => this.receive(actor, claimId, request));
    if (tried.ok) return redirect(formAddress(id, 'evidence'), `${plural(tried.value.items.length, 'file')} added`);
    const errors = tried.errors.map((error) => ({ ...error, path: /^files/.test(error.path) ? 'files' : error.path }));
    return viewAgain('claim-form/evidence.njk', { ...(await this.data(actor, form, claimId)), errors });
  }

  @Get(':file')
  async content(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('file') file: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const form = await this.queries.get(actor, id);
    const content = await this.reading.content(actor, claimOf(form), file);
    const stream = await content.open();
    void reply.headers(content.headers);
    return new StreamableFile(stream);
  }

  @Get(':file/remove')
  async askRemove(@CurrentActor() actor: Actor, @Param('id') id: string, @Param('file') file: string): Promise<View> {
    return view('claim-form/remove-evidence.njk', await this.toRemove(actor, id, file));
  }

  @Post(':file/remove')
  async remove(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('file') file: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const data = await this.toRemove(actor, id, file);
    const reason = new Form(body).text('reason');
    const tried = await attempt(() => {
      if (reason === undefined)
        throw malformed([{ path: 'reason', code: 'required', message: 'Say why you remove it.' }]);
      return this.removing.run(actor, claimOf(data.form), file, { reason });
    });
    if (tried.ok) return redirect(formAddress(id, 'evidence'), 'File removed');
    return viewAgain('claim-form/remove-evidence.njk', { ...data, reason, errors: tried.errors });
  }

  private async receive(actor: Actor, claimId: string, request: FastifyRequest) {
    await this.adding.check(actor, claimId);
    let at = 0;
    // One byte more than is taken, so that the storage sees the file is too large and refuses by its own code.
    const limits = { maxFiles: MOST_FILES_AT_ONCE, maxBytesPerFile: MOST_EVIDENCE_BYTES + 1 };
    const upload = await readUpload(request, limits, async (file) => {
      if (file.filename === '') throw malformed([chooseFile]);
      return named(file.filename, () => this.adding.receive(file, at++));
    });
    if (upload.files.length === 0) throw malformed([chooseFile]);
    const given = Object.fromEntries(Object.entries(upload.fields).filter(([, value]) => value.trim() !== ''));
    return upload.once(() => this.adding.add(actor, claimId, upload.files, given));
  }

  private async data(actor: Actor, form: FormView, claimId: string) {
    const claim = await this.claims.get(actor, claimId);
    const files = await this.reading.list(actor, claimId, { limit: MOST_SHOWN, after: null });
    return evidencePage(form, claim, files);
  }

  private async toRemove(actor: Actor, id: string, fileId: string) {
    const form = await this.queries.get(actor, id);
    const files = await this.reading.list(actor, claimOf(form), { limit: MOST_SHOWN, after: null });
    const file = files.find((one) => one.id === fileId && one.removedAt === null);
    if (!file) throw notFound('file');
    return { form, file, back: formAddress(id, 'evidence') };
  }
}

const chooseFile: Problem = { path: 'files', code: 'required', message: 'Choose at least one file.' };

function claimOf(form: FormView): string {
  if (form.claimId === null) throw notFound('claim of this form');
  return form.claimId;
}

/** Which of several files it was: people know them by name. */
async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  const tried = await attempt(work);
  if (tried.ok) return tried.value;
  throw malformed(
    tried.errors.map((error) => ({ ...error, path: 'files', message: `${name.slice(0, 100)}: ${error.message}` })),
  );
}
