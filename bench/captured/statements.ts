/** A parameter of a statement as JSON can carry it. */
type Carried = { date: string } | { hex: string } | { plain: unknown };

export interface Statement {
  /** The name it was prepared under: the baseline prepares the same. */
  name?: string;
  text: string;
  values: unknown[];
}

/** Everything one command sent to the database, in order. */
export interface Command {
  /** Outside the transaction: who holds the token. */
  authenticate: Statement;
  /** From START TRANSACTION to COMMIT. */
  transaction: Statement[];
}

function carried(value: unknown): Carried {
  if (value instanceof Date) return { date: value.toISOString() };
  if (Buffer.isBuffer(value)) return { hex: value.toString('hex') };
  return { plain: value ?? null };
}

function uncarried(value: Carried): unknown {
  if ('date' in value) return new Date(value.date);
  if ('hex' in value) return Buffer.from(value.hex, 'hex');
  return value.plain;
}

const each = <To>(of: Statement, change: (value: never) => To) => ({
  ...(of.name ? { name: of.name } : {}),
  text: of.text,
  values: of.values.map((value) => change(value as never)),
});

export const commandToLine = (of: Command): string =>
  JSON.stringify({
    authenticate: each(of.authenticate, carried),
    transaction: of.transaction.map((statement) => each(statement, carried)),
  });

export function commandFromLine(line: string): Command {
  const read = JSON.parse(line) as Command;
  return {
    authenticate: each(read.authenticate, uncarried),
    transaction: read.transaction.map((statement) => each(statement, uncarried)),
  };
}
