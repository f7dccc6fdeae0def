import { Inject, Injectable } from '@nestjs/common';
import { People, type NameOf } from '#identity';
import { ProgrammeQueries } from '#programme';
import { type Actor } from '#platform/database';

/** More authorities than any programme has. */
const ALL = 200;

/** Names for what pages of payments and the bank have by id or code. */
@Injectable()
export class Names {
  constructor(
    @Inject(People) private readonly people: People,
    @Inject(ProgrammeQueries) private readonly programme: ProgrammeQueries,
  ) {}

  of(actor: Actor, ids: readonly (string | null)[]): Promise<NameOf> {
    return this.people.names(actor, ids);
  }

  /** An authority by its name; one that is not known by its code. */
  async authorities(actor: Actor): Promise<NameOf> {
    const names = new Map((await this.programme.authorities(actor, null, ALL)).map(({ code, name }) => [code, name]));
    return (code) => names.get(code) ?? code;
  }
}
