import fc, { type Arbitrary } from 'fast-check';
import { hostileText } from './openapi-arbitrary.js';
import { type FormField, type FoundForm } from './page-forms.js';

/** Whatever of these stands in a page as it was typed has broken out of the page's text or of an attribute. */
export const MARKS = ['<zq9', '"zq9 ', "'zq9 "] as const;
/** What a template would make of `{{7919*7919}}` if it took a field for a template. */
export const RENDERED = String(7919 * 7919);

const TYPED: readonly string[] = [
  '<zq9 onload=alert(1)>',
  '</textarea><zq9>',
  '</title></script><zq9 src=x>',
  '"zq9 onmouseover="alert(1)',
  "'zq9 onmouseover='alert(1)",
  '{{7919*7919}}',
  '{% include "/etc/passwd" %}',
  '=HYPERLINK("https://evil.example";"zq9")',
  'javascript:alert(1)',
  'https://evil.example/',
  '//evil.example/',
  '../../../../etc/passwd',
  'x'.repeat(30_000),
  '9'.repeat(400),
  '£1,234,567,890,123.99',
  '-0.01',
  '1.005',
  '0',
  '00',
  '13',
  '31',
  '30 February 2018',
  '2018-02-30',
  '29/2/2018',
  '９',
  '1e9',
  '99999999',
  '9007199254740993',
  'a@b',
  'someone@brent.example\r\nBcc: x@evil.example',
  '\u0000',
  'a\u0000b',
  '\u0008\u001b[2J\u007f',
  '\u2028\u2029\ufeff',
  '\u202eevil',
  '\ud800',
  'a\udfffb',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'true',
  '[]',
  '{}',
  ' ',
];

const NAMES: readonly string[] = [
  '__proto__',
  '__proto__[polluted]',
  '__proto__.polluted',
  'constructor',
  'constructor.prototype.polluted',
  'prototype',
  'hasOwnProperty',
  'toString',
  'version',
  'id',
  'userId',
  'authority',
  'state',
  'do',
  'part',
  '',
  ' ',
  '%',
  'x'.repeat(5_000),
  'lines[999999999].net',
  'lines.l999999999.net',
  'a[][][]',
  'zq9"><zq9>',
];

/** Pieces of a body that no form sends: encodings that cannot be decoded, and texts that are no text. */
const RAW: readonly string[] = [
  '%',
  'a=%',
  'a=%zz',
  'a=%E0%A4%A',
  '%ff=%fe',
  'a=%ED%A0%80',
  'a=%00',
  '%00=a',
  '&&&',
  '=',
  '====',
  'a',
  '+=+',
  'a=b;c=d',
  'a=1&'.repeat(3_000),
];

type Pair = readonly [name: string, value: string];

/** One sending of a form. */
export interface Shot {
  pairs: Pair[];
  raw: string;
  /** What was put in the place of what stands in a text field, by its name. */
  typed: Pair[];
  key: 'new' | 'none' | 'wrong';
  /** Names of a file and what is in it. */
  file: readonly [name: string, content: string];
  /** What stands in the address in the place of one of its ids, the `at`-th counted round; null: the ids are real. */
  odd: { at: number; text: string } | null;
}

const typedText = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...TYPED) }, hostileText);

const CHANGES = ['replace', 'replace', 'replace', 'every', 'twice', 'drop', 'extra', 'renumber', 'version'] as const;
interface Change {
  kind: (typeof CHANGES)[number];
  at: number;
  text: string;
  name: string;
}
const change: Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(...CHANGES),
  at: fc.nat({ max: 9_999 }),
  text: typedText,
  name: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...NAMES) }, hostileText),
});

const FILES = ['a.pdf', 'a.csv', '', '..', '../../x.csv', 'a\r\nX-Injected: 1', '<zq9>.csv', `${'x'.repeat(400)}.csv`];

