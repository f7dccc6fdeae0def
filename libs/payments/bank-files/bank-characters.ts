import { InvalidValue } from '#kernel';

/** What every bank takes in ISO 20022: the characters of SWIFT's set x (EPC217-08, "SEPA Conversion Table"). */
const ALLOWED = /^[A-Za-z0-9/?:().,'+ -]$/;
/** Letters that Unicode does not take apart into a plain letter and a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  Æ: 'AE',
  æ: 'ae',
  Œ: 'OE',
  œ: 'oe',
  Ø: 'O',
  ø: 'o',
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  Ð: 'D',
  ð: 'd',
  Þ: 'Th',
  þ: 'th',
  ı: 'i',
  '&': '+',
  _: '-',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '"': "'",
  '“': "'",
  '”': "'",
};

/**
 * A name as banks take it: letters lose their marks (`Müller & Söhne` → `Muller + Sohne`), what has no like becomes a full stop,
 * and it is cut at `longest`. Throws InvalidValue when no letter or digit is left.
 */
export function bankName(text: string, longest: number): string {
  const plain = [...text.normalize('NFKD').replace(/\p{M}/gu, '')]
    .map((character) => LETTERS[character] ?? (/\s/.test(character) ? ' ' : ALLOWED.test(character) ? character : '.'))
    .join('')
    .replace(/ {2,}/g, ' ')
    .replace(/\/{2,}/g, '/')
    .trim()
    .replace(/^[/-]+/, '')
    .slice(0, longest)
    .trim();
  if (!/[A-Za-z0-9]/.test(plain)) throw new InvalidValue('a name has no letter that a bank takes');
  return plain;
}

/** Whether a name can be written as banks take it at all. */
export function isBankName(text: string): boolean {
  try {
    return bankName(text, 70) !== '';
  } catch (error) {
    if (error instanceof InvalidValue) return false;
    throw error;
  }
}

/** An identifier of ours: it must come back from the bank as it went, so it is refused rather than changed. Up to 35 characters. */
export function bankIdentifier(text: string, longest = 35): string {
  const fits = text.length <= longest && /^[A-Za-z0-9][A-Za-z0-9/?:().,'+ -]*$/.test(text) && !/\/\/|\/$| $/.test(text);
  if (!fits) throw new InvalidValue(`"${text}" cannot be an identifier in a bank file`);
  return text;
}

/** Bacs and Faster Payments carry 18 characters to the payee's statement, of these only. */
const REFERENCE = /^[A-Za-z0-9](?:[A-Za-z0-9 ./-]{0,16}[A-Za-z0-9])?$/;

/** Whether a reference reaches the payee's statement as it is written. */
export const isPaymentReference = (text: string): boolean => REFERENCE.test(text) && !text.includes('//');
