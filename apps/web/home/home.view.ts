import { type Chart, type TableFile } from '../page/index.js';

/** Something to do: what, how urgent, and where. */
export interface Task {
  text: string;
  href: string;
  hint?: string;
  /** Beside it: how many, or how urgent. */
  tag: string;
  urgent?: true;
}

export interface Card {
  title: string;
  figure: string;
  text: string;
  href: string;
  link: string;
}

interface Cell {
  text: string;
  href?: string;
  numeric?: boolean;
  nowrap?: boolean;
  hint?: string;
  tag?: string;
}

export interface Table {
  caption: string;
  head: readonly { text: string; numeric?: boolean }[];
  rows: readonly (readonly Cell[])[];
  empty?: string;
  file: TableFile;
}

/** The home page, whoever's it is; what is empty is left out. */
export interface HomePage {
  /** The one thing most people come for. */
  button: { text: string; href: string } | null;
  tasks: readonly Task[];
  /** Said when there is nothing to do. */
  nothing: string;
  cards: readonly Card[];
  allocations: readonly { label: string; chart: Chart; text: string }[];
  tables: readonly Table[];
  links: readonly { text: string; href: string }[];
  asOf: string | null;
}

/** A number that was counted up to a thousand only. */
export const counted = (count: number): string => (count >= 1000 ? '1,000 or more' : count.toLocaleString('en-GB'));
