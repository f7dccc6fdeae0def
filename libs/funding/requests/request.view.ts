import {
  ArrayField,
  EnumField,
  InstantField,
  IntegerField,
  kinds,
  PenceField,
  TextField,
  UuidField,
} from '#platform/validation';
import { CLAIM_STATES, type ClaimState } from '#claims/domain';
import { ClaimNamed } from '../claim-named.view.js';
import { REQUEST_STATES, type RequestState } from '../domain/index.js';

/** What a request comes to, and who pays for it. */
export class RequestFigures {
  @PenceField({ description: 'What its claims come to.' })
  totalPence: number;

  @PenceField({
    description:
      'What of it recovered money pays for: of a draft, if it were submitted now; of a cancelled request, nothing.',
  })
  recoveredPence: number;

  @PenceField({ description: 'What the funder is asked for: the rest.' })
  requestedPence: number;

  @IntegerField({ min: 0 })
  claimCount: number;
}

/** A funding request as a list shows it. Null until known. */
export class RequestListItem extends RequestFigures {
  @UuidField()
  id: string;

  @TextField({ example: 'EIP2' })
  programme: string;

  @TextField({ nullable: true, example: 'EIP2-FR-0001', description: 'Given when it is submitted.' })
  number: string | null;

  @EnumField(REQUEST_STATES)
  state: RequestState;

  @UuidField()
  createdBy: string;

  @InstantField()
  createdAt: string;

  @UuidField({ nullable: true })
  submittedBy: string | null;

  @InstantField({ nullable: true })
  submittedAt: string | null;

  @TextField({ nullable: true, description: 'SHA-256 of the schedule’s PDF, hex; null until it is made.' })
  scheduleSha256: string | null;

  @TextField({ nullable: true })
  cancelReason: string | null;

  @IntegerField({ min: 1 })
  version: number;
}

export class RequestView extends RequestListItem {
  @ArrayField(kinds.uuid(), { max: 10_000_000, description: 'Its claims, in queue order.' })
  claimIds: string[];
}

/** What such a request would ask for now. */
export class RequestPreview extends RequestFigures {
  @ArrayField(kinds.uuid(), { max: 10_000_000, description: 'In queue order.' })
  claimIds: string[];
}

/** A claim of a request. */
export class RequestClaimItem extends ClaimNamed {
  @PenceField()
  amountPence: number;

  @EnumField(CLAIM_STATES)
  state: ClaimState;
}

/** A line of the schedule that the funder gets: so much for an authority in a category; last, recovered money taken off. */
export class ScheduleLine {
  @TextField({
    example: 'BRENT',
    nullable: true,
    description: 'Null for recovered money, which is of no authority here.',
  })
  authority: string | null;

  @TextField({ example: 'targeted' })
  category: string;

  @TextField({ example: 'Targeted training' })
  label: string;

  @IntegerField({ min: 0 })
  claimCount: number;

  @PenceField({
    min: -Number.MAX_SAFE_INTEGER,
    description: 'Negative for recovered money: together, what is requested.',
  })
  amountPence: number;
}
