import { element } from '#platform/xml';

/** What the bank books: money in is positive, out negative. */
interface Booked {
  on: string;
  amountPence: number;
  counterparty: string;
  text: string;
  /** What the payer named a payment by, which the bank gives back. */
  endToEndId?: string;
  /** Why money came back, as ISO 20022 codes it. */
  returned?: string;
}

/** A statement as the bank sends it. */
export interface BankPaper {
  name: string;
  mediaType: string;
  content: string;
}

const SORT_CODE = '000000';
const ACCOUNT = '12345678';
const CURRENCY = 'GBP';
const BALANCE_BEFORE_PENCE = 2_500_000;

const decimal = (pence: number, point: string): string => {
  const digits = String(Math.abs(pence)).padStart(3, '0');
  return `${digits.slice(0, -2)}${point}${digits.slice(-2)}`;
};
const swiftDay = (date: string): string => date.slice(2).replaceAll('-', '');

/**
 * The bank of the story, where the invented account is that the demonstration pays from (seeds/demo-debtors.ts). It books what it is told
 * and writes statements as banks do, each time in another of the formats the service reads.
 */
export class DemoBank {
  private balancePence = BALANCE_BEFORE_PENCE;
  private sequence = 0;
  private booked: Booked[] = [];

  book(entry: Booked): void {
    this.booked.push(entry);
  }

  /** All that was booked since the last one. `endsOn` is its last day. */
  statement(format: 'camt.053' | 'MT940' | 'CSV', endsOn: string): BankPaper {
    const { booked, balancePence: opening } = this;
    this.sequence += 1;
    this.balancePence = booked.reduce((sum, { amountPence }) => sum + amountPence, opening);
    this.booked = [];
    const period = { booked, opening, closing: this.balancePence, endsOn, sequence: this.sequence };
    const name = `statement-${this.sequence}`;
    if (format === 'camt.053') {
      return { name: `${name}.camt053.xml`, mediaType: 'application/xml', content: camt(period) };
    }
    if (format === 'MT940') return { name: `${name}.mt940.txt`, mediaType: 'text/plain', content: swift(period) };
    return { name: `${name}.csv`, mediaType: 'text/csv', content: csv(period) };
  }
}

interface Period {
  booked: readonly Booked[];
  opening: number;
  closing: number;
  endsOn: string;
  sequence: number;
}

const statementId = ({ sequence }: Period): string => `S2018-${String(sequence).padStart(4, '0')}`;

function camt(period: Period): string {
  const { booked, opening, closing, endsOn, sequence } = period;
  const madeAt = element('CreDtTm', `${endsOn}T22:00:00Z`);
  const statement = element('Stmt', [
    element('Id', statementId(period)),
    element('ElctrncSeqNb', String(sequence)),
    madeAt,
    element('Acct', [element('Id', [element('Othr', [element('Id', SORT_CODE + ACCOUNT)])]), element('Ccy', CURRENCY)]),
    camtBalance('OPBD', opening, booked[0]?.on ?? endsOn),
    camtBalance('CLBD', closing, endsOn),
    ...booked.map(camtEntry),
  ]);
  const header = element('GrpHdr', [element('MsgId', statementId(period)), madeAt]);
  const namespace = { xmlns: 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08' };
  const document = element('Document', [element('BkToCstmrStmt', [header, statement])], namespace);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document}\n`;
}

const camtAmount = (pence: number): string[] => [
  element('Amt', decimal(pence, '.'), { Ccy: CURRENCY }),
  element('CdtDbtInd', pence < 0 ? 'DBIT' : 'CRDT'),
];
const camtDay = (name: string, day: string): string => element(name, [element('Dt', day)]);
const camtBalance = (code: string, pence: number, on: string): string => {
  const type = element('Tp', [element('CdOrPrtry', [element('Cd', code)])]);
  return element('Bal', [type, ...camtAmount(pence), camtDay('Dt', on)]);
};

function camtEntry({ on, amountPence, counterparty, text, endToEndId, returned }: Booked, at: number): string {
  const party = element(amountPence < 0 ? 'Cdtr' : 'Dbtr', [element('Pty', [element('Nm', counterparty)])]);
  return element('Ntry', [
    ...camtAmount(amountPence),
    element('Sts', [element('Cd', 'BOOK')]),
    camtDay('BookgDt', on),
    camtDay('ValDt', on),
    element('AcctSvcrRef', `${swiftDay(on)}-${at + 1}`),
    element('BkTxCd', [element('Prtry', [element('Cd', 'DEMO')])]),
    element('NtryDtls', [
      element('TxDtls', [
        endToEndId ? element('Refs', [element('EndToEndId', endToEndId)]) : '',
        ...camtAmount(amountPence),
        element('RltdPties', [party]),
        element('RmtInf', [element('Ustrd', text)]),
        returned ? element('RtrInf', [element('Rsn', [element('Cd', returned)])]) : '',
      ]),
    ]),
  ]);
}

function swift(period: Period): string {
  const { booked, opening, closing, endsOn, sequence } = period;
  const balance = (tag: string, pence: number, on: string) =>
    `:${tag}:${pence < 0 ? 'D' : 'C'}${swiftDay(on)}${CURRENCY}${decimal(pence, ',')}`;
  return [
    `:20:${statementId(period)}`,
    `:25:${SORT_CODE}/${ACCOUNT}`,
    `:28C:${sequence}/1`,
    balance('60F', opening, booked[0]?.on ?? endsOn),
    ...booked.flatMap((entry, at) => {
      const { on, amountPence, counterparty, text, endToEndId = 'NOTPROVIDED', returned } = entry;
      const sign = amountPence < 0 ? 'D' : 'C';
      const day = swiftDay(on);
      return [
        `:61:${day}${day.slice(2)}${sign}${decimal(amountPence, ',')}NTRFNONREF//${day}-${at + 1}`,
        `:86:/EREF/${endToEndId}`,
        `/NAME/${counterparty.slice(0, 58)}`,
        `/REMI/${text}/`,
        ...(returned ? [`/RTRN/${returned}/`] : []),
      ];
    }),
    balance('62F', closing, endsOn),
    '-',
    '',
  ].join('\r\n');
}

/** How the bank writes its CSV, as the service is told once. */
export const CSV_MAPPING = {
  name: 'demo-bank',
  mapping: {
    delimiter: ',',
    decimal: '.',
    dateFormat: 'DD/MM/YYYY',
    order: 'oldest_first',
    account: { value: `${SORT_CODE} ${ACCOUNT}` },
    currency: { value: CURRENCY },
    columns: { bookedOn: 'Date', debit: 'Paid out', credit: 'Paid in', balance: 'Balance', remittance: 'Details' },
  },
} as const;

function csv({ booked, opening }: Period): string {
  let balance = opening;
  const rows = booked.map(({ on, amountPence, counterparty, text }) => {
    balance += amountPence;
    const amount = decimal(amountPence, '.');
    const [out, paidIn] = amountPence < 0 ? [amount, ''] : ['', amount];
    return [on.split('-').reverse().join('/'), `"${counterparty} ${text}"`, out, paidIn, decimal(balance, '.')].join();
  });
  return ['Date,Details,Paid out,Paid in,Balance', ...rows, ''].join('\r\n');
}
