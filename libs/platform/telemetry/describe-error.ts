/** What may be logged of an error. */
export interface ErrorDescription {
  name: string;
  code?: string;
  message?: string;
  constraint?: string;
  table?: string;
  stack?: string;
}

interface DatabaseFields {
  code?: string;
  constraint?: string;
  table?: string;
  driverError?: DatabaseFields;
}

const SQL_STATE = /^[0-9A-Z]{5}$/;
const MAX_STACK_LINES = 12;

/** Only the frames: the first lines of a stack repeat the message. */
function framesOf(stack: string | undefined): string | undefined {
  const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return frames?.length ? frames.slice(0, MAX_STACK_LINES).join('\n') : undefined;
}

/**
 * An error for the log. A database's message quotes the values it stumbled over (names, e-mail addresses), so of those
 * errors only the SQLSTATE, the constraint and the table are told.
 */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error };
  const fields = error as Error & DatabaseFields;
  const database = fields.driverError ?? fields;
  const code = database.code;
  const stack = framesOf(error.stack);
  const common = { name: error.name, ...(code ? { code } : {}), ...(stack ? { stack } : {}) };
  if (fields.driverError === undefined && !(code && SQL_STATE.test(code))) return { ...common, message: error.message };
  return {
    ...common,
    ...(database.constraint ? { constraint: database.constraint } : {}),
    ...(database.table ? { table: database.table } : {}),
  };
}
