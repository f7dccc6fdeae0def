import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { ZipFile } from 'yazl';
import { ClaimQueries, DocumentQueries, ReadEvidence, safeFileName } from '#claims';
import { DocumentFiles } from '#documents';
import { type Actor } from '#platform/database';
import { attempt } from '../page/index.js';
import { claimName } from './claims-list.presenter.js';

const MOST_FILES = 1000;

/** Every document (as PDF, and as XML where it has one) and file of evidence of a claim in one ZIP, for whoever keeps or checks it elsewhere. */
@Injectable()
export class ClaimBundle {
  constructor(
    @Inject(ClaimQueries) private readonly claims: ClaimQueries,
    @Inject(DocumentQueries) private readonly documents: DocumentQueries,
    @Inject(DocumentFiles) private readonly files: DocumentFiles,
    @Inject(ReadEvidence) private readonly evidence: ReadEvidence,
  ) {}

  /** The archive is made while it is sent; a file is opened when its turn comes. Throws not_found. */
  async run(actor: Actor, claimId: string): Promise<{ name: string; stream: Readable }> {
    const claim = await this.claims.get(actor, claimId);
    const documents = await this.documents.list(actor, claimId, null, MOST_FILES);
    const listed = await attempt(() => this.evidence.list(actor, claimId, { limit: MOST_FILES, after: null }));
    const zip = new ZipFile();
    const stream = zip.outputStream as Readable;
    const mtime = new Date(claim.updatedAt);
    const put = (path: string, open: () => Promise<Readable>): void =>
      zip.addReadStreamLazy(
        path,
        { mtime },
        (done) =>
          void open().then(
            (file) => done(null, file),
            (error: Error) => done(error, null as never),
          ),
      );
    zip.on('error', (error: Error) => stream.destroy(error));
    for (const { id, number, xml } of documents.filter(({ state }) => state === 'stored')) {
      put(`${number}.pdf`, () => this.file(actor, id, 'pdf'));
      if (xml !== null) put(`${number}.xml`, () => this.file(actor, id, 'xml'));
    }
    const evidence = listed.ok ? listed.value.filter(({ removedAt }) => removedAt === null) : [];
    evidence.forEach(({ id, fileName }, index) => {
      // Numbered, since two files may have one name.
      put(`evidence/${String(index + 1).padStart(3, '0')}-${safeFileName(fileName)}`, async () =>
        (await this.evidence.content(actor, claimId, id)).open(),
      );
    });
    zip.end();
    return { name: `${safeFileName(claimName(claim))}.zip`, stream };
  }

  private async file(actor: Actor, id: string, kind: 'pdf' | 'xml'): Promise<Readable> {
    const { bytes } = await this.files.read(actor, id, kind);
    return Readable.from([bytes]);
  }
}
