import { accountOf } from './statement-account.js';
import type { StatementEntry } from './statement.js';

/**
 * A `:86:` in subfields, as banks in Germany, Austria and Poland write it (DFÜ agreement of the German banking industry,
 * annex 3): a business transaction code of three digits, then `?nn` and text. Null for any other text.
 */
export function parseSubfields(text: string): { code: string; subfields: ReadonlyMap<string, string> } | null {
  if (!/^\d{3}\?\d{2}/.test(text)) return null;
  const subfields = new Map<string, string>();
  const [code = '', ...parts] = text.split(/\?(?=\d{2})/);
  for (const part of parts) subfields.set(part.slice(0, 2), (subfields.get(part.slice(0, 2)) ?? '') + part.slice(2));
  return { code, subfields };
}

/** Of the purpose (`?20` to `?29`, then `?60` to `?63`) in one piece: banks cut it anywhere. */
export function purposeOf(subfields: ReadonlyMap<string, string>): string {
  return [...subfields]
    .filter(([key]) => /^(2\d|6[0-3])$/.test(key))
    .map(([, text]) => text)
    .join('');
}

/** The identifiers SEPA puts into the purpose. */
const SEPA = /(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|COAM|OAMT)\+/;
/** The same as words between slashes (`/EREF/…/NAME/…/REMI/…`), as Dutch banks and many others write it. */
const SLASHED = /\/(EREF|NAME|REMI|IBAN|RTRN|TRTP|BIC|KREF|PREF|MARF|CSID|ORDP|BENM)\//;

/** `EREF+A1SVWZ+Rent` → EREF: A1, SVWZ: Rent. What stands before the first is under the empty key. */
function byMarker(text: string, marker: RegExp): ReadonlyMap<string, string> {
  const [before = '', ...parts] = text.split(marker);
  const found = new Map([['', before.trim()]]);
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const key = parts[at]!;
    if (!found.has(key)) found.set(key, parts[at + 1]!.trim());
  }
  return found;
}

export type Narrated = Pick<
  StatementEntry,
  'narrative' | 'remittance' | 'endToEndId' | 'instructionId' | 'counterparty' | 'counterpartyAccount' | 'returnReason'
>;

const said = (text: string | undefined): string | null =>
  text === undefined || text.trim() === '' || text === 'NOTPROVIDED' ? null : text.trim();

/** What a `:86:` says, from its lines. Subfields are cut anywhere, so their lines are joined; other text keeps its lines. */
export function readNarrative(lines: readonly string[]): Narrated {
  const structured = parseSubfields(lines.join(''));
  if (structured) return ofSubfields(lines.join(''), structured.subfields);
  const narrative = lines.join('\n');
  const words = byMarker(lines.join('').replace(/\/$/, ''), SLASHED);
  const account = said(words.get('IBAN'));
  return {
    narrative: said(narrative),
    endToEndId: said(words.get('EREF')),
    instructionId: said(words.get('KREF') ?? words.get('PREF')),
    counterparty: said(words.get('NAME')),
    counterpartyAccount: account === null ? null : accountOf(account),
    returnReason: said(words.get('RTRN')),
    remittance: said(words.get('REMI')) ?? said(lines.join(' ')),
  };
}

function ofSubfields(narrative: string, subfields: ReadonlyMap<string, string>): Narrated {
  const purpose = purposeOf(subfields);
  const identifiers = byMarker(purpose, SEPA);
  const account = said(subfields.get('31'));
  return {
    narrative,
    endToEndId: said(identifiers.get('EREF')),
    instructionId: said(identifiers.get('KREF')),
    counterparty: said((subfields.get('32') ?? '') + (subfields.get('33') ?? '')),
    counterpartyAccount: account === null ? null : accountOf(account),
    returnReason: said(subfields.get('34')),
    remittance: said(identifiers.get('SVWZ')) ?? said(purpose),
  };
}
