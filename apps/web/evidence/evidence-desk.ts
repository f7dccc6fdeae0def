import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  AddEvidence,
  MOST_EVIDENCE_BYTES,
  MOST_FILES_AT_ONCE,
  ReadEvidence,
  RemoveEvidence,
  type ClaimView,
  type EvidenceView,
} from '#claims';
import { People } from '#identity';
import { malformed, notFound, type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { attempt, Form, plural, readUpload, type Attempt } from '../page/index.js';
import { evidenceFiles, evidenceRights } from './evidence.presenter.js';

/** A claim has no more files, removed ones included. */
const MOST_FILES = 500;

const CHOOSE: Problem = { path: 'files', code: 'required', message: 'Choose at least one file.' };

/** What was typed beside the files, to be shown again when they are not taken. */
export interface TypedBeside {
  readonly trainerInvoiceId?: string;
  readonly description?: string;
}

export type Added = { ok: true; notice: string } | { ok: false; errors: readonly Problem[]; typed: TypedBeside };

/** Files of a claim as pages add, list and remove them: one piece for the claim's page and for that of a claim in preparation. */
@Injectable()
export class EvidenceDesk {
  constructor(
    @Inject(AddEvidence) private readonly adding: AddEvidence,
    @Inject(ReadEvidence) private readonly reading: ReadEvidence,
    @Inject(RemoveEvidence) private readonly removing: RemoveEvidence,
    @Inject(People) private readonly people: People,
  ) {}

  /** What a page of a claim's files shows; `address` is where the files' own pages are. Throws not_found, forbidden. */
  async shown(actor: Actor, claim: ClaimView, address: string, query: Readonly<Record<string, string>> = {}) {
    const files = await this.reading.list(actor, claim.id, { limit: MOST_FILES, after: null });
    const ids = files.flatMap(({ uploadedBy, removedBy }) => [uploadedBy, removedBy]);
    const names = await this.people.names(actor, ids);
    const rights = evidenceRights(actor, claim);
    const part = /^[1-9]\d?$/.test(query['part'] ?? '') ? Number(query['part']) : 1;
    return { ...rights, ...evidenceFiles(claim, files, { address, names, mayRemove: rights.mayRemove, part }) };
  }

  /** Reads the form with files. What can be mended comes back as errors of its fields; throws not_found, forbidden `form_expired`. */
  async add(actor: Actor, claimId: string, request: FastifyRequest): Promise<Added> {
    let typed: TypedBeside = {};
    const tried = await attempt(() => this.receive(actor, claimId, request, (fields) => (typed = fields)));
    if (tried.ok) return { ok: true, notice: `${plural(tried.value.items.length, 'file')} added` };
    const errors = tried.errors.map((error) => ({ ...error, path: /^files/.test(error.path) ? 'files' : error.path }));
    return { ok: false, errors, typed };
  }

  /** A file that is still there. Throws not_found. */
  async toRemove(actor: Actor, claimId: string, fileId: string): Promise<EvidenceView> {
    const files = await this.reading.list(actor, claimId, { limit: MOST_FILES, after: null });
    const file = files.find((one) => one.id === fileId && one.removedAt === null);
    if (!file) throw notFound('file');
    return file;
  }

  /** Takes a file off, with the reason of the form. */
  remove(actor: Actor, claimId: string, fileId: string, body: unknown): Promise<Attempt<EvidenceView>> {
    return attempt(() => {
      const reason = new Form(body).text('reason');
      if (reason === undefined)
        throw malformed([{ path: 'reason', code: 'required', message: 'Say why you remove it.' }]);
      return this.removing.run(actor, claimId, fileId, { reason });
    });
  }

  private async receive(actor: Actor, claimId: string, request: FastifyRequest, note: (fields: TypedBeside) => void) {
    await this.adding.check(actor, claimId);
    let at = 0;
    // One byte more than is taken, so that the storage sees the file is too large and refuses by its own code.
    const limits = { maxFiles: MOST_FILES_AT_ONCE, maxBytesPerFile: MOST_EVIDENCE_BYTES + 1 };
    const upload = await readUpload(request, limits, async (file, before) => {
      note(before);
      if (file.filename === '') throw malformed([CHOOSE]);
      return named(file.filename, () => this.adding.receive(file, at++));
    });
    note(upload.fields);
    if (upload.files.length === 0) throw malformed([CHOOSE]);
    const given = Object.fromEntries(Object.entries(upload.fields).filter(([, value]) => value.trim() !== ''));
    return upload.once(() => this.adding.add(actor, claimId, upload.files, given));
  }
}

/** Which of several files it was: people know them by name. */
async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  const tried = await attempt(work);
  if (tried.ok) return tried.value;
  throw malformed(
    tried.errors.map((error) => ({ ...error, path: 'files', message: `${name.slice(0, 100)}: ${error.message}` })),
  );
}
