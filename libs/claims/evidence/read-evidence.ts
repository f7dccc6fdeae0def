import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { DomainError, notFound } from '#kernel';
import { requireMay } from '#identity/domain';
import { given, UnitOfWork, type Actor } from '#platform/database';
import { DocumentStorage } from '#platform/storage';
import type { EvidenceView } from './evidence.input.js';
import { claimOfEvidence, findEvidence, toView } from './evidence-record.js';
import { EvidenceEntity } from './evidence.entity.js';
import { kindOf } from './file-kind.js';
import { contentDisposition } from './file-name.js';

/** A file to be sent, with the headers that make it harmless in a browser. */
export interface EvidenceContent {
  sha256: string;
  headers: Record<string, string>;
  /** Opens the file, its hash checked first. Throws unavailable `stored_file_damaged`. */
  open(): Promise<Readable>;
}

/** Lists a claim's evidence and serves its content. */
@Injectable()
export class ReadEvidence {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
  ) {}

  /** Files in the order they were added, removed ones included, after an id. Gives up to `limit` + 1. */
  async list(actor: Actor, claimId: string, page: { limit: number; after: string | null }): Promise<EvidenceView[]> {
    return this.uow.read(actor, async (tx) => {
      const claim = await claimOfEvidence(tx, claimId, 'look');
      requireMay(actor, 'evidence.read', { authority: claim.authority_code });
      const records = await tx.manager.find(EvidenceEntity, {
        where: given<EvidenceEntity>({ claimId, id: page.after === null ? undefined : MoreThan(page.after) }),
        order: { id: 'ASC' },
        take: page.limit + 1,
      });
      return records.map(toView);
    });
  }

  /** Throws not_found, also for a removed file, whose content is not shown any more. */
  async content(actor: Actor, claimId: string, id: string): Promise<EvidenceContent> {
    const record = await this.uow.read(actor, async (tx) => {
      const claim = await claimOfEvidence(tx, claimId, 'look');
      const found = await findEvidence(tx, claimId, id);
      requireMay(actor, 'evidence.read', { authority: claim.authority_code });
      return found;
    });
    const kind = kindOf(record.mediaType);
    if (record.removedAt || !kind) throw notFound('file');
    return {
      sha256: record.sha256,
      headers: {
        'content-type': kind.mediaType,
        'content-length': String(record.size),
        'content-disposition': contentDisposition(kind, record.fileName),
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox",
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'private, no-cache',
      },
      open: () => this.open(record),
    };
  }

  /** A record without its file is as bad as a damaged one, and no "not found" of the caller's. */
  private async open(record: EvidenceEntity): Promise<Readable> {
    try {
      return await this.storage.openVerified(record.storageKey, record.sha256);
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'not_found') throw error;
      throw new DomainError(
        'unavailable',
        'stored_file_damaged',
        'The file is recorded but not in storage. Ask an administrator to restore it.',
      );
    }
  }
}
