import { ApiProperty } from '@nestjs/swagger';
import { ValidateNested, registerDecorator } from 'class-validator';
import type { Problem } from '#kernel';
import type { Kind } from './kinds.js';
import { fault, type Fault } from './text-rules.js';

export type Class<T = object> = new () => T;

/** What every field decorator takes besides the limits of its kind. */
export interface FieldOptions {
  /** The field may be left out. */
  optional?: boolean;
  /** The field may be null. */
  nullable?: boolean;
  description?: string;
  /** Overrides the example of the kind in the API's description. */
  example?: unknown;
}

export interface ListOptions extends FieldOptions {
  min?: number;
  max?: number;
}

/** What validateInput knows of one field. It travels as the constraint of a class-validator rule. */
export interface Field {
  optional: boolean;
  nullable: boolean;
  kind?: Kind;
  nested?: () => Class;
  list?: { min: number; max: number };
}

export const FIELD_RULE = 'field';

const REQUIRED = fault('required', 'This is required.');
const GIVE_OR_OMIT = fault('required', 'Give a value, or leave the field out.');

/** Absent and null are settled here, before any rule about the value; undefined when the value is to be looked at. */
function presenceFault(field: Field, value: unknown): Fault | null | undefined {
  if (value === undefined) return field.optional ? null : REQUIRED;
  if (value === null) return field.nullable ? null : field.optional ? GIVE_OR_OMIT : REQUIRED;
  return undefined;
}

function listFault(list: { min: number; max: number }, value: unknown): Fault | null {
  if (!Array.isArray(value)) return fault('not_a_list', 'Give a list.');
  if (value.length < list.min) return fault('too_few', `Give at least ${list.min}.`);
  if (value.length > list.max) return fault('too_many', `Give at most ${list.max}.`);
  return null;
}

/** What is wrong with the field itself; the insides of nested objects have problems of their own. */
export function fieldProblems(field: Field, value: unknown, path: string): Problem[] {
  const presence = presenceFault(field, value);
  if (presence !== undefined) return presence ? [{ path, ...presence }] : [];
  if (field.list) {
    const wrong = listFault(field.list, value);
    if (wrong) return [{ path, ...wrong }];
    return (value as unknown[]).flatMap((item, index) => itemProblems(field, item, `${path}[${index}]`));
  }
  return itemProblems(field, value, path);
}

function itemProblems(field: Field, value: unknown, path: string): Problem[] {
  const wrong = field.nested
    ? value instanceof field.nested()
      ? null
      : fault('not_an_object', 'Give an object.')
    : (field.kind?.check(value) ?? null);
  return wrong ? [{ path, ...wrong }] : [];
}

function isSound(field: Field, value: unknown): boolean {
  if (field.list || value == null) return fieldProblems(field, value, '').length === 0;
  return field.nested ? value instanceof field.nested() : field.kind?.check(value) == null;
}

/** Registers the limit with class-validator. */
export function enforce(field: Field): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      target: target.constructor,
      propertyName: String(property),
      name: FIELD_RULE,
      constraints: [field],
      validator: { validate: (value: unknown) => isSound(field, value), defaultMessage: () => FIELD_RULE },
    });
    if (field.nested) ValidateNested()(target, property);
  };
}

const present = (options: FieldOptions) => ({
  required: !options.optional,
  ...(options.nullable ? { nullable: true } : {}),
  ...(options.description === undefined ? {} : { description: options.description }),
  ...(options.example === undefined ? {} : { example: options.example }),
});

const both =
  (...decorators: PropertyDecorator[]): PropertyDecorator =>
  (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };

const presence = (options: FieldOptions) => ({
  optional: options.optional ?? false,
  nullable: options.nullable ?? false,
});

/** A field holding one value of a kind. */
export function valueField(kind: Kind, options: FieldOptions): PropertyDecorator {
  return both(enforce({ ...presence(options), kind }), ApiProperty({ ...kind.schema, ...present(options) } as object));
}

// @nestjs/swagger knows a deferred type by the function's name, `type`: hence the arrows written in place.

/** A field holding one object of a class with field decorators. */
export function nestedField(nested: () => Class, options: FieldOptions): PropertyDecorator {
  return both(
    enforce({ ...presence(options), nested }),
    ApiProperty({ type: () => nested(), ...present(options) } as object),
  );
}

/** A field holding a list of objects of a class, or of values of a kind. */
export function listField(of: (() => Class) | Kind, options: ListOptions): PropertyDecorator {
  const { min = 0, max = 1000 } = options;
  const limits = { minItems: min, maxItems: max, ...present(options) };
  const field = { ...presence(options), list: { min, max } };
  return typeof of === 'function'
    ? both(enforce({ ...field, nested: of }), ApiProperty({ type: () => of(), isArray: true, ...limits } as object))
    : both(enforce({ ...field, kind: of }), ApiProperty({ type: 'array', items: of.schema, ...limits } as object));
}
