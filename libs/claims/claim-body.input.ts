import { malformed, type Problem } from '#kernel';
import { AuthorityField, ProgrammeField } from '#programme';
import {
  ArrayField,
  CodeField,
  CountryField,
  DateField,
  DaysField,
  EnumField,
  kinds,
  NestedField,
  PenceField,
  TextField,
  validateInput,
} from '#platform/validation';
import { linePath, type ClaimBody } from './domain/index.js';

/** A code of the programme's terms, such as a category or a rate. Which ones exist is for the terms to say. */
const TERM_CODE = /^[a-z][a-z0-9_]{0,39}$/;

export class TrainerInput {
  @TextField({ max: 500, example: 'A Trainer Ltd' })
  name: string;

  @TextField({
    max: 500,
    optional: true,
    nullable: true,
    example: 'GB999999973',
    description: 'Absent when the trainer is not VAT-registered.',
  })
  vatNumber?: string | null;

  @CountryField({ optional: true, description: 'ISO 3166-1 alpha-2; GB when absent.' })
  country?: string;
}

export class TrainerInvoiceLineInput {
  @EnumField(['training', 'travel'])
  kind: 'training' | 'travel';

  @CodeField(TERM_CODE, {
    optional: true,
    example: 'targeted',
    description: 'Training only: a category of the programme.',
  })
  category?: string;

  @CodeField(TERM_CODE, {
    optional: true,
    example: 'standard',
    description: 'Training only: a day rate of the programme.',
  })
  rate?: string;

  @TextField({ max: 500, example: 'Safety planning, two days' })
  description: string;

  @DateField({ optional: true, description: 'Training only: when it was booked.' })
  bookedOn?: string;

  @ArrayField(kinds.date(), { min: 1, max: 100, optional: true, description: 'Training only: every delivery day.' })
  deliveredOn?: string[];

  @DaysField({ min: '0.001', max: '100', optional: true, example: '2', description: 'Training only: trainers × days.' })
  trainerDays?: string;

  @PenceField({ min: 1, max: 10_000_000 })
  netPence: number;

  @CodeField(/^(0|[1-9]\d?)(\.\d{1,2})?$/, { max: 5, example: '20', description: 'Per cent.' })
  vatRate: string;

  @PenceField({ min: 0, max: 10_000_000 })
  vatPence: number;
}

export class TrainerInvoiceInput {
  @NestedField(() => TrainerInput)
  trainer: TrainerInput;

  @TextField({ max: 500, example: 'INV-0042' })
  number: string;

  @DateField()
  issuedOn: string;

  @DateField({ optional: true, nullable: true, description: 'When the authority paid the trainer.' })
  paidOn?: string | null;

  @ArrayField(() => TrainerInvoiceLineInput, { min: 1, max: 200 })
  lines: TrainerInvoiceLineInput[];
}

/** What an authority writes. A submitted claim adds to it; it never changes it. */
export class ClaimBodyInput {
  @ProgrammeField()
  programme: string;

  @AuthorityField()
  authority: string;

  @TextField({
    max: 50,
    optional: true,
    nullable: true,
    description: "The authority's own reference, printed on the invoice.",
  })
  authorityReference?: string | null;

  @TextField({ max: 50, optional: true, nullable: true, description: 'Printed on the invoice.' })
  purchaseOrder?: string | null;

  @ArrayField(() => TrainerInvoiceInput, { min: 1, max: 50 })
  trainerInvoices: TrainerInvoiceInput[];
}

const TRAINING_FIELDS = ['category', 'rate', 'bookedOn', 'deliveredOn', 'trainerDays'] as const;

/** Checks a claim body's form. Throws malformed with every fault; the rules of the programme are checked elsewhere. */
export function readClaimBody(body: unknown): ClaimBody {
  const input = validateInput(ClaimBodyInput, body);
  const problems = input.trainerInvoices.flatMap((invoice, i) =>
    invoice.lines.flatMap((line, l) => kindProblems(line, linePath(i, l))),
  );
  if (problems.length > 0) throw malformed(problems);
  return input as ClaimBody;
}

/** A training line needs every training field; a travel line has none of them. */
function kindProblems(line: TrainerInvoiceLineInput, path: string): Problem[] {
  return TRAINING_FIELDS.flatMap((field): Problem[] => {
    const given = line[field] !== undefined;
    if (given === (line.kind === 'training')) return [];
    return [
      given
        ? {
            path: `${path}.${field}`,
            code: 'unknown_field',
            message: 'A travel line does not have this. Leave it out.',
          }
        : { path: `${path}.${field}`, code: 'required', message: 'A training line needs this. Fill it in.' },
    ];
  });
}
