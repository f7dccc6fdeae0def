import { InvalidValue } from '#kernel';

type XmlAttributes = Readonly<Record<string, string>>;

/** Characters XML 1.0 (section 2.2) allows; control characters and halves of surrogate pairs are not among them. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text made safe for content and attributes. Throws InvalidValue for a character XML cannot hold. */
export function xmlText(text: string): string {
  if (FORBIDDEN.test(text)) throw new InvalidValue('a text holds a character that XML does not allow');
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');
}

/** `<name a="b">content</name>`. Strings are text and get escaped; elements already made are passed as arrays. */
export function element(name: string, content: string | readonly string[], attributes: XmlAttributes = {}): string {
  const open = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(value)}"`);
  return `<${name}${open.join('')}>${typeof content === 'string' ? xmlText(content) : content.join('')}</${name}>`;
}

/** The element when there is something to say, otherwise nothing: empty elements are not allowed in an e-invoice. */
export function optional(name: string, content: string | null, attributes: XmlAttributes = {}): string {
  return content === null || content.trim() === '' ? '' : element(name, content, attributes);
}
