import { InvalidValue } from '#kernel';

/** A kind of job: one name, one payload type. Its one handler is checked when a worker starts. */
export interface JobDefinition<Payload extends object> {
  readonly name: string;
  /** How often it is tried in all before it has failed for good. */
  readonly attempts: number;
  /** Wait before the second try; it doubles for each further one. Milliseconds. */
  readonly backoffMs: number;
  /** Checks what came out of the queue. Throws InvalidValue: such a job can never succeed. */
  readonly parse: (raw: unknown) => Payload;
}

const defined = new Map<string, JobDefinition<object>>();

/** Defines a job, once a process. Throws when the name is taken. */
export function defineJob<Payload extends object>(definition: JobDefinition<Payload>): JobDefinition<Payload> {
  if (!/^[a-z][a-z0-9-]{0,99}$/.test(definition.name)) throw new Error(`"${definition.name}" is not a job name`);
  if (defined.has(definition.name)) throw new Error(`The job "${definition.name}" is defined twice.`);
  defined.set(definition.name, definition);
  return definition;
}

/** Every job that any loaded feature defines. */
export const definedJobs = (): readonly JobDefinition<object>[] => [...defined.values()];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const isId = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
const fieldOf = (raw: unknown, field: string): unknown => (raw as Record<string, unknown> | null)?.[field];

/** A payload parser for jobs about one thing: `{ [field]: uuid }`. Payloads hold ids, never names or addresses. */
export function idPayload<Field extends string>(field: Field): (raw: unknown) => Record<Field, string> {
  return (raw) => {
    const value = fieldOf(raw, field);
    if (!isId(value)) throw new InvalidValue(`a job without a ${field}`);
    return { [field]: value } as Record<Field, string>;
  };
}

/** The same for jobs about a few things that belong together: `{ [field]: [uuid, …] }`. */
export function idsPayload<Field extends string>(field: Field): (raw: unknown) => Record<Field, string[]> {
  return (raw) => {
    const values = fieldOf(raw, field);
    if (!Array.isArray(values) || values.length === 0 || !values.every(isId)) {
      throw new InvalidValue(`a job without ${field}`);
    }
    return { [field]: values } as Record<Field, string[]>;
  };
}
