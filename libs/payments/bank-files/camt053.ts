import { decimalsOf, parseAmount, requireDate, signed } from './amounts.js';
import { BankFileError, type BankFileProblem, type Place } from './bank-file-error.js';
import { entriesOf } from './camt-entry.js';
import { camtAccount, camtDate, signOf } from './camt-parts.js';
import type { RawEvent, StatementHeader, StatementParser } from './statement.js';
import { nodeAt, requireNode, requireText, textAt, type XmlNode } from './xml-node.js';
import { XmlReader } from './xml-reader.js';
import { XmlText } from './xml-text.js';

const ROOT = '/Document/BkToCstmrStmt';
const STATEMENT = `${ROOT}/Stmt`;
const PARTS = ['Id', 'ElctrncSeqNb', 'LglSeqNb', 'CreDtTm', 'FrToDt', 'Acct', 'Bal', 'TxsSummry', 'Ntry'];

interface Balance {
  code: string;
  amountPence: number;
  currency: string;
  on: string | null;
  where: string;
}

/** One Stmt as far as it was read. Its account and balances come before its entries (the schema says so). */
interface Statement {
  parts: Map<string, XmlNode>;
  balances: Balance[];
  header: StatementHeader | null;
  statedEntries: number | null;
  entries: number;
}

const blank = (): Statement => ({ parts: new Map(), balances: [], header: null, statedEntries: null, entries: 0 });

/** ISO 20022 bank-to-customer statement, camt.053.001.02, .04 and .08. */
export class Camt053Parser implements StatementParser {
  private readonly text = new XmlText();
  private messageId: string | null = null;
  private statement = blank();
  private readonly reader = new XmlReader<RawEvent>({
    namespace: 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.',
    versions: ['02', '04', '08'],
    collected: new Set([`${ROOT}/GrpHdr`, ...PARTS.map((part) => `${STATEMENT}/${part}`)]),
    onNode: (path, node) => this.read(path, node),
    onClose: (path, line) => (path === STATEMENT ? this.close(line) : []),
  });

  write(bytes: Uint8Array): RawEvent[] {
    return this.reader.write(this.text.write(bytes));
  }

  end(): RawEvent[] {
    return [...this.reader.write(this.text.end()), ...this.reader.end()];
  }

  private read(path: string, node: XmlNode): RawEvent[] {
    if (path === `${ROOT}/GrpHdr`) {
      this.messageId = textAt(node, 'MsgId');
    } else if (node.name === 'Bal') {
      this.addBalance(balanceOf(node));
    } else if (node.name === 'TxsSummry') {
      this.statement.statedEntries = countOf(node);
    } else if (node.name === 'Ntry') {
      const events = this.begin(node);
      this.statement.entries += 1;
      for (const entry of entriesOf(node)) events.push({ type: 'entry', entry });
      return events;
    } else {
      this.statement.parts.set(node.name, node);
    }
    return [];
  }

  private addBalance(balance: Balance): void {
    const repeats = balance.code === 'OPBD' || balance.code === 'CLBD';
    if (repeats && this.statement.balances.some(({ code }) => code === balance.code)) {
      throw new BankFileError('invalid_value', balance.where, `The balance ${balance.code} is there twice.`);
    }
    this.statement.balances.push(balance);
  }

  /** The header, once: as the first entry comes, or at the end of a statement without one. */
  private begin(place: Place): RawEvent[] {
    if (this.statement.header) return [];
    this.statement.header = this.headerOf(place.toString());
    return [{ type: 'header', header: this.statement.header, where: place.toString() }];
  }

  private headerOf(where: string): StatementHeader {
    const { parts } = this.statement;
    const account = parts.get('Acct');
    if (!account) throw new BankFileError('element_missing', where, 'The statement names no account.');
    const opening = openingOf(this.statement.balances);
    const currency = textAt(account, 'Ccy') ?? opening?.currency ?? this.statement.balances[0]?.currency;
    if (!currency) {
      throw new BankFileError('no_balances', where, 'The statement has no balance, so its entries cannot be proved.');
    }
    decimalsOf(currency, where);
    const said = (part: string): string | null => parts.get(part)?.text.trim() || null;
    const period = parts.get('FrToDt');
    return {
      account: camtAccount(account) ?? { kind: 'other', id: '' },
      currency,
      statementId: said('Id'),
      messageId: this.messageId,
      sequence: numberOf(parts.get('ElctrncSeqNb')) ?? numberOf(parts.get('LglSeqNb')),
      legalSequence: numberOf(parts.get('LglSeqNb')),
      createdAt: said('CreDtTm'),
      fromOn: period ? dayOf(period, 'FrDtTm') : null,
      toOn: period ? dayOf(period, 'ToDtTm') : null,
      openingPence: opening?.currency === currency ? opening.amountPence : null,
      openingOn: opening?.on ?? null,
    };
  }

  private close(line: number): RawEvent[] {
    const where = `line ${line}, ${STATEMENT}`;
    const events = this.begin(where);
    const { balances, statedEntries, entries, header } = this.statement;
    const opening = openingOf(balances);
    const closing = closingOf(balances);
    const problems: BankFileProblem[] = [];
    if (opening && opening.currency !== header!.currency) {
      const message = `The opening balance is in ${opening.currency}, the account in ${header!.currency}.`;
      problems.push({ code: 'mixed_currencies', where: opening.where, message });
    }
    if (statedEntries !== null && statedEntries !== entries) {
      const message = `The statement says it has ${statedEntries} entries, and ${entries} are there.`;
      problems.push({ code: 'count_mismatch', where, message });
    }
    this.statement = blank();
    return [...events, { type: 'closing', where, openingPence: opening?.amountPence ?? null, closing, problems }];
  }
}

/** OPBD, else the day before's closing (PRCD), else the first of the interim balances of a statement in pages. */
function openingOf(balances: readonly Balance[]): Balance | null {
  const of = (code: string): Balance | undefined => balances.find((balance) => balance.code === code);
  const interim = balances.filter(({ code }) => code === 'ITBD');
  return of('OPBD') ?? of('PRCD') ?? (interim.length > 1 || of('CLBD') ? interim[0] : undefined) ?? null;
}

function closingOf(balances: readonly Balance[]): Balance | null {
  const interim = balances.filter(({ code }) => code === 'ITBD');
  const opened = balances.some(({ code }) => code === 'OPBD' || code === 'PRCD') || interim.length > 1;
  return balances.find(({ code }) => code === 'CLBD') ?? (opened ? interim.at(-1) : undefined) ?? null;
}

function balanceOf(node: XmlNode): Balance {
  const amount = requireNode(node, 'Amt');
  const currency = amount.attributes['Ccy'] ?? '';
  return {
    code: textAt(node, 'Tp/CdOrPrtry/Cd', 'Tp/CdOrPrtry/Prtry') ?? '',
    amountPence: signed(signOf(node), parseAmount(amount.text.trim(), currency, amount)),
    currency,
    on: camtDate(nodeAt(node, 'Dt')),
    where: node.toString(),
  };
}

function countOf(summary: XmlNode): number | null {
  const stated = nodeAt(summary, 'TtlNtries/NbOfNtries');
  return stated ? numberOf(stated) : null;
}

function numberOf(node: XmlNode | undefined): number | null {
  if (!node) return null;
  const text = node.text.trim();
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new BankFileError('invalid_value', node, 'A number in digits is expected here.');
}

const dayOf = (period: XmlNode, name: string): string => requireDate(requireText(period, name).slice(0, 10), period);
