import { SWEEP_PATIENCE, type SweepPatience } from '#documents';

/** How patient a worker is, in milliseconds. Tests bring a shorter one; there is no setting for it. */
export class WorkerTuning {
  lockMs: number;
  pollMs: number;
  /** Cut-off e-mails and lost jobs are looked for. */
  sweepMs: number;
  pruneMs: number;
  /** Whether the audit trail is due to be sealed is looked at. */
  sealMs: number;
  /** Whether the books are due for a snapshot is looked at. */
  snapshotMs: number;
  /** Whether warnings and digests are due is looked at. */
  clockMs: number;
  /** Sessions, links and counted guesses that are over are deleted. */
  sessionsMs: number;
  /** Dispatched outbox rows are kept so long. */
  keepOutboxMs: number;
  /** How long running jobs may take when the process is asked to stop. */
  shutdownMs: number;
  patience: SweepPatience;
}

export const DEFAULT_TUNING: WorkerTuning = {
  lockMs: 30_000,
  pollMs: 1_500,
  sweepMs: 60_000,
  pruneMs: 10 * 60_000,
  sealMs: 3600_000,
  snapshotMs: 60_000,
  clockMs: 5 * 60_000,
  sessionsMs: 3600_000,
  keepOutboxMs: 24 * 3600_000,
  shutdownMs: 20_000,
  patience: SWEEP_PATIENCE,
};
