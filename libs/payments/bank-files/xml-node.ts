import { BankFileError } from './bank-file-error.js';

/** An element with what is in it, small enough to be held. */
export interface XmlNode {
  name: string;
  attributes: Readonly<Record<string, string>>;
  text: string;
  children: XmlNode[];
  line: number;
  path: string;
}

export const whereOf = ({ line, path }: Pick<XmlNode, 'line' | 'path'>): string => `line ${line}, ${path}`;

/** The first element at a path such as `Tp/CdOrPrtry/Cd`. */
export function nodeAt(node: XmlNode, path: string): XmlNode | undefined {
  let found: XmlNode | undefined = node;
  for (const name of path.split('/')) found = found?.children.find((child) => child.name === name);
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
  return path
    .split('/')
    .reduce<XmlNode[]>(
      (nodes, name) => nodes.flatMap(({ children }) => children.filter((child) => child.name === name)),
      [node],
    );
}

export function requireNode(node: XmlNode, path: string): XmlNode {
  const found = nodeAt(node, path);
  if (found) return found;
  throw new BankFileError('element_missing', whereOf(node), `The element ${path} is missing here.`);
}

export function requireText(node: XmlNode, path: string): string {
  const found = textAt(node, path);
  if (found !== null) return found;
  throw new BankFileError('element_missing', whereOf(node), `The element ${path} is missing here or says nothing.`);
}
