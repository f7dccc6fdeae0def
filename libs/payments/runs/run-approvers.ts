import { Inject, Injectable } from '@nestjs/common';
import { may, People, requireMay } from '#identity';
import { UnitOfWork, type Actor } from '#platform/database';
import { approversOf, loadRun } from './run-record.js';

/** Somebody who approves runs, and why not this one, if not. */
export interface PossibleApprover {
  id: string;
  name: string;
  /** Null: this person may. Else what they did before. */
  barred: 'prepared_it' | 'approved_a_claim' | null;
}

/** Who may approve a run: what `may()` says to the reader, and of each who could be asked. */
export interface RunApprovers {
  you: ReturnType<typeof may>;
  people: PossibleApprover[];
}

/** Two pairs of eyes, told before anybody is refused. Allowed: `payment.read`. */
@Injectable()
export class RunApproversQuery {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(People) private readonly people: People,
  ) {}

  /** Throws not_found, forbidden. */
  async of(actor: Actor, runId: string): Promise<RunApprovers> {
    const subject = await this.uow.read(actor, async (tx) => {
      const run = await loadRun(tx, runId);
      requireMay(actor, 'payment.read');
      return { makers: [run.prepared_by], approvers: await approversOf(tx, runId) };
    });
    const people = await this.people.payerPeople(actor, 'mtm_approver');
    return {
      you: may(actor, 'payment_run.approve', subject),
      people: people.map(({ id, name, roles }) => {
        const answer = may({ userId: id, scope: '*', roles }, 'payment_run.approve', subject);
        const why = subject.makers.includes(id) ? 'prepared_it' : 'approved_a_claim';
        return { id, name, barred: answer.allowed ? null : why };
      }),
    };
  }
}
