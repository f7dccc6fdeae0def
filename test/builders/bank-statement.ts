import { stringify } from 'csv-stringify/sync';
import type { CsvMapping, StatementEntry, StatementEvent } from '#payments';

/** A statement as a bank would write it, for tests and benches. */
export interface MadeStatement {
  iban: string;
  currency: string;
  statementId: string;
  sequence: number;
  openingPence: number;
  openingOn: string;
  entries: Iterable<MadeEntry>;
}

export interface MadeEntry {
  bookedOn: string;
  valueOn: string;
  /** Debits negative. */
  amountPence: number;
  reference: string;
  bankReference: string;
  endToEndId: string;
  counterparty: string;
  remittance: string;
  /** The bank's own code of what it is; camt.053 alone has it here. */
  code?: string;
}

export const aMadeEntry = (given: Partial<MadeEntry> = {}): MadeEntry => ({
  bookedOn: '2018-05-02',
  valueOn: '2018-05-02',
  amountPence: 120_000,
  reference: 'EIP2FR0001',
  bankReference: 'B0001',
  endToEndId: 'E2E0001',
  counterparty: 'Department for Education',
  remittance: 'EIP2-FR-0001',
  ...given,
});

export const aMadeStatement = (given: Partial<MadeStatement> = {}): MadeStatement => ({
  iban: 'GB33BUKB20201555555555',
  currency: 'GBP',
  statementId: 'S0001',
  sequence: 1,
  openingPence: 50_000,
  openingOn: '2018-05-01',
  entries: [aMadeEntry()],
  ...given,
});

/** Two decimals, whatever the sign: the made statements are in pounds, euros and the like. */
const decimals = (amount: number, point: string): string =>
  `${String(Math.abs(amount)).padStart(3, '0').slice(0, -2)}${point}${String(Math.abs(amount)).padStart(3, '0').slice(-2)}`;

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const camtAmount = (amount: number, currency: string): string =>
  `<Amt Ccy="${currency}">${decimals(amount, '.')}</Amt><CdtDbtInd>${amount < 0 ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;

function camtEntry(entry: MadeEntry, currency: string, version: string): string {
  const side = entry.amountPence < 0 ? 'Cdtr' : 'Dbtr';
  const name = `<Nm>${xml(entry.counterparty)}</Nm>`;
  const amount = camtAmount(entry.amountPence, currency);
  return [
    `<Ntry>${amount}<Sts>${version === '08' ? '<Cd>BOOK</Cd>' : 'BOOK'}</Sts>`,
    `<BookgDt><Dt>${entry.bookedOn}</Dt></BookgDt><ValDt><Dt>${entry.valueOn}</Dt></ValDt>`,
    `<AcctSvcrRef>${xml(entry.bankReference)}</AcctSvcrRef><BkTxCd><Prtry><Cd>${entry.code ?? '1'}</Cd></Prtry></BkTxCd>`,
    `<NtryDtls><TxDtls><Refs><EndToEndId>${xml(entry.endToEndId)}</EndToEndId></Refs>`,
    version === '02' ? `<AmtDtls><TxAmt>${amount.replace(/<CdtDbtInd>.*/, '')}</TxAmt></AmtDtls>` : amount,
    `<RltdPties><${side}>${version === '08' ? `<Pty>${name}</Pty>` : name}</${side}></RltdPties>`,
    `<RmtInf><Ustrd>${xml(entry.remittance)}</Ustrd><Strd><CdtrRefInf><Ref>${xml(entry.reference)}</Ref></CdtrRefInf></Strd></RmtInf>`,
    '</TxDtls></NtryDtls></Ntry>\n',
  ].join('');
}

const camtBalance = (code: string, amount: number, currency: string, on: string): string =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${camtAmount(amount, currency)}<Dt><Dt>${on}</Dt></Dt></Bal>\n`;

/** camt.053 piece by piece; `closingPence` must be said because it stands before the entries. */
export function* camtPieces(made: MadeStatement, closingPence: number, version = '08'): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}"><BkToCstmrStmt>`;
  yield `<GrpHdr><MsgId>M1</MsgId><CreDtTm>2018-05-03T06:00:00</CreDtTm></GrpHdr><Stmt><Id>${made.statementId}</Id>`;
  yield `<ElctrncSeqNb>${made.sequence}</ElctrncSeqNb><CreDtTm>2018-05-03T06:00:00</CreDtTm>`;
  yield `<Acct><Id><IBAN>${made.iban}</IBAN></Id><Ccy>${made.currency}</Ccy></Acct>\n`;
  yield camtBalance('OPBD', made.openingPence, made.currency, made.openingOn);
  yield camtBalance('CLBD', closingPence, made.currency, made.openingOn);
  for (const entry of made.entries) yield camtEntry(entry, made.currency, version);
  yield '</Stmt></BkToCstmrStmt></Document>\n';
}

