import { ArrayField, InstantField, IntegerField, TextField } from '#platform/validation';

/** The last entry of one chain at the time of sealing. */
export class ChainHeadView {
  @TextField({ max: 30, example: 'BRENT' })
  chain: string;

  @IntegerField({ min: 1 })
  seq: number;

  @TextField({ max: 64, description: 'SHA-256, hex.' })
  hash: string;
}

/** All heads at an instant: the answer of POST /audit/checkpoints, and what the checkpoint's file says. */
export class CheckpointView {
  @IntegerField({ min: 1 })
  number: number;

  @InstantField()
  at: string;

  @ArrayField(() => ChainHeadView)
  heads: ChainHeadView[];

  @TextField({ max: 64, description: 'SHA-256, hex, of the checkpoint before.' })
  previousHash: string;

  @TextField({ max: 64, description: 'SHA-256, hex, of this checkpoint and the hash before.' })
  hash: string;
}
