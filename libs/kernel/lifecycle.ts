import { conflict } from './domain-error.js';

/** One row of a lifecycle: from these states, this event leads to that state, and these roles may cause it. */
export interface Transition<State extends string, Event extends string, Who extends string> {
  readonly from: readonly State[];
  readonly event: Event;
  readonly to: State;
  readonly by: readonly Who[];
}

/** A lifecycle is one table. It answers "allowed?", draws its diagram and is tested for reachability. */
export class Lifecycle<State extends string, Event extends string, Who extends string> {
  constructor(
    readonly initial: State,
    readonly table: readonly Transition<State, Event, Who>[],
  ) {}

  /** The row for an event out of a state, or undefined when the table has none. */
  find(from: State, event: Event): Transition<State, Event, Who> | undefined {
    return this.table.find((row) => row.event === event && row.from.includes(from));
  }

  /** Every state an event may start from. */
  sources(event: Event): State[] {
    return [...new Set(this.table.filter((row) => row.event === event).flatMap((row) => row.from))];
  }

  /** Throws conflict `state_conflict` when an event cannot start from a state. `what` names the thing for whoever reads it. */
  require(what: string, from: State, event: Event): void {
    if (this.find(from, event)) return;
    const states = this.sources(event).join(' or ');
    throw conflict('state_conflict', `${what} can be changed by "${event}" only while it is ${states}; it is ${from}.`);
  }

  /** Every state that can be reached from the initial one, itself included. */
  reachable(): Set<State> {
    const seen = new Set<State>([this.initial]);
    for (let size = 0; size !== seen.size;) {
      size = seen.size;
      for (const row of this.table) if (row.from.some((state) => seen.has(state))) seen.add(row.to);
    }
    return seen;
  }

  /** The table as a Mermaid state diagram: docs/lifecycles holds the result, and a test compares the two. */
  toMermaid(): string {
    const arrows = this.table.flatMap((row) => row.from.map((from) => `  ${from} --> ${row.to}: ${row.event}`));
    return ['stateDiagram-v2', `  [*] --> ${this.initial}`, ...arrows, ''].join('\n');
  }
}
