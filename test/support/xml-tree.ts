import { create } from 'xmlbuilder2';

/** An element as a judge reads it: prefixes as UBL's examples write them, whatever the file calls them. */
export interface XmlElement {
  name: string;
  text: string;
  attributes: Record<string, string>;
  children: XmlElement[];
}

interface DomNode {
  nodeType: number;
  localName: string | null;
  namespaceURI: string | null;
  textContent: string | null;
  childNodes: Iterable<unknown>;
  attributes: Iterable<{ name: string; value: string }>;
}

const PREFIXES: Record<string, string> = {
  'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2': 'cac:',
  'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2': 'cbc:',
};

export function readXml(xml: string): XmlElement {
  return read(create(xml).root().node as unknown as DomNode);
}

function read(node: DomNode): XmlElement {
  const children = ([...node.childNodes] as DomNode[]).filter((child) => child.nodeType === 1).map(read);
  return {
    name: `${PREFIXES[node.namespaceURI ?? ''] ?? ''}${node.localName ?? ''}`,
    text: children.length > 0 ? '' : (node.textContent ?? ''),
    attributes: Object.fromEntries([...node.attributes].map(({ name, value }) => [name, value])),
    children,
  };
}

/** Elements at a path such as `cac:TaxTotal/cbc:TaxAmount` under an element. */
export function at(element: XmlElement, path: string): XmlElement[] {
  return path
    .split('/')
    .reduce<XmlElement[]>(
      (found, name) => found.flatMap((one) => one.children.filter((child) => child.name === name)),
      [element],
    );
}

/** The text at a path, trimmed; empty when nothing is there. */
export const textAt = (element: XmlElement, path: string): string => at(element, path)[0]?.text.trim() ?? '';

/** Every element below, at any depth, with its ancestors' names. */
export function everywhere(element: XmlElement, above: string[] = []): { element: XmlElement; above: string[] }[] {
  return element.children.flatMap((child) => [
    { element: child, above: [...above, element.name] },
    ...everywhere(child, [...above, element.name]),
  ]);
}
