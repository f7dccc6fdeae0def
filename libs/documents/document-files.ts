import { Inject, Injectable } from '@nestjs/common';
import { conflict, notFound } from '#kernel';
import { requireMay } from '#identity/domain';
import { UnitOfWork, type Actor } from '#platform/database';
import { DocumentStorage } from '#platform/storage';

export interface DocumentFile {
  fileName: string;
  mediaType: 'application/pdf' | 'application/xml';
  sha256: string;
  bytes: Buffer;
}

export type FileFormat = 'pdf' | 'xml';

interface FileRow {
  number: string;
  authority_code: string;
  state: string;
  key: string | null;
  sha256: string | null;
}

/** The files of issued documents. The stored file is the record: its hash is checked every time it is served. */
@Injectable()
export class DocumentFiles {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
  ) {}

  /**
   * One file of a document. Allowed: `document.read`. Throws not_found (also for a format its kind does not have),
   * forbidden, conflict `document_not_ready`, unavailable `stored_file_damaged`.
   */
  async read(actor: Actor, documentId: string, format: FileFormat): Promise<DocumentFile> {
    const row = await this.uow.read(actor, async (tx) => {
      const [found] = await tx.query<FileRow>(
        `SELECT number, authority_code, state, ${format}_key AS key, ${format}_sha256 AS sha256 FROM document WHERE id = $1`,
        [documentId],
      );
      if (!found) throw notFound('document');
      requireMay(actor, 'document.read', { authority: found.authority_code });
      return found;
    });
    if (row.state !== 'stored') {
      throw conflict('document_not_ready', `${row.number} is still being made. Try again in a few seconds.`);
    }
    if (row.key === null || row.sha256 === null) throw notFound('document');
    const bytes = await this.storage.readVerified(row.key, row.sha256);
    const mediaType = format === 'pdf' ? 'application/pdf' : 'application/xml';
    return { fileName: `${row.number}.${format}`, mediaType, sha256: row.sha256, bytes };
  }
}
