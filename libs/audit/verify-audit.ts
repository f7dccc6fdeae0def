import { Inject, Injectable } from '@nestjs/common';
import { conflict } from '#kernel';
import { requireMay } from '#identity/domain';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateQuery } from '#platform/validation';
import { CheckpointFiles } from './checkpoint-files.js';
import { ChainCheck, Findings } from './domain/index.js';
import { chainsOf, entriesAfter, hasEntriesBeyondHead, headOf } from './trail.queries.js';
import { VerifyAuditInput, type AuditVerification } from './verify-audit.input.js';
import { verifyCheckpoints } from './verify-checkpoints.js';

/** Entries read at once: bounds memory, whatever the length of the trail. */
const PAGE = 1000;

/** A verification may take minutes, and a connection of the pool with it. Any number no other lock of ours has. */
const VERIFY_LOCK = 1514764803;

/**
 * Recomputes the whole trail, or one chain of it, and compares it with its heads, its checkpoints and their files.
 * Reads in pages while others append; one at a time, whoever asks. Allowed: `audit.verify`.
 */
@Injectable()
export class VerifyAudit {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(CheckpointFiles) private readonly files: CheckpointFiles,
  ) {}

  /** `onChain` is told of each chain that was read to its end. Throws malformed, forbidden, conflict `verification_running`. */
  run(
    actor: Actor,
    query: unknown,
    onChain: (chain: string, entries: number) => void = () => undefined,
  ): Promise<AuditVerification> {
    const { chain } = validateQuery(VerifyAuditInput, query);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'audit.verify');
      await alone(tx);
      const findings = new Findings();
      const chains = chain === undefined ? await chainsOf(tx) : [chain];
      let entries = 0;
      for (const each of chains) {
        const read = await verifyChain(tx, each, findings);
        onChain(each, read);
        entries += read;
      }
      const checkpoints = await verifyCheckpoints(tx, this.files, findings, chain);
      return {
        ok: findings.list.length === 0,
        entries,
        chains: chains.length,
        checkpoints,
        findings: findings.list,
        truncated: findings.truncated,
      };
    });
  }
}

/** Until the transaction ends. */
async function alone(tx: Tx): Promise<void> {
  const [lock] = await tx.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS taken', [VERIFY_LOCK]);
  if (!lock?.taken) {
    throw conflict('verification_running', 'The audit trail is being verified already. Ask again when that has ended.');
  }
}

/** The head is read first: entries that others append meanwhile come after it and are not looked at. */
async function verifyChain(tx: Tx, chain: string, findings: Findings): Promise<number> {
  const head = await headOf(tx, chain);
  const check = new ChainCheck(chain, findings);
  for (;;) {
    const page = await entriesAfter(tx, chain, check.seq, head?.seq, PAGE);
    for (const entry of page) check.next(entry);
    if (page.length < PAGE) break;
  }
  check.finish(head, head !== undefined && (await hasEntriesBeyondHead(tx, chain)));
  return check.count;
}