/** A form as its page has it, with something hostile in some of its places. */
export function shotAt(form: FoundForm): Arbitrary<Shot> {
  const own = form.fields.filter(({ name, kind }) => !['_csrf', '_key'].includes(name) && kind !== 'file');
  return fc
    .record({
      changes: fc.array(change, { minLength: 1, maxLength: 4 }),
      button: fc.nat({ max: 99 }),
      key: fc.constantFrom('new', 'new', 'new', 'none', 'wrong'),
      raw: fc.oneof({ weight: 8, arbitrary: fc.constant('') }, fc.constantFrom(...RAW)),
      file: fc.tuple(fc.constantFrom(...FILES), typedText),
    })
    .map(({ changes, button, key, raw, file }) => {
      const shot: Shot = {
        pairs: own.filter(({ sent }) => sent).map(({ name, value }) => [name, value] as const),
        raw,
        typed: [],
        key,
        file,
        odd: null,
      };
      for (const one of changes) apply(one, own, shot);
      const pressed = form.buttons[button % Math.max(1, form.buttons.length)];
      if (pressed) shot.pairs.push(pressed);
      return shot;
    });
}

/** With nothing of what the form asks for: for a route whose form no page shows in the state the tests have. */
export const shotInTheDark: Arbitrary<Shot> = fc
  .record({
    pairs: fc.array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), hostileText), typedText), { maxLength: 6 }),
    key: fc.constantFrom('new', 'none', 'wrong'),
    raw: fc.constantFrom('', ...RAW),
    file: fc.tuple(fc.constantFrom(...FILES), typedText),
    odd: fc.option(fc.record({ at: fc.nat({ max: 9 }), text: typedText })),
  })
  .map((shot) => ({ ...shot, typed: [] }));

function apply({ kind, at, text, name }: Change, own: readonly FormField[], shot: Shot): void {
  const { pairs, typed } = shot;
  const index = at % Math.max(1, own.length);
  const field = own[index];
  const put = (where: number): void => {
    const one = own[where]!;
    const place = pairs.findIndex(([known]) => known === one.name);
    if (place >= 0) pairs[place] = [one.name, text];
    else pairs.push([one.name, text]);
    if (one.kind === 'text') typed.push([one.name, text]);
  };
  if (kind === 'extra' || !field) {
    pairs.push([name, text]);
  } else if (kind === 'replace') {
    put(index);
  } else if (kind === 'every') {
    own.forEach((one, where) => {
      if (one.kind === 'text') put(where);
    });
  } else if (kind === 'twice') {
    pairs.push([field.name, text]);
  } else if (kind === 'version') {
    shot.pairs = pairs.map(([known, value]) => [known, known === 'version' ? text : value] as const);
  } else if (kind === 'drop') {
    shot.pairs = pairs.filter(([known]) => known !== field.name);
  } else {
    const other = ['-1', '999999999', '1e9', '__proto__'][at % 4]!;
    shot.pairs = pairs.map(([known, value]) => [known.replace(/\d+/, other), value] as const);
  }
}

/** The address of a form with the shot's odd text in it, as far as an address can hold it. */
export function bent({ route, action }: FoundForm, { odd }: Shot): string {
  const places = route.split('/').flatMap((part, at) => (part.startsWith(':') ? [at] : []));
  // These lead to another address before they are sent.
  const text = odd?.text.slice(0, 120) ?? '';
  if (places.length === 0 || ['', '.', '..'].includes(text)) return action;
  const parts = action.split('/');
  parts[places[odd!.at % places.length]!] = encoded(text);
  return parts.join('/');
}

const BYTE = (byte: number): string => `%${byte.toString(16).padStart(2, '0')}`;

/** As a browser encodes it; halves of surrogate pairs, which no browser sends, as the three bytes they would be. */
export function encoded(text: string): string {
  return text.replace(/[\s\S]/gu, (letter) => {
    const code = letter.codePointAt(0)!;
    if (code < 0xd800 || code > 0xdfff) return encodeURIComponent(letter);
    return BYTE(0xe0 | (code >> 12)) + BYTE(0x80 | ((code >> 6) & 0x3f)) + BYTE(0x80 | (code & 0x3f));
  });
}
