import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { DomainError } from '#kernel';
import { type ImportError } from '#platform/csv';
import { type Actor } from '#platform/database';
import { DocumentStorage, type StoredFile } from '#platform/storage';
import { ImportClaims, MOST_IMPORT_BYTES } from './import-claims.js';
import { type ImportView } from './import.input.js';

/** A file that somebody sent, as it was called. */
export interface KeptImportFile extends StoredFile {
  fileName: string;
}

/**
 * Imports of a file that is kept first, so that what is wrong in it can be told in full, and it can be imported once more on
 * purpose, without being sent again. Storage is by content: what a refused file leaves there harms nothing.
 */
@Injectable()
export class KeptImports {
  constructor(
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
    @Inject(ImportClaims) private readonly importing: ImportClaims,
  ) {}

  /** Throws forbidden, too_large `file_too_large`, malformed `file_empty`. */
  async keep(actor: Actor, source: Readable): Promise<StoredFile> {
    requireMay(actor, 'claim.import', { authority: actor.organisation });
    const stored = await this.storage.put(source, { maxBytes: MOST_IMPORT_BYTES });
    if (stored.size === 0) throw new DomainError('malformed', 'file_empty', 'The file is empty. Choose another one.');
    return stored;
  }

  /** As ImportClaims.run. */
  async run(actor: Actor, { key, sha256, fileName }: KeptImportFile, again: boolean): Promise<ImportView> {
    const bytes = await this.storage.readVerified(key, sha256);
    return this.importing.run(actor, { bytes, fileName, again });
  }

  /** Every fault of the file as things stand, by row. */
  async faults(actor: Actor, { key, sha256 }: KeptImportFile): Promise<readonly ImportError[]> {
    return this.importing.faults(actor, await this.storage.readVerified(key, sha256));
  }
}
