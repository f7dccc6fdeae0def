import { BankFileError } from './bank-file-error.js';
import { ByteLines } from './byte-lines.js';
import { parseBalance, parseLine, parseSequence, type Mt940Balance, type Mt940Line } from './mt940-fields.js';
import { readNarrative } from './mt940-narrative.js';
import { accountOf } from './statement-account.js';
import {
  plainEntry,
  type RawEvent,
  type StatementAccount,
  type StatementEntry,
  type StatementParser,
} from './statement.js';

/** Which fields may follow which (SWIFT MT940). After `:62a:` comes a new message or the end. */
const AFTER: Readonly<Record<string, readonly string[]>> = {
  start: ['20'],
  '20': ['21', '25'],
  '21': ['25'],
  '25': ['28'],
  '28': ['60'],
  '60': ['61', '86', '62'],
  '61': ['61', '86', '62'],
  '86': ['61', '86', '62', '64', '65', '20'],
  '62': ['64', '65', '86', '20'],
  '64': ['65', '86', '20'],
  '65': ['65', '86', '20'],
};

/** `:28:` is what `:28C:` was called, `:25P:` an account with its bank; F is of a whole statement, M of a page. */
const FIELDS = new Set(['20', '21', '25', '25P', '28', '28C', '60F', '60M', '61', '86', '62F', '62M', '64', '65']);
const TAG = /^:(\d{2}[A-Z]?):(.*)$/s;
/** End of a message: a dash, a brace of the block around it, or the mark of the end of a text. */
const END_OF_MESSAGE = /^-\}?[\u0003\s]*$/;
/** What a customer who gave no reference is said to have given. */
const NO_REFERENCE = 'NONREF';
const MOST_LINES_OF_A_FIELD = 200;

interface Field {
  tag: string;
  lines: string[];
  where: string;
}

/** A message: one page of a statement. */
interface Message {
  statementId: string;
  account: StatementAccount | null;
  sequence: number | null;
  page: number | null;
  closed: boolean;
}

/** A statement, from `:60F:` to `:62F:`, over its pages. */
interface Open {
  account: StatementAccount;
  sequence: number | null;
  page: number | null;
  opening: Mt940Balance;
  /** The interim balance at the end of the last page, until the next has begun. */
  interim: Mt940Balance | null;
}

/** SWIFT MT940 customer statement. Text before the first `:20:` and between messages is let go. */
export class Mt940Parser implements StatementParser {
  private readonly lines = new ByteLines();
  private previous = 'start';
  private field: Field | null = null;
  private message: Message | null = null;
  private open: Open | null = null;
  private entry: { line: Mt940Line; supplementary: string[]; narrative: string[]; where: string } | null = null;
  private seenText = false;

  *write(bytes: Uint8Array): Generator<RawEvent> {
    for (const line of this.lines.write(bytes)) yield* this.readLine(line);
  }

  *end(): Generator<RawEvent> {
    for (const line of this.lines.end()) yield* this.readLine(line);
    yield* this.finishMessage();
    if (!this.seenText) throw new BankFileError('empty_file', 'line 1', 'The file is empty.');
    if (this.open) this.refuse('truncated', 'The file ends before the last page of its statement.');
  }

  private *readLine(line: string): Generator<RawEvent> {
    this.seenText ||= line.trim() !== '';
    const [, tag, content = ''] = TAG.exec(line) ?? [];
    if (tag === undefined) {
      if (END_OF_MESSAGE.test(line)) yield* this.finishMessage();
      else if (this.field) this.continueField(line);
      return;
    }
    if (!this.message && tag !== '20') {
      if (this.previous === 'start') this.refuse('unexpected_tag', `The field :${tag}: stands before any :20:.`);
      this.refuse('unexpected_tag', `The field :${tag}: stands outside of a message.`);
    }
    yield* this.finishField();
    if (tag === '20') yield* this.finishMessage();
    this.field = { tag: this.allowed(tag), lines: [content], where: `line ${this.lines.line}, :${tag}:` };
    if (tag === '20')
      this.message = { statementId: content.trim(), account: null, sequence: null, page: null, closed: false };
  }

  private continueField(line: string): void {
    this.field!.lines.push(line);
    if (this.field!.lines.length > MOST_LINES_OF_A_FIELD) {
      this.refuse('element_too_large', 'A field of this file has more lines than any a bank writes.');
    }
  }

