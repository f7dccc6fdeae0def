import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity/domain';
import { UnitOfWork, type Actor } from '#platform/database';
import { CheckpointFiles } from './checkpoint-files.js';
import { checkpointsAfter } from './checkpoint.queries.js';
import { type CheckpointView } from './checkpoint.view.js';

/**
 * Seals the heads of all chains, in the database and in a file outside it. A daily sweep, which may run twice, and on
 * demand. Allowed: `audit.seal`.
 */
@Injectable()
export class SealCheckpoint {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(CheckpointFiles) private readonly files: CheckpointFiles,
  ) {}

  /** Throws forbidden. A file that cannot be written is an error; the next seal completes it. */
  async run(actor: Actor): Promise<CheckpointView> {
    const { previous, sealed } = await this.uow.run(actor, async (tx) => {
      requireMay(actor, 'audit.seal');
      const [row] = await tx.query<{ number: number }>('SELECT audit_seal($1) AS number', [tx.now]);
      const number = row?.number ?? 0;
      const last = await checkpointsAfter(tx, number - 2, 2);
      const sealed = last.find((checkpoint) => checkpoint.number === number);
      if (!sealed) throw new Error(`Audit checkpoint ${number} was sealed and is not there.`);
      return { sealed, previous: last.find((checkpoint) => checkpoint.number === number - 1) };
    });
    // A crash between commit and file leaves the newest one without: only that one is ever completed afterwards.
    if (previous && (await this.files.read(previous.number)) === 'missing') await this.files.write(previous);
    await this.files.write(sealed);
    return { ...sealed, heads: [...sealed.heads] };
  }

  /** The sweep: seals unless that was done within `withinMs` milliseconds. Throws as `run`. */
  async runIfDue(actor: Actor, withinMs: number): Promise<boolean> {
    const due = await this.uow.read(actor, async (tx) => {
      requireMay(actor, 'audit.seal');
      const [last] = await tx.query<{ at: Date }>('SELECT at FROM audit_checkpoint ORDER BY number DESC LIMIT 1');
      return !last || tx.now.getTime() - last.at.getTime() >= withinMs;
    });
    if (due) await this.run(actor);
    return due;
  }
}
