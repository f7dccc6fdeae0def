import { ArrayField, BooleanField, EnumField, IntegerField, TextField } from '#platform/validation';
import { FINDING_KINDS, MAX_FINDINGS, type FindingKind } from './domain/index.js';

/** The query of GET /audit/verify. */
export class VerifyAuditInput {
  @TextField({ max: 30, optional: true, description: 'Verify this chain only.', example: 'BRENT' })
  chain?: string;
}

export class AuditFinding {
  @TextField({ max: 30, description: 'The chain, or `checkpoints` for what is wrong with a checkpoint as such.' })
  chain: string;

  @IntegerField({ description: 'The number of the entry, or of the checkpoint.' })
  seq: number;

  @EnumField(Object.keys(FINDING_KINDS))
  kind: FindingKind;

  @TextField()
  detail: string;
}

/** The answer of GET /audit/verify. */
export class AuditVerification {
  @BooleanField({ description: 'True when nothing is wrong.' })
  ok: boolean;

  @IntegerField({ description: 'How many entries were recomputed.' })
  entries: number;

  @IntegerField()
  chains: number;

  @IntegerField({ description: 'How many checkpoints the trail was compared with.' })
  checkpoints: number;

  @ArrayField(() => AuditFinding, { max: MAX_FINDINGS })
  findings: AuditFinding[];

  @BooleanField({ description: `True when there are more findings than the ${MAX_FINDINGS} listed.` })
  truncated: boolean;
}
