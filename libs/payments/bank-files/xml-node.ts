import { BankFileError, type Place } from './bank-file-error.js';

const NO_ATTRIBUTES: Readonly<Record<string, string>> = {};
const NO_CHILDREN: readonly XmlNode[] = [];

/** An element with what is in it, small enough to be held. */
export class XmlNode implements Place {
  text = '';
  /** Most elements have none, and share it. */
  children = NO_CHILDREN;
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

  append(child: XmlNode): void {
    if (this.children.length === 0) this.children = [child];
    else (this.children as XmlNode[]).push(child);
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
  let steps = STEPS.get(path);
  if (!steps) STEPS.set(path, (steps = path.split('/')));
  return steps;
}

function childOf(node: XmlNode, name: string): XmlNode | undefined {
  const { children } = node;
  for (let at = 0; at < children.length; at += 1) if (children[at]!.name === name) return children[at];
  return undefined;
}

/** The first element at a path such as `Tp/CdOrPrtry/Cd`. */
export function nodeAt(node: XmlNode, path: string): XmlNode | undefined {
  if (node.children.length === 0) return undefined;
  const steps = stepsOf(path);
  let found: XmlNode | undefined = node;
  for (let at = 0; at < steps.length && found; at += 1) found = childOf(found, steps[at]!);
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
  for (const name of stepsOf(path)) {
    const next: XmlNode[] = [];
    for (const one of found) for (const child of one.children) if (child.name === name) next.push(child);
    found = next;
  }
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
