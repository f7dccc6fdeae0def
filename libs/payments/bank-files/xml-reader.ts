import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { BankFileError } from './bank-file-error.js';
import { UnboundName, XmlNamespaces, type XmlName } from './xml-namespaces.js';
import { XmlNode } from './xml-node.js';

export interface XmlShape<Event> {
  /** `urn:iso:std:iso:20022:tech:xsd:camt.053.001.` and the versions that are read. */
  namespace: string;
  versions: readonly string[];
  /** Paths of the elements to build and hand over whole; nothing else of the file is kept. */
  collected: ReadonlySet<string>;
  onNode(path: string, node: XmlNode): Iterable<Event>;
  /** Called as an element closes that was not collected. */
  onClose(path: string, line: number): Iterable<Event>;
}

/** Longest run without an element or a text (comments between them included) and largest element that is held, in characters. */
const LONGEST_TOKEN = 256 * 1024;
const LARGEST_ELEMENT = 8 * 1024 * 1024;
const DEEPEST = 64;

const TOO_LARGE = 'An element or a text of this file is larger than any a bank writes.';

/**
 * Reads XML as a stream and hands over the elements asked for. A document type is refused, so that no entity is ever
 * declared or expanded (XML external entities, "billion laughs"); nothing is fetched.
 */
export class XmlReader<Event> {
  private readonly parser = new SaxesParser({ xmlns: false, defaultXMLVersion: '1.0', forceXMLVersion: true });
  private readonly names = new XmlNamespaces();
  private readonly paths: string[] = [];
  private readonly open: XmlNode[] = [];
  private events: Event[] = [];
  private namespace: string | null = null;
  private lastEventAt = 0;
  private collectedFrom = 0;
  private seenText = false;

  /**
   * Five handlers and no more: with seven V8 keeps the parser's properties in a table, and all parsing takes four times as long.
   * Without one of its own for errors the parser throws them.
   */
  constructor(private readonly shape: XmlShape<Event>) {
    this.parser.on('doctype', () => this.refuse('dtd_not_allowed', 'A bank file declares no document type.'));
    this.parser.on('opentag', (tag) => {
      this.lastEventAt = this.parser.position;
      this.opened(tag);
    });
    this.parser.on('closetag', () => {
      this.lastEventAt = this.parser.position;
      this.closed();
    });
    const text = (piece: string): void => {
      this.lastEventAt = this.parser.position;
      const node = this.open.at(-1);
      if (node) node.text += piece;
    };
    this.parser.on('text', text);
    this.parser.on('cdata', text);
  }

  write(text: string): Event[] {
    this.seenText ||= text.trim() !== '';
    this.parse(() => this.parser.write(text));
    const { position } = this.parser;
    if (position - this.lastEventAt > LONGEST_TOKEN) this.refuse('element_too_large', TOO_LARGE);
    if (this.open.length > 0 && position - this.collectedFrom > LARGEST_ELEMENT) {
      this.refuse('element_too_large', TOO_LARGE);
    }
    return this.taken();
  }

  end(): Event[] {
    if (!this.seenText) this.refuse('empty_file', 'The file is empty.');
    if (this.paths.length + this.open.length > 0)
      this.refuse('truncated', 'The file ends before its last element is closed.');
    this.parse(() => this.parser.close());
    return this.taken();
  }

  private parse(step: () => void): void {
    try {
      step();
    } catch (error) {
      // The parser's own errors are plain; any other is a refusal by what it called, or a defect.
      if (!(error instanceof Error) || error.constructor !== Error) throw error;
      this.refuse('not_well_formed', `This is not XML: ${reasonOf(error)}.`);
    }
  }

  private take(events: Iterable<Event>): void {
    for (const event of events) this.events.push(event);
  }

  private taken(): Event[] {
    const { events } = this;
    this.events = [];
    return events;
  }

  private opened(tag: SaxesTagPlain): void {
    const depth = this.paths.length + this.open.length;
    const resolved = this.resolve(tag, depth);
    const own = this.namespace === null ? this.root(resolved) : resolved.uri === this.namespace;
    const name = own ? resolved.local : `{${resolved.uri}}${resolved.local}`;
    if (depth === DEEPEST) {
      this.refuse('element_too_large', 'The elements of this file lie too deep in each other.');
    }
    const parent = this.open.at(-1);
    const above = this.paths.at(-1) ?? '';
    if (!parent && !this.shape.collected.has(`${above}/${name}`)) {
      this.paths.push(`${above}/${name}`);
      return;
    }
    if (!parent) this.collectedFrom = this.parser.position;
    const node = new XmlNode(name, this.parser.line, parent ?? above);
    for (const key in tag.attributes) node.setAttribute(key, tag.attributes[key]!);
    parent?.append(node);
    this.open.push(node);
  }

  private resolve(tag: SaxesTagPlain, depth: number): XmlName {
    try {
      return this.names.open(tag.name, tag.attributes, depth);
    } catch (error) {
      if (!(error instanceof UnboundName)) throw error;
      return this.refuse('not_well_formed', `This is not XML with namespaces: ${error.message}.`);
    }
  }

  private closed(): void {
    const node = this.open.pop();
    if (!node) this.take(this.shape.onClose(this.paths.pop()!, this.parser.line));
    else if (this.open.length === 0) this.take(this.shape.onNode(node.path, node));
    this.names.close(this.paths.length + this.open.length);
  }

  private root({ uri, local }: XmlName): boolean {
    const { namespace, versions } = this.shape;
    const known = versions.map((version) => namespace + version);
    if (!uri.startsWith(namespace) || local !== 'Document') {
      this.refuse('wrong_namespace', `This is another kind of file: expected ${known.join(', ')}.`);
    }
    if (!known.includes(uri)) {
      this.refuse('unsupported_version', `This version is not read: expected ${known.join(', ')}.`);
    }
    this.namespace = uri;
    return true;
  }

  private place(): string {
    const path = this.open.at(-1)?.path ?? this.paths.at(-1);
    return `line ${this.parser.line}${path === undefined ? '' : `, ${path}`}`;
  }

  private refuse(code: BankFileError['code'], message: string): never {
    throw new BankFileError(code, this.place(), message);
  }
}

/** What the parser says, without its position and without the names it quotes from the file. */
const reasonOf = ({ message }: Error): string =>
  message
    .replace(/^\d+:\d+: /, '')
    .replace(/:? .{0,4}["'<&].*$/s, '')
    .replace(/\.$/, '')
    .slice(0, 100);
