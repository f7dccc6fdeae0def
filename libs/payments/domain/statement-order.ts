/** What a statement says of its place within its day. Amounts in pence. */
export interface DayStatement {
  /** The bank's number of it; two formats may count each on its own. */
  sequence: number | null;
  format?: string;
  openingPence: number;
  closingPence: number;
}

/** The statements of an account that end on one day, and the balances beside it; null where nothing was read. */
export interface Day<T extends DayStatement> {
  /** What the statement before the day ended with, and what the one after it begins with. */
  before: number | null;
  after: number | null;
  /** As they were loaded. */
  statements: readonly T[];
}

/** How much is tried for a day whose money went to and fro with statements missing; then the first that goes on is taken. */
const MOST_STEPS = 20_000;

/**
 * The order of a day: by balances, each statement beginning where the one before it ended, with as few breaks as there can be. The
 * bank's own numbers are kept among statements of one format. What the balances leave open, numbers decide, then the order of loading:
 * so what fits nowhere comes after what was there, and not before it.
 */
export function orderOfDay<T extends DayStatement>({ before, after, statements }: Day<T>): T[] {
  const ranked = byNumberThenLoading(statements);
  const search = new Search(ranked);
  const fewest = fewestBreaks(before, ranked);
  const whole = fewest === 0 && after !== null ? search.run(before, { breaks: 0, after }) : null;
  if (whole) return whole;
  for (let breaks = fewest; breaks < ranked.length; breaks += 1) {
    const found = search.run(before, { breaks, after: null });
    if (found) return found;
  }
  return search.run(before, { breaks: ranked.length, after: null })!;
}

/**
 * The closed statement that this one would have to stand before, or null. `closed` are in their order and hold their places; `previous`
 * is the balance that the statement is put after.
 */
export function standsBefore<T extends DayStatement>(
  statement: DayStatement,
  { before, closed, previous }: { before: number | null; closed: readonly T[]; previous: number | null },
): T | null {
  if (closed.length === 0 || previous === statement.openingPence) return null;
  const numbered = closed.find((one) => isNumberedBefore(statement, one));
  if (numbered) return numbered;
  const reached = (at: number): number | null => (at === 0 ? before : closed[at - 1]!.closingPence);
  const fits = ({ openingPence }: T, at: number): boolean =>
    openingPence === statement.closingPence &&
    (reached(at) !== openingPence || statement.openingPence === statement.closingPence);
  return closed.find(fits) ?? null;
}

const isNumberedBefore = (one: DayStatement, other: DayStatement): boolean =>
  one.format === other.format && one.sequence !== null && other.sequence !== null && one.sequence < other.sequence;

/** By number; what has none stands after everything that was loaded before it. */
function byNumberThenLoading<T extends DayStatement>(statements: readonly T[]): T[] {
  const loaded = new Map(statements.map((statement, at) => [statement, at]));
  const ranked = statements.filter(({ sequence }) => sequence !== null).sort((a, b) => a.sequence! - b.sequence!);
  for (const [statement, at] of loaded) {
    if (statement.sequence !== null) continue;
    const last = ranked.findLastIndex((one) => loaded.get(one)! < at);
    ranked.splice(last + 1, 0, statement);
  }
  return ranked;
}

/** No order has fewer: a balance that more statements begin with than end with was left out of so many times. */
function fewestBreaks(before: number | null, statements: readonly DayStatement[]): number {
  const open = new Map<number, number>();
  const count = (balance: number, by: number): void => void open.set(balance, (open.get(balance) ?? 0) + by);
  for (const { openingPence, closingPence } of statements) {
    count(openingPence, 1);
    count(closingPence, -1);
  }
  if (before !== null) count(before, -1);
  const breaks = [...open.values()].reduce((sum, left) => sum + Math.max(0, left), 0);
  return Math.max(0, before === null ? breaks - 1 : breaks);
}

interface Wanted {
  breaks: number;
  /** The balance to end with; null where any will do. */
  after: number | null;
}

/** Goes through the orders that numbers allow, the most likely first. */
class Search<T extends DayStatement> {
  private steps = 0;
  private readonly waitsFor: readonly (readonly number[])[];
  private readonly used: boolean[];
  private readonly path: number[] = [];
  private after: number | null = null;
  private failed = new Set<string>();

  constructor(private readonly ranked: readonly T[]) {
    this.waitsFor = ranked.map((one) => lastNumbersBefore(one, ranked));
    this.used = ranked.map(() => false);
  }

  /** An order with at most so many breaks, or null when there is none or too much was tried. */
  run(balance: number | null, { breaks, after }: Wanted): T[] | null {
    this.after = after;
    this.failed = new Set();
    const found = this.goOn(balance, breaks);
    const order = found ? this.path.map((at) => this.ranked[at]!) : null;
    for (const at of this.path.splice(0)) this.used[at] = false;
    return order;
  }

  private goOn(balance: number | null, breaks: number): boolean {
    const { path, used, ranked } = this;
    if (path.length === ranked.length) return this.after === null || this.after === balance;
    const everything = breaks >= ranked.length;
    if (!everything && (this.steps += 1) > MOST_STEPS) return false;
    const state = `${used.map(Number).join('')} ${balance} ${breaks}`;
    if (this.failed.has(state)) return false;
    for (const { at, cost } of this.next(balance, breaks)) {
      used[at] = true;
      path.push(at);
      // A search that may break everywhere finds its way at once, and keeps that allowance to its end.
      if (this.goOn(ranked[at]!.closingPence, everything ? breaks : breaks - cost)) return true;
      path.pop();
      used[at] = false;
    }
    this.failed.add(state);
    return false;
  }

  /** What goes on from the balance, then, while there may be breaks, the others. */
  private next(balance: number | null, breaks: number): { at: number; cost: number }[] {
    const free = this.ranked.flatMap((one, at) =>
      this.used[at] || this.waitsFor[at]!.some((other) => !this.used[other])
        ? []
        : [{ at, cost: balance === null || one.openingPence === balance ? 0 : 1 }],
    );
    return [...free.filter(({ cost }) => cost === 0), ...free.filter(({ cost }) => cost > 0 && breaks > 0)];
  }
}

/** The statements of the number just before; those wait for the ones before them. */
function lastNumbersBefore<T extends DayStatement>(one: T, ranked: readonly T[]): number[] {
  const earlier = ranked.flatMap((other) => (isNumberedBefore(other, one) ? [other.sequence!] : []));
  const last = Math.max(...earlier);
  return ranked.flatMap((other, at) => (isNumberedBefore(other, one) && other.sequence === last ? [at] : []));
}
