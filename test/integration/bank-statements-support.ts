import { expect } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { aMadeStatement, camtOf, type MadeStatement } from '../builders/bank-statement.js';
import { type Reply, type Service } from '../support/service.js';
import { MTM } from '../support/people.js';

/** The demonstration's account to pay from, as a bank writes it. */
export const OUR_ACCOUNT = '00-00-00 12345678';

export const XML = 'application/xml';

export interface Loaded {
  id: string;
  state: 'read' | 'known' | 'quarantined';
  reason: string | null;
  reasonCode: string | null;
  reasonWhere: string | null;
  lineCount: number;
  matchedCount: number;
  openingPence: number | null;
  closingPence: number | null;
  statements: Statement[];
}

export interface Statement {
  id: string;
  state: string;
  known?: boolean;
  sequence: number | null;
  lineCount: number;
  openingPence: number | null;
  closingPence: number | null;
  gaps: { code: string; missingFrom: number | null; missingTo: number | null; expectedPence: number | null }[];
  replacedBy: string | null;
  fileSha256: string;
}

/** A statement of our account, in camt.053 unless the file is given. */
export const ourCamt = (given: Partial<MadeStatement> = {}): string => camtOf(ours(given));

export const ours = (given: Partial<MadeStatement> = {}): MadeStatement =>
  aMadeStatement({ iban: OUR_ACCOUNT, ...given });

/** Sends a file as MTM finance. */
export function load<T = Loaded>(
  service: Service,
  file: string | Uint8Array,
  {
    type = XML,
    query = '',
    key = uuid(),
    who = MTM.finance,
  }: { type?: string; query?: string; key?: string; who?: string } = {},
): Promise<Reply<T>> {
  return service.call<T>(who, 'POST', `/bank-statements${query}`, {
    body: file as string,
    headers: { 'content-type': type, 'idempotency-key': key },
  });
}

/** A file that is taken, whatever becomes of it. */
export async function loaded(service: Service, file: string | Uint8Array, type = XML, query = ''): Promise<Loaded> {
  const { status, text, body } = await load(service, file, { type, query });
  expect(`${status} ${status === 201 ? '' : text}`.trim()).toBe('201');
  return body;
}
