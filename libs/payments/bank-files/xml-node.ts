import { BankFileError, type Place } from './bank-file-error.js';

const NO_ATTRIBUTES: Readonly<Record<string, string>> = {};

/** An element with what is in it, small enough to be held. */
export class XmlNode implements Place {
  text = '';
  readonly children: XmlNode[] = [];
  /** Most elements have none, and share it. */
  attributes = NO_ATTRIBUTES;

  constructor(
    readonly name: string,
    readonly line: number,
    private readonly parent: XmlNode | string,
  ) {}

  /** `/Document/BkToCstmrStmt/Stmt/Ntry`. Made when asked for: hardly ever, while there are many elements. */
  get path(): string {
    return `${typeof this.parent === 'string' ? this.parent : this.parent.path}/${this.name}`;
  }

  setAttribute(name: string, value: string): void {
    this.attributes = { ...this.attributes, [name]: value };
  }

  toString(): string {
    return `line ${this.line}, ${this.path}`;
  }
}

const STEPS = new Map<string, readonly string[]>();
/** The few paths that are asked for are cut once, not for every entry. */
function stepsOf(path: string): readonly string[] {
  const known = STEPS.get(path) ?? path.split('/');
  STEPS.set(path, known);
  return known;
}

/** The first element at a path such as `Tp/CdOrPrtry/Cd`. */
export function nodeAt(node: XmlNode, path: string): XmlNode | undefined {
  let found: XmlNode | undefined = node;
  for (const name of stepsOf(path)) found = found?.children.find((child) => child.name === name);
  return found;
}

/** Its text without spaces at the ends; null when it is not there or blank. */
export function textAt(node: XmlNode, ...paths: string[]): string | null {
  for (const path of paths) {
    const text = nodeAt(node, path)?.text.trim();
    if (text) return text;
  }
  return null;
}

/** Every element at a path, in the order of the file. */
export function nodesAt(node: XmlNode, path: string): XmlNode[] {
  let found = [node];
  for (const name of stepsOf(path))
    found = found.flatMap(({ children }) => children.filter((child) => child.name === name));
  return found;
}

export function requireNode(node: XmlNode, path: string): XmlNode {
  const found = nodeAt(node, path);
  if (found) return found;
  throw new BankFileError('element_missing', node, `The element ${path} is missing here.`);
}

export function requireText(node: XmlNode, path: string): string {
  const found = textAt(node, path);
  if (found !== null) return found;
  throw new BankFileError('element_missing', node, `The element ${path} is missing here or says nothing.`);
}
