import { Inject, Injectable } from '@nestjs/common';
import { londonDate, malformed, notFound } from '#kernel';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { listMoves, readAllocationViews, type AllocationView, type MoveView } from './allocation.queries.js';
import {
  listAuthorities,
  loadAuthority,
  programmesOf,
  type AuthorityListItem,
  type AuthorityProfile,
  type BankAccount,
} from './authority.queries.js';
import { TermsStore, type StoredTerms } from './terms-store.js';

/** A programme with its terms in force today. */
interface ProgrammeInForce {
  code: string;
  name: string;
  termsVersion: number;
  inForceFrom: string;
  terms: StoredTerms['terms'];
}

/** What the first bank details replace. */
interface NoAccount {
  accountName: null;
  lastFour: null;
  demo: false;
  version: 0;
  confirmedAt: null;
}
const NO_ACCOUNT: NoAccount = { accountName: null, lastFour: null, demo: false, version: 0, confirmedAt: null };

/** Reads of programmes, authorities and their allocations. */
@Injectable()
export class ProgrammeQueries {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** Throws not_found when there is no such programme or no terms of it are in force yet. */
  programme(actor: Actor, code: string): Promise<ProgrammeInForce> {
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'programme.read');
      const stored = await this.terms.inForce(tx, code, londonDate(tx.now));
      const [row] = await tx.query<{ name: string }>('SELECT name FROM programme WHERE code = $1', [code]);
      return {
        code,
        name: row!.name,
        termsVersion: stored.version,
        inForceFrom: stored.terms.inForceFrom,
        terms: stored.terms,
      };
    });
  }

  authorities(actor: Actor, after: string | null, limit: number): Promise<AuthorityListItem[]> {
    return this.uow.read(actor, (tx) => {
      requireMay(actor, 'authority.read');
      return listAuthorities(tx, after, limit);
    });
  }

  authority(actor: Actor, code: string): Promise<AuthorityProfile> {
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'authority.read');
      return loadAuthority(tx, code);
    });
  }

  /** The account claims are paid to; without one yet, version 0 and nothing else. */
  async bankDetails(actor: Actor, code: string): Promise<BankAccount | NoAccount> {
    return (await this.authority(actor, code)).bankDetails ?? NO_ACCOUNT;
  }

  /** Throws malformed when the authority takes part in several programmes and none is named. */
  allocations(actor: Actor, authority: string, programme: string | null): Promise<AllocationView[]> {
    return this.uow.read(actor, async (tx) => {
      await loadAuthority(tx, authority);
      requireMay(actor, 'allocation.read', { authority });
      const of = programme ?? (await onlyProgramme(tx, authority));
      const today = londonDate(tx.now);
      const { terms } = await this.terms.inForce(tx, of, today);
      const labels = Object.fromEntries(Object.entries(terms.allocations).map(([code, { label }]) => [code, label]));
      return readAllocationViews(tx, { programme: of, authority, labels, today });
    });
  }

  /** Of all its programmes, or of the one named. */
  moves(
    actor: Actor,
    authority: string,
    before: string | null,
    limit: number,
    programme: string | null = null,
  ): Promise<MoveView[]> {
    return this.uow.read(actor, async (tx) => {
      await loadAuthority(tx, authority);
      requireMay(actor, 'allocation.read', { authority });
      return listMoves(tx, authority, { before, limit, programme });
    });
  }
}

async function onlyProgramme(tx: Tx, authority: string): Promise<string> {
  const [only, another] = await programmesOf(tx, authority);
  if (only === undefined) throw notFound('programme of this authority');
  if (another === undefined) return only;
  throw malformed([{ path: 'programme', code: 'required', message: 'The authority takes part in several. Name one.' }]);
}
