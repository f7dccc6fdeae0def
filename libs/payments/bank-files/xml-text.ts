import { BankFileError } from './bank-file-error.js';

/** The declaration is at the very start and is ASCII; what is longer than this is no declaration. */
const DECLARATION_BYTES = 256;
const KNOWN: ReadonlyMap<string, string> = new Map([
  ['utf-8', 'utf-8'],
  ['us-ascii', 'utf-8'],
  ['iso-8859-1', 'latin1'],
]);

/** Bytes of an XML file as text, in the encoding it declares (XML 1.0, appendix F): UTF-8, UTF-16 with its mark, ISO 8859-1. */
export class XmlText {
  private decoder: InstanceType<typeof TextDecoder> | null = null;
  private held: Uint8Array = new Uint8Array();

  write(bytes: Uint8Array): string {
    if (this.decoder) return this.decode(bytes);
    this.held = Buffer.concat([this.held, bytes]);
    return this.held.length < DECLARATION_BYTES ? '' : this.start();
  }

  /** What is left. Throws `truncated` when the file ends inside a character. */
  end(): string {
    const start = this.decoder ? '' : this.start();
    try {
      return start + this.decoder!.decode();
    } catch {
      throw new BankFileError(
        'truncated',
        'end of file',
        'The file ends inside a character. Ask the bank for it again.',
      );
    }
  }

  private start(): string {
    this.decoder = new TextDecoder(encodingOf(this.held), { fatal: true });
    const text = this.decode(this.held);
    this.held = new Uint8Array();
    return text;
  }

  private decode(bytes: Uint8Array): string {
    try {
      return this.decoder!.decode(bytes, { stream: true });
    } catch {
      throw new BankFileError(
        'bad_encoding',
        'file',
        'The file holds bytes that are no text in the encoding it declares.',
      );
    }
  }
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const start = Buffer.from(bytes.subarray(0, DECLARATION_BYTES)).toString('latin1');
  const declared = /^(?:ï»¿)?<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1] ?? 'utf-8';
  const known = KNOWN.get(declared.toLowerCase());
  if (known) return known;
  throw new BankFileError('bad_encoding', 'line 1', 'The file must be in UTF-8, UTF-16 or ISO 8859-1.');
}
