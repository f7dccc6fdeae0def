import {
  ArrayField,
  BooleanField,
  DateField,
  InstantField,
  IntegerField,
  JsonField,
  kinds,
  NestedField,
  TextField,
  UuidField,
} from '#platform/validation';

export class ProgrammeView {
  @TextField({ example: 'EIP2' })
  code: string;

  @TextField()
  name: string;

  @IntegerField({ min: 1 })
  termsVersion: number;

  @DateField()
  inForceFrom: string;

  @JsonField({ description: 'Rates, categories, shares, eligibility, payer and payment, as the terms give them.' })
  terms: object;
}

/** The account claims are paid to. Before any is entered: version 0 and nulls. */
export class BankAccountView {
  @TextField({ nullable: true })
  accountName: string | null;

  @TextField({ nullable: true, example: '5678', description: 'The last four digits; the rest is never shown.' })
  lastFour: string | null;

  @BooleanField({ description: 'Invented, for the demonstration.' })
  demo: boolean;

  @IntegerField({ min: 0 })
  version: number;

  @InstantField({ nullable: true, description: 'When MTM confirmed it by ringing back; nothing is paid to it before.' })
  confirmedAt: string | null;
}

/** An authority. All but code, name and ONS code are null for another authority. */
export class AuthorityView {
  @TextField({ example: 'BRENT' })
  code: string;

  @TextField({ example: 'Brent' })
  name: string;

  @TextField({ example: 'E09000005' })
  onsCode: string;

  @TextField({ nullable: true })
  legalName: string | null;

  @ArrayField(kinds.text(), { nullable: true })
  addressLines: string[] | null;

  @TextField({ nullable: true })
  postcode: string | null;

  @TextField({ nullable: true })
  country: string | null;

  @TextField({ nullable: true })
  contactName: string | null;

  @TextField({ nullable: true })
  contactEmail: string | null;

  @TextField({ nullable: true, example: '020 7946 0991' })
  contactPhone: string | null;

  @NestedField(() => BankAccountView, { nullable: true })
  bankDetails: BankAccountView | null;

  @IntegerField({ min: 1, nullable: true })
  version: number | null;
}

export class ForecastView {
  @DateField({ nullable: true })
  runsOutOn: string | null;

  @TextField({ nullable: true })
  daysPerMonth: string | null;

  @TextField()
  text: string;
}

export class AllocationItemView {
  @TextField({ example: 'targeted' })
  category: string;

  @TextField({ example: 'Targeted training' })
  label: string;

  @TextField({ example: '10' })
  allottedDays: string;

  @TextField({ example: '2', description: 'By claims that are submitted or reviewed.' })
  reservedDays: string;

  @TextField({ example: '4', description: 'By claims that are approved.' })
  usedDays: string;

  @TextField({ example: '6', description: 'Reserved and used.' })
  drawnDays: string;

  @TextField({ example: '4' })
  leftDays: string;

  @NestedField(() => ForecastView)
  forecast: ForecastView;
}

export class AllocationMoveView {
  @UuidField()
  id: string;

  @TextField()
  category: string;

  @TextField({ nullable: true, description: 'Null: the reserve.' })
  from: string | null;

  @TextField({ nullable: true, description: 'Null: the reserve.' })
  to: string | null;

  @TextField({ example: '2' })
  days: string;

  @TextField()
  reason: string;

  @UuidField()
  movedBy: string;

  @InstantField()
  movedAt: string;
}
