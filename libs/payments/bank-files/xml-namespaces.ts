/** Prefixes in scope from the element at `depth` down. */
interface Scope {
  depth: number;
  bindings: ReadonlyMap<string, string>;
}

const XML = 'http://www.w3.org/XML/1998/namespace';
const NCNAME = /^[^:]+$/;

/** A name that means nothing: a prefix that no element around it declares, or a colon too many. */
export class UnboundName extends Error {
  override name = 'UnboundName';
}

/** An element's name, taken apart. `uri` is empty for none. */
export interface XmlName {
  uri: string;
  local: string;
}

/**
 * Namespaces in XML 1.0 for a parser that does not know them: asking saxes to would double the time it takes, while banks declare
 * one namespace at the root of a file.
 */
export class XmlNamespaces {
  private readonly scopes: Scope[] = [];
  /** Names as they were resolved in the scope that is open. */
  private known = new Map<string, XmlName>();

  /** The name of an element that opens `depth` deep, with the namespaces its attributes declare. Throws UnboundName. */
  open(name: string, attributes: Readonly<Record<string, string>>, depth: number): XmlName {
    let declared: Map<string, string> | null = null;
    let prefixed = false;
    for (const key in attributes) {
      if (key === 'xmlns') (declared ??= new Map()).set('', attributes[key]!);
      else if (key.startsWith('xmlns:')) (declared ??= new Map()).set(requireLocal(key.slice(6)), attributes[key]!);
      else if (key.includes(':')) prefixed = true;
    }
    if (declared) {
      this.scopes.push({ depth, bindings: declared });
      this.known = new Map();
    }
    if (prefixed) this.requireBound(attributes);
    return this.resolve(name);
  }

  /** The element at this depth closes, and what it declared ends. */
  close(depth: number): void {
    if (this.scopes.at(-1)?.depth !== depth) return;
    this.scopes.pop();
    this.known = new Map();
  }

  private resolve(name: string): XmlName {
    const known = this.known.get(name);
    if (known) return known;
    const colon = name.indexOf(':');
    const prefix = colon < 0 ? '' : name.slice(0, colon);
    const resolved = { uri: this.uriOf(prefix, colon >= 0), local: requireLocal(name.slice(colon + 1)) };
    this.known.set(name, resolved);
    return resolved;
  }

  private uriOf(prefix: string, written: boolean): string {
    if (prefix === 'xml') return XML;
    for (let at = this.scopes.length - 1; at >= 0; at -= 1) {
      const uri = this.scopes[at]!.bindings.get(prefix);
      if (uri !== undefined && (uri !== '' || !written)) return uri;
    }
    if (!written) return '';
    throw new UnboundName('a prefix is not declared');
  }

  private requireBound(attributes: Readonly<Record<string, string>>): void {
    for (const key in attributes) {
      const colon = key.indexOf(':');
      if (colon < 0 || key.startsWith('xmlns:')) continue;
      this.uriOf(key.slice(0, colon), true);
      requireLocal(key.slice(colon + 1));
    }
  }
}

function requireLocal(name: string): string {
  if (NCNAME.test(name)) return name;
  throw new UnboundName('a name has a colon too many');
}
