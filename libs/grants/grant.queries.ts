import { Inject, Injectable } from '@nestjs/common';
import { londonDate } from '#kernel';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { WhichProgramme } from '#programme';
import { BooleanField, CodeField } from '#platform/validation';
import { summariseGrant } from './domain/index.js';
import { doubleCosts } from './double-cost.queries.js';
import { QUARTER } from './entry.input.js';
import { listEntries } from './entry-store.js';
import { findGrant, readFacts, type GrantKey } from './grant-record.js';
import { presentEntries } from './present-entries.js';
import { presentGrant, quarterView } from './present-grant.js';
import { type GrantEntryView, type GrantQuarterView, type GrantView } from './grant.view.js';

/** Which programme, where an authority may have a grant from several. */
export class GrantFilters {
  @WhichProgramme()
  programme?: string;
}

export class GrantEntryFilters extends GrantFilters {
  @CodeField(QUARTER, { optional: true, example: '2018-Q1' })
  quarter?: string;
}

export class GrantImportQuery extends GrantFilters {
  @BooleanField({ optional: true, description: 'Import a file that was imported before once more.' })
  again?: boolean;
}

/** Reads of one authority's grant. Each throws not_found for another authority's, and where there is none. */
@Injectable()
export class GrantQueries {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  grant(actor: Actor, code: string, programme: string | null): Promise<GrantView> {
    return this.ofGrant(actor, code, programme, presentGrant);
  }

  /** Every quarter of the grant, oldest first: at most forty. */
  quarters(actor: Actor, code: string, programme: string | null): Promise<GrantQuarterView[]> {
    return this.ofGrant(actor, code, programme, async (tx, key) => {
      const { facts } = await readFacts(tx, key, londonDate(tx.now));
      return summariseGrant(facts).quarters.map(quarterView);
    });
  }

  /** What was spent, newest first, corrected entries included. */
  entries(
    actor: Actor,
    code: string,
    { programme, quarter }: GrantEntryFilters,
    page: { before: string | null; limit: number },
  ): Promise<GrantEntryView[]> {
    return this.ofGrant(actor, code, programme ?? null, async (tx, key) => {
      const rows = await listEntries(tx, key, { quarter: quarter ?? null, ...page });
      const ids = rows.map(({ id }) => id);
      return presentEntries(rows, await doubleCosts(tx, key, ids));
    });
  }

  /** Entries by their ids, newest first; what is not of this grant is left out. */
  entriesOf(actor: Actor, code: string, programme: string | null, ids: readonly string[]): Promise<GrantEntryView[]> {
    return this.ofGrant(actor, code, programme, async (tx, key) => {
      const rows = await listEntries(tx, key, { quarter: null, before: null, limit: ids.length, ids });
      return presentEntries(rows, await doubleCosts(tx, key, ids));
    });
  }

  private ofGrant<T>(
    actor: Actor,
    code: string,
    programme: string | null,
    read: (tx: Tx, key: GrantKey) => Promise<T>,
  ): Promise<T> {
    return this.uow.read(actor, async (tx) => {
      const key = await findGrant(tx, code, programme);
      requireMay(actor, 'grant.read', { authority: code });
      return read(tx, key);
    });
  }
}
