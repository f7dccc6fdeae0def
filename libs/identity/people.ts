import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork, systemActor, type Actor } from '#platform/database';
import { PAYER_ORGANISATION, type Role } from './domain/index.js';

/** Somebody as pages name them. */
export interface NamedPerson {
  id: string;
  name: string;
  roles: Role[];
}

/** How an id is said: a person's name, "the system", or whose person it is when the reader may not know them by name. */
export type NameOf = (userId: string) => string;

/** Names of those who did something, for people to read. Row-level security decides who is seen: an authority's user sees colleagues. */
@Injectable()
export class People {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Ids that are null are passed over, so that a record can be given as it is. */
  async names(actor: Actor, ids: readonly (string | null)[]): Promise<NameOf> {
    const wanted = [...new Set(ids.filter((id): id is string => id !== null))];
    const rows =
      wanted.length === 0
        ? []
        : await this.uow.read(actor, (tx) =>
            tx.query<{ id: string; name: string }>('SELECT id, name FROM user_account WHERE id = ANY ($1::uuid[])', [
              wanted,
            ]),
          );
    const names = new Map(rows.map(({ id, name }) => [id, name]));
    names.set(systemActor.userId, 'the system');
    return (id) => names.get(id) ?? (actor.scope === '*' ? 'somebody no longer known' : PAYER_ORGANISATION);
  }

  /** The payer's active people with a role, by name; to an authority none is there. */
  payerPeople(actor: Actor, role: Role): Promise<NamedPerson[]> {
    return this.uow.read(actor, (tx) =>
      tx.query<NamedPerson>(
        'SELECT id, name, roles FROM user_account WHERE active AND organisation = $1 AND $2 = ANY (roles) ORDER BY name, id',
        [PAYER_ORGANISATION, role],
      ),
    );
  }
}
