import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { malformed, type Problem } from '#kernel';
import { FIELD_RULE, fieldProblems, type Class, type Field } from './field.js';

/** At most this many problems are told at once: a hostile body must not make an answer larger than itself. */
const MAX_PROBLEMS = 100;
const MAX_NAME = 60;

type Fields = ReadonlyMap<string, Field | undefined>;

const knownFields = new WeakMap<Class, Fields>();

/** The fields of a class, inherited and mapped ones (PartialType, PickType) included, read once from class-validator. */
function fieldsOf(target: Class): Fields {
  const known = knownFields.get(target);
  if (known) return known;
  const fields = new Map<string, Field | undefined>();
  for (const rule of getMetadataStorage().getTargetValidationMetadatas(target, '', false, false)) {
    const field = rule.name === FIELD_RULE ? (rule.constraints[0] as Field) : fields.get(rule.propertyName);
    fields.set(rule.propertyName, field);
  }
  knownFields.set(target, fields);
  return fields;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);

const below = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** Puts a plain value into instances of the classes. Only declared fields are copied, so `__proto__` goes nowhere. */
class Builder {
  readonly problems: Problem[] = [];

  build(target: Class, value: Record<string, unknown>, path: string): object {
    const fields = fieldsOf(target);
    const instance = new target() as Record<string, unknown>;
    for (const name of Object.keys(value)) {
      if (!fields.has(name)) this.unknown(below(path, name.slice(0, MAX_NAME)));
      else instance[name] = this.field(fields.get(name), value[name], below(path, name));
    }
    return instance;
  }

  private field(field: Field | undefined, value: unknown, path: string): unknown {
    const nested = field?.nested;
    if (!nested) return value;
    if (!field.list) return isObject(value) ? this.build(nested(), value, path) : value;
    if (!Array.isArray(value) || value.length > field.list.max) return value;
    return value.map((item: unknown, index) =>
      isObject(item) ? this.build(nested(), item, `${path}[${index}]`) : item,
    );
  }

  private unknown(path: string): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    this.problems.push({ path, code: 'unknown_field', message: 'This call does not know this field. Remove it.' });
  }
}

/** class-validator says which fields are wrong; what is wrong with them is asked of the field again. */
function collect(errors: readonly ValidationError[], parent: string, inList: boolean, problems: Problem[]): void {
  for (const error of errors) {
    if (problems.length >= MAX_PROBLEMS) return;
    const path = inList ? `${parent}[${error.property}]` : below(parent, error.property);
    const field = inList ? undefined : fieldsOf(error.target?.constructor as Class).get(error.property);
    for (const [rule, message] of Object.entries(error.constraints ?? {})) {
      if (rule === FIELD_RULE && field) problems.push(...fieldProblems(field, error.value, path));
      else if (rule !== 'nestedValidation') problems.push({ path, code: snakeCase(rule), message });
    }
    if (error.children?.length) collect(error.children, path, Array.isArray(error.value), problems);
  }
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * The body as an instance of the class, or DomainError `malformed` listing every problem (at most a hundred) with its
 * path, such as `trainerInvoices[0].lines[1].vatPence`. Unknown fields are refused at every level. No body is `{}`.
 * Nothing of the body is repeated in a message.
 */
export function validateInput<T extends object>(target: new () => T, body: unknown): T {
  const given = body ?? {};
  if (!isObject(given)) {
    throw malformed([{ path: '', code: 'not_an_object', message: 'Send one JSON object.' }]);
  }
  const builder = new Builder();
  const instance = builder.build(target, given, '') as T;
  const problems = builder.problems;
  const errors = validateSync(instance, { forbidUnknownValues: false });
  if (errors.length > 0) collect(errors, '', false, problems);
  if (problems.length > 0) throw malformed(problems.slice(0, MAX_PROBLEMS));
  return instance;
}

/**
 * The same for query parameters, which are all text: whole numbers and true/false are read from it. A parameter given
 * twice is refused by its field. `also` names parameters that somebody else reads (`limit`, `cursor`).
 */
export function validateQuery<T extends object>(target: new () => T, query: unknown, also: readonly string[] = []): T {
  const fields = fieldsOf(target);
  const given: [string, unknown][] = Object.entries(isObject(query) ? query : {})
    .filter(([name]) => !also.includes(name))
    .map(([name, value]) => [name, readText(fields.get(name), value)]);
  return validateInput(target, Object.fromEntries(given));
}

function readText(field: Field | undefined, value: unknown): unknown {
  if (typeof value !== 'string' || !field?.kind?.fromText) return value;
  return field.kind.fromText(value);
}
