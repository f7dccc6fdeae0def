import { Inject, Injectable } from '@nestjs/common';
import { londonDate, londonHour } from '#kernel';
import { type Letter } from '#documents/domain';
import { Notices } from '#documents';
import { PAYER_ORGANISATION, usersWithDigest } from '#identity';
import { systemActor, UnitOfWork } from '#platform/database';
import { mondayOf } from '../domain/index.js';
import { digestLetter } from './digest-letter.js';
import { DigestReader } from './digest-reader.js';
import { FIRST_HOUR, isToDo, takeSweep } from './sweeps.js';

interface ToSend {
  letter: Letter;
  owner: string;
}

/**
 * The weekly digest, to whoever asked for it: on Monday morning in London, or as soon after as somebody sweeps. Once a week
 * and person, whatever is started again meanwhile; who asks for it later in the week waits for the next.
 */
@Injectable()
export class SendDigests {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DigestReader) private readonly reader: DigestReader,
    @Inject(Notices) private readonly notices: Notices,
  ) {}

  /** False when there was nothing to do. */
  async runIfDue(): Promise<boolean> {
    const due = await this.uow.read(systemActor, async (tx) => {
      const today = londonDate(tx.now);
      const monday = mondayOf(today);
      if (today === monday && londonHour(tx.now) < FIRST_HOUR) return null;
      if (!(await isToDo(tx, 'weekly digest', monday))) return null;
      const organisations = new Set((await usersWithDigest(tx)).map(({ organisation }) => organisation));
      return { monday, organisations };
    });
    if (due === null) return false;
    const letters = new Map<string, ToSend>();
    for (const organisation of due.organisations) {
      const digest = await this.reader.read(organisation);
      const [first] = digest.parts;
      if (!first) continue;
      const owner = organisation === PAYER_ORGANISATION ? first.programme : organisation;
      letters.set(organisation, { letter: digestLetter(digest), owner });
    }
    return this.send(due.monday, letters);
  }

  private send(monday: string, letters: ReadonlyMap<string, ToSend>): Promise<boolean> {
    return this.uow.run(systemActor, async (tx) => {
      if (!(await takeSweep(tx, 'weekly digest', monday))) return false;
      const people = await usersWithDigest(tx);
      await this.notices.send(
        tx,
        people.flatMap(({ userId, organisation, email }) => {
          const found = letters.get(organisation);
          if (!found) return [];
          const audience = organisation === PAYER_ORGANISATION ? ('payer' as const) : ('authority' as const);
          return [{ key: `weekly-digest:${monday}:${userId}`, audience, to: email, ...found }];
        }),
      );
      return true;
    });
  }
}