export const closingOf = ({ openingPence, entries }: MadeStatement): number =>
  [...entries].reduce((sum, { amountPence }) => sum + amountPence, openingPence);

export const camtOf = (made: MadeStatement, version = '08'): string =>
  [...camtPieces(made, closingOf(made), version)].join('');

const short = (date: string): string => date.slice(2).replaceAll('-', '');
const swiftBalance = (tag: string, amount: number, on: string, currency: string): string =>
  `:${tag}:${amount < 0 ? 'D' : 'C'}${short(on)}${currency}${decimals(amount, ',')}`;

/** MT940 with words between slashes; over several pages when `pages` says after how many entries each ends. */
export function mt940Of(made: MadeStatement, entriesOfAPage = Infinity): string {
  const entries = [...made.entries];
  const lines: string[] = [];
  let balance = made.openingPence;
  for (let page = 1, from = 0; page === 1 || from < entries.length; page += 1, from += entriesOfAPage) {
    const here = entries.slice(from, from + entriesOfAPage);
    lines.push(`:20:${made.statementId}`, `:25:${made.iban}`, `:28C:${made.sequence}/${page}`);
    lines.push(swiftBalance(page === 1 ? '60F' : '60M', balance, made.openingOn, made.currency));
    for (const entry of here) {
      lines.push(
        `:61:${short(entry.valueOn)}${short(entry.bookedOn).slice(2)}${entry.amountPence < 0 ? 'D' : 'C'}${decimals(entry.amountPence, ',')}NTRF${entry.reference}//${entry.bankReference}`,
        `:86:/EREF/${entry.endToEndId}/NAME/${entry.counterparty}`,
        `/REMI/${entry.remittance}/`,
      );
      balance += entry.amountPence;
    }
    const last = from + entriesOfAPage >= entries.length;
    lines.push(swiftBalance(last ? '62F' : '62M', balance, made.openingOn, made.currency), '-');
  }
  return lines.join('\r\n') + '\r\n';
}

export const aCsvMapping = (given: Partial<CsvMapping> = {}): CsvMapping => ({
  delimiter: ',',
  decimal: '.',
  dateFormat: 'DD/MM/YYYY',
  order: 'oldest_first',
  account: { value: '20-20-15 55555555' },
  currency: { value: 'GBP' },
  columns: {
    bookedOn: 'Date',
    valueOn: 'Value date',
    amount: 'Amount',
    balance: 'Balance',
    reference: 'Reference',
    bankReference: 'Bank reference',
    endToEndId: 'End to end',
    counterparty: 'Name',
    remittance: 'Details',
  },
  ...given,
});

const slashed = (date: string): string => date.split('-').reverse().join('/');

/** The CSV that `aCsvMapping` describes, with a delimiter, decimal point and order of the mapping. */
export function csvOf(made: MadeStatement, mapping: CsvMapping = aCsvMapping()): string {
  let balance = made.openingPence;
  const money = (amount: number): string => (amount < 0 ? '-' : '') + decimals(amount, mapping.decimal);
  const rows = [...made.entries].map((entry) => {
    balance += entry.amountPence;
    const { bookedOn, valueOn, amountPence, reference, bankReference, endToEndId, counterparty, remittance } = entry;
    const figures = [slashed(bookedOn), slashed(valueOn), money(amountPence), money(balance)];
    return [...figures, reference, bankReference, endToEndId, counterparty, remittance];
  });
  if (mapping.order === 'newest_first') rows.reverse();
  const heading = [
    'Date',
    'Value date',
    'Amount',
    'Balance',
    'Reference',
    'Bank reference',
    'End to end',
    'Name',
    'Details',
  ];
  return stringify([heading, ...rows], { delimiter: mapping.delimiter });
}

/** The same bytes in pieces of these sizes, over and over. */
export function* cut(text: string | Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let from = 0, at = 0; from < bytes.length; at += 1) {
    const size = Math.max(1, sizes[at % sizes.length] ?? bytes.length);
    yield Uint8Array.from(bytes.subarray(from, from + size));
    from += size;
  }
}

export interface ReadStatement {
  header: Extract<StatementEvent, { type: 'header' }>['header'];
  entries: StatementEntry[];
  closing: Extract<StatementEvent, { type: 'closing' }>['closing'];
}

/** The events of a reading, gathered by statement. */
export async function gather(events: AsyncIterable<StatementEvent>): Promise<ReadStatement[]> {
  const statements: ReadStatement[] = [];
  let entries: StatementEntry[] = [];
  let header: ReadStatement['header'] | null = null;
  for await (const event of events) {
    if (event.type === 'header') [header, entries] = [event.header, []];
    else if (event.type === 'entry') entries.push(event.entry);
    else statements.push({ header: header!, entries, closing: event.closing });
  }
  return statements;
}