  private allowed(tag: string): string {
    const kind = tag.slice(0, 2);
    if (FIELDS.has(tag) && (AFTER[this.previous] ?? []).includes(kind)) {
      this.previous = kind;
      return tag;
    }
    const expected = (AFTER[this.previous] ?? []).map((field) => `:${field}:`).join(', ');
    return this.refuse('unexpected_tag', `The field :${tag}: cannot stand here; expected ${expected}.`);
  }

  /** Whether a message has begun that has not come to its `:62a:`. */
  private inStatement = (): boolean => this.message !== null && !this.message.closed;

  private *finishMessage(): Generator<RawEvent> {
    yield* this.finishField();
    if (this.inStatement()) this.refuse('truncated', 'The message ends before its closing balance, :62F: or :62M:.');
    this.message = null;
    this.previous = 'start';
  }

  private *finishField(): Generator<RawEvent> {
    const { field } = this;
    this.field = null;
    if (!field) return;
    const text = field.lines[0]!;
    const message = this.message!;
    switch (field.tag.slice(0, 2)) {
      case '25':
        message.account = accountOf(text);
        break;
      case '28':
        ({ sequence: message.sequence, page: message.page } = parseSequence(text, field.where));
        break;
      case '60':
        yield* this.openStatement(field, parseBalance(text, field.where));
        break;
      case '61':
        yield* this.finishEntry();
        this.beginEntry(field);
        break;
      case '86':
        // Before the first :61: and after :62a: it is about the statement.
        if (!message.closed) this.entry?.narrative.push(...field.lines);
        break;
      case '62':
        yield* this.finishEntry();
        yield* this.closePage(field, parseBalance(text, field.where));
        break;
      default:
    }
  }

  private *openStatement(field: Field, opening: Mt940Balance): Generator<RawEvent> {
    const { account, sequence, page, statementId } = this.message!;
    const open = this.open;
    if (field.tag === '60M') {
      const follows =
        open?.interim?.amountPence === opening.amountPence &&
        open.interim.currency === opening.currency &&
        open.sequence === sequence &&
        (open.page === null || page === open.page + 1) &&
        JSON.stringify(open.account) === JSON.stringify(account);
      if (!follows) this.pageMissing(field.where);
      this.open = { ...open!, page, interim: null };
      return;
    }
    if (open) this.pageMissing(field.where);
    this.open = { account: account!, sequence, page, opening, interim: null };
    const { currency, amountPence: openingPence, on: openingOn } = opening;
    const unknown = { messageId: null, legalSequence: null, createdAt: null, fromOn: null, toOn: null };
    const header = { ...unknown, account: account!, currency, statementId, sequence, openingPence, openingOn };
    yield { type: 'header', header, where: field.where };
  }

  private pageMissing(where: string): never {
    throw new BankFileError(
      'page_missing',
      where,
      'The pages of this statement do not follow each other: one is missing.',
    );
  }

  private beginEntry(field: Field): void {
    const [text = '', ...supplementary] = field.lines;
    const { opening } = this.open!;
    this.entry = {
      line: parseLine(text, opening.currency, field.where),
      supplementary,
      narrative: [],
      where: field.where,
    };
  }

  private *finishEntry(): Generator<RawEvent> {
    if (!this.entry) return;
    const { line, supplementary, narrative, where } = this.entry;
    this.entry = null;
    const { reference, bankReference, amountPence, reversal, bookedOn, valueOn, type } = line;
    const narrated: Partial<StatementEntry> = narrative.length > 0 ? readNarrative(narrative) : {};
    const more = supplementary.join('\n').trim();
    const known = {
      where,
      bookedOn,
      valueOn,
      amountPence,
      currency: this.open!.opening.currency,
      reversal,
      bankReference,
    };
    const entry = plainEntry({ ...known, transactionCode: type, ...narrated });
    entry.reference = reference === NO_REFERENCE ? null : reference;
    entry.remittance ??= more === '' ? null : more;
    yield { type: 'entry', entry };
  }

  private *closePage(field: Field, balance: Mt940Balance): Generator<RawEvent> {
    this.message!.closed = true;
    if (field.tag === '62M') {
      this.open!.interim = balance;
      return;
    }
    const { opening } = this.open!;
    this.open = null;
    yield { type: 'closing', where: field.where, openingPence: opening.amountPence, closing: balance, problems: [] };
  }

  private refuse(code: BankFileError['code'], message: string): never {
    throw new BankFileError(code, `line ${Math.max(this.lines.line, 1)}`, message);
  }
}
