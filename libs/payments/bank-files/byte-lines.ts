import { isUtf8 } from 'node:buffer';
import { BankFileError } from './bank-file-error.js';

/** Far beyond any line a bank writes; a file without line ends is not held until it ends. */
const LONGEST_LINE = 64 * 1024;
const LINE_FEED = 0x0a;
/** All but the tab, which separates the columns of some files. */
const CONTROLS = /[\u0001-\u0008\u000b-\u001f\u007f]/g;

/**
 * Cuts bytes into lines, wherever the pieces they come in are cut. Each line is UTF-8, or else ISO 8859-1 as older systems
 * of banks write; it is decided line by line, so that the pieces make no difference.
 */
export class ByteLines {
  line = 0;
  private held: Uint8Array[] = [];
  private heldLength = 0;

  *write(bytes: Uint8Array): Generator<string> {
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      this.hold(bytes.subarray(from, at));
      from = at + 1;
      yield this.take();
    }
    this.hold(bytes.subarray(from));
  }

  /** The last line, when the file does not end with a line end. */
  *end(): Generator<string> {
    if (this.heldLength > 0) yield this.take();
  }

  private hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.heldLength += bytes.length;
    if (this.heldLength > LONGEST_LINE) {
      const message = 'A line of this file is longer than any a bank writes.';
      throw new BankFileError('element_too_large', `line ${this.line + 1}`, message);
    }
    // A copy: the piece's memory may be used again by who reads the file.
    this.held.push(Uint8Array.from(bytes));
  }

  private take(): string {
    const bytes = this.held.length === 1 ? Buffer.from(this.held[0]!.buffer) : Buffer.concat(this.held);
    this.held = [];
    this.heldLength = 0;
    this.line += 1;
    const text = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
    const unmarked = this.line === 1 ? text.replace(/^\ufeff/, '') : text;
    if (unmarked.includes('\0') || (this.line === 1 && /^(\xff\xfe|\xfe\xff)/.test(unmarked))) {
      throw new BankFileError('bad_encoding', `line ${this.line}`, 'The file must be text in UTF-8 or ISO 8859-1.');
    }
    // Marks of transmission, such as the one that ends a text: no bank means anything by them in what it tells.
    return (unmarked.endsWith('\r') ? unmarked.slice(0, -1) : unmarked).replace(CONTROLS, ' ');
  }
}
