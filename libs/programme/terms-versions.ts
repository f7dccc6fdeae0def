import { Inject, Injectable } from '@nestjs/common';
import { londonDate, notFound } from '#kernel';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor } from '#platform/database';
import { type ProgrammeTerms } from './domain/index.js';
import { ProgrammeTermsEntity } from './programme-terms.entity.js';
import { TermsStore } from './terms-store.js';

/** One version of a programme's terms, as a list of them shows it. Of several from the same day the latest is in force. */
export interface TermsVersion {
  version: number;
  inForceFrom: string;
  /** In force today. */
  current: boolean;
  loadedAt: string;
}

/** A programme with one version of its terms and the dates of all. */
export interface ProgrammeVersions {
  code: string;
  name: string;
  terms: ProgrammeTerms;
  /** The newest first. */
  versions: TermsVersion[];
}

/** Every version of a programme's terms, to read: past ones that claims keep, and those that are not in force yet. Allowed: `programme.read`. */
@Injectable()
export class TermsVersions {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly store: TermsStore,
  ) {}

  /** Programmes by code: an authority's people see those it takes part in. */
  programmes(actor: Actor, authority?: string): Promise<{ code: string; name: string }[]> {
    return this.uow.read(actor, (tx) => {
      requireMay(actor, 'programme.read');
      return tx.query<{ code: string; name: string }>(
        `SELECT code, name FROM programme p
          WHERE $1 = '*' OR EXISTS (SELECT FROM programme_authority a WHERE a.programme_code = p.code AND a.authority_code = $1)
          ORDER BY code`,
        [authority ?? actor.scope],
      );
    });
  }

  /** The version asked for; without one, that in force today, else the first to come. Throws not_found. */
  one(actor: Actor, code: string, version: number | null): Promise<ProgrammeVersions> {
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'programme.read');
      const rows = await tx.manager.find(ProgrammeTermsEntity, {
        where: { programmeCode: code },
        select: { id: true, version: true, inForceFrom: true, loadedAt: true },
        order: { inForceFrom: 'DESC', version: 'DESC' },
      });
      const today = londonDate(tx.now);
      const current = rows.find(({ inForceFrom }) => inForceFrom <= today);
      const chosen = version === null ? (current ?? rows.at(-1)) : rows.find((row) => row.version === version);
      const [programme] = await tx.query<{ name: string }>('SELECT name FROM programme WHERE code = $1', [code]);
      if (!chosen || !programme) throw notFound('version of the terms');
      const { terms } = await this.store.byId(tx, chosen.id);
      const versions = rows.map((row) => ({
        version: row.version,
        inForceFrom: row.inForceFrom,
        current: row === current,
        loadedAt: row.loadedAt.toISOString(),
      }));
      return { code, name: programme.name, terms, versions };
    });
  }
}
