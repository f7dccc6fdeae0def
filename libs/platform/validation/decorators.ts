import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import {
  enforce,
  listField,
  nestedField,
  valueField,
  type Class,
  type FieldOptions,
  type ListOptions,
} from './field.js';
import * as kinds from './kinds.js';

/**
 * One declaration gives the limit that is enforced (class-validator) and the property that is published (OpenAPI), so
 * the two cannot disagree. The same decorators describe answers.
 */
type Options<Own extends object = object> = Own & FieldOptions;

/** Text of 1 to 500 characters unless told otherwise, kept as typed, without control characters, never blank. */
export const TextField = (options: Options<{ min?: number; max?: number; example?: string; lines?: boolean }> = {}) =>
  valueField(kinds.text(options), options);

/** Whole pence. */
export const PenceField = (options: Options<{ min?: number; max?: number }> = {}) =>
  valueField(kinds.pence(options), options);

/** Days as decimal text; `min` and `max` are days as text too. */
export const DaysField = (options: Options<{ min?: string; max?: string; example?: string }> = {}) =>
  valueField(kinds.days(options), options);

/** A calendar date, `YYYY-MM-DD`. */
export const DateField = (options: Options = {}) => valueField(kinds.date(), options);

/** An instant, ISO 8601 with its zone. */
export const InstantField = (options: Options = {}) => valueField(kinds.instant(), options);

export const UuidField = (options: Options = {}) => valueField(kinds.uuid(), options);

/** One of a fixed list of texts. */
export const EnumField = (values: readonly string[], options: Options = {}) => valueField(kinds.oneOf(values), options);

/** A code of one form; the pattern must be anchored at both ends. */
export const CodeField = (
  pattern: RegExp,
  options: Options<{ max?: number; example?: string; message?: string }> = {},
) => valueField(kinds.code(pattern, options), options);

export const EmailField = (options: Options = {}) => valueField(kinds.email(), options);

/** An account number abroad, with its check digits. */
export const IbanField = (options: Options = {}) => valueField(kinds.iban(), options);

/** The bank of an account abroad. */
export const BicField = (options: Options = {}) => valueField(kinds.bic(), options);

/** A country by its code, one that is assigned. */
export const CountryField = (options: Options = {}) => valueField(kinds.country(), options);

export const BooleanField = (options: Options = {}) => valueField(kinds.boolean(), options);

export const IntegerField = (options: Options<{ min?: number; max?: number }> = {}) =>
  valueField(kinds.integer(options), options);

/** An object whose keys are not fixed. For answers. */
export const JsonField = (options: Options = {}) => valueField(kinds.json(), options);

/** An object of a class with field decorators: `@NestedField(() => TrainerInput)`. */
export const NestedField = (of: () => Class, options: Options = {}) => nestedField(of, options);

/** A list of objects, `@ArrayField(() => LineInput, { min: 1, max: 200 })`, or of values, `@ArrayField(kinds.date())`. */
export const ArrayField = (of: (() => Class) | kinds.Kind, options: ListOptions = {}) => listField(of, options);

/** An object from any key to objects of one class. For answers, such as the categories of a calculation. */
export function RecordField(of: () => Class, options: Options = {}): PropertyDecorator {
  const field = enforce({
    optional: options.optional ?? false,
    nullable: options.nullable ?? false,
    kind: kinds.json(),
  });
  return (target, property) => {
    field(target, property);
    ApiExtraModels(of())(target.constructor);
    ApiProperty({
      type: 'object',
      additionalProperties: { $ref: getSchemaPath(of()) },
      required: !options.optional,
      ...(options.nullable ? { nullable: true } : {}),
      ...(options.description === undefined ? {} : { description: options.description }),
    } as object)(target, property);
  };
}
