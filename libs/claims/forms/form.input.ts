import {
  ArrayField,
  CodeField,
  EnumField,
  IntegerField,
  NestedField,
  TextField,
  UuidField,
} from '#platform/validation';
import { MOST_LINES } from './form-content.js';

const Typed = (max: number) => TextField({ min: 0, max, optional: true });
const LINE_KEY = /^l[1-9]\d{0,6}$/;

/** How a form begins: blank, from a draft or returned claim, or like an earlier claim. */
export class StartFormInput {
  @CodeField(/^[A-Z0-9]{2,12}$/, { optional: true, example: 'EIP2', description: 'Needed in several programmes only.' })
  programme?: string;

  @UuidField({ optional: true, description: 'A draft or returned claim to go on with.' })
  claim?: string;

  @UuidField({ optional: true, description: 'A claim to begin like.' })
  like?: string;
}

export class SaveDetailsInput {
  @IntegerField({ min: 1, description: 'The version of the page that was read.' })
  version: number;

  @Typed(500)
  authorityReference?: string;

  @Typed(500)
  purchaseOrder?: string;
}

/** One line as typed. Fields that are left out stay as they are. */
export class TypedLineInput {
  @CodeField(LINE_KEY, { max: 8, example: 'l3' })
  key: string;

  @EnumField(['training', 'travel'], { optional: true, description: 'For a line that somebody else has removed.' })
  kind?: 'training' | 'travel';

  @Typed(100) category?: string;
  @Typed(100) rate?: string;
  @Typed(1000) description?: string;
  @Typed(100) bookedOn?: string;
  @Typed(3000) deliveredOn?: string;
  @Typed(100) trainerDays?: string;
  @Typed(100) net?: string;
  @Typed(100) vatRate?: string;
  @Typed(100) vat?: string;
}

export const LINE_STEPS = ['add_training', 'add_travel', 'copy', 'remove', 'restore'] as const;

/** What else to do with the lines, in the same save. */
export class LineStepInput {
  @EnumField(LINE_STEPS)
  step: (typeof LINE_STEPS)[number];

  @CodeField(LINE_KEY, { max: 8, optional: true, description: 'The line to copy, remove or restore.' })
  line?: string;
}

export class SaveInvoiceInput {
  @IntegerField({ min: 1, description: 'The version of the page that was read.' })
  version: number;

  @Typed(1000) trainer?: string;
  @Typed(1000) vatNumber?: string;
  @Typed(100) country?: string;
  @Typed(1000) number?: string;
  @Typed(100) issuedOn?: string;
  @Typed(100) paidOn?: string;

  @ArrayField(() => TypedLineInput, { max: MOST_LINES, optional: true })
  lines?: TypedLineInput[];

  @NestedField(() => LineStepInput, { optional: true })
  then?: LineStepInput;
}

export class AddInvoiceInput {
  @UuidField({ optional: true, description: 'The trainer invoice of this form to begin like.' })
  like?: string;
}

export class PageVersionInput {
  @IntegerField({ min: 1, description: 'The version of the page that was read.' })
  version: number;
}

export class FinishFormInput {
  @IntegerField({ min: 0, optional: true, description: 'The version of the form that was checked.' })
  version?: number;

  @EnumField(['keep'], { optional: true, description: 'The claim was changed elsewhere: keep what the form says.' })
  changedElsewhere?: 'keep';
}
