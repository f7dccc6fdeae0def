/** A trainer of the story. All of them are invented; their addresses end in `.example` (RFC 2606). */
export interface Trainer {
  name: string;
  /** Null: not registered for VAT. */
  vatNumber: string | null;
  country: string;
  email: string;
  /** The person who signs its e-mails. */
  contact: string;
}

/**
 * A VAT number nobody has, whose check digits are right: seven digits from 9990001 on, a range the older series (weights 8
 * to 2, modulus 97) leaves out, with that series' check digits, which differ by 55 from those of the newer one.
 */
function inventedVatNumber(serial: number): string {
  const digits = String(9_990_000 + serial);
  if (serial < 1 || digits.length !== 7) throw new RangeError('there are 9,999 invented VAT numbers');
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (8 - at), 0);
  return `GB${digits}${String((97 - (sum % 97)) % 97).padStart(2, '0')}`;
}

export const TRAINERS = {
  harbourlight: {
    name: 'Harbourlight Training Ltd',
    vatNumber: inventedVatNumber(101),
    country: 'GB',
    email: 'accounts@harbourlight.example',
    contact: 'Imogen Calloway',
  },
  northfold: {
    name: 'Northfold Practice Partnership LLP',
    vatNumber: inventedVatNumber(202),
    country: 'GB',
    email: 'invoices@northfold.example',
    contact: 'Douglas Penhale',
  },
  tworivers: {
    name: 'Two Rivers Learning Ltd',
    vatNumber: inventedVatNumber(303),
    country: 'GB',
    email: 'finance@tworivers.example',
    contact: 'Saoirse Whitlock',
  },
  marigold: {
    name: 'Marigold Ashworth',
    vatNumber: null,
    country: 'GB',
    email: 'marigold@ashworth.example',
    contact: 'Marigold Ashworth',
  },
  lecka: {
    name: 'Łęcka, Özdemir & Παππάς: Consultants in Relationship-based Practice',
    vatNumber: inventedVatNumber(404),
    country: 'GB',
    email: 'office@lecka-ozdemir.example',
    contact: 'Jadwiga Łęcka',
  },
  swanriver: {
    name: 'Swan River Practice Pty Ltd',
    vatNumber: null,
    country: 'AU',
    email: 'accounts@swanriver.example',
    contact: 'Callum Burrows',
  },
} as const satisfies Record<string, Trainer>;
