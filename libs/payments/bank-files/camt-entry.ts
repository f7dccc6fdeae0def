import { parseAmount, signed } from './amounts.js';
import { BankFileError } from './bank-file-error.js';
import { camtAccount, camtDate, signOf } from './camt-parts.js';
import type { EntryStatus, StatementEntry } from './statement.js';
import { nodeAt, nodesAt, requireNode, textAt, type XmlNode } from './xml-node.js';

/** What the bank writes where the payer gave no end-to-end id (rule book of SEPA). */
const NOT_PROVIDED = 'NOTPROVIDED';

/**
 * One `Ntry`: an entry, or the transactions it was booked for when each gives its amount in the entry's currency and they
 * add up to the entry. Otherwise it stays one, with `transactionCount` saying how many stand behind it.
 */
export function entriesOf(node: XmlNode): StatementEntry[] {
  const entry = baseOf(node);
  const details = nodesAt(node, 'NtryDtls/TxDtls');
  const count = Math.max(details.length, batchCount(node), 1);
  if (count === 1) return [details[0] ? fill(entry, details[0]) : entry];
  const amounts = details.map((detail) => amountOf(detail, node, entry.currency));
  const total = amounts.reduce<number | null>((sum, next) => (sum === null || next === null ? null : sum + next), 0);
  if (total !== entry.amountPence || details.length < 2) {
    entry.transactionCount = count;
    return [entry];
  }
  return details.map((detail, index) => {
    const batch = { reference: entry.bankReference, position: index + 1, count: details.length };
    return fill({ ...entry, where: detail, amountPence: amounts[index]!, batch }, detail);
  });
}

/** What the entry itself says. Written out in full: of a hundred thousand, each copy counts. */
function baseOf(node: XmlNode): StatementEntry {
  const amount = requireNode(node, 'Amt');
  const currency = amount.attributes['Ccy'] ?? '';
  const valueOn = camtDate(nodeAt(node, 'ValDt'));
  const bookedOn = camtDate(nodeAt(node, 'BookgDt')) ?? valueOn;
  if (bookedOn === null) throw new BankFileError('element_missing', node, 'The entry has no date.');
  return {
    where: node,
    status: statusOf(node),
    bookedOn,
    valueOn,
    amountPence: signed(signOf(node), parseAmount(amount.text.trim(), currency, amount)),
    currency,
    reversal: ['true', '1'].includes(textAt(node, 'RvslInd') ?? ''),
    reference: textAt(node, 'NtryRef'),
    bankReference: textAt(node, 'AcctSvcrRef'),
    endToEndId: null,
    instructionId: null,
    paymentInformationId: textAt(node, 'NtryDtls/Btch/PmtInfId'),
    counterparty: null,
    counterpartyAccount: null,
    remittance: null,
    transactionCode: codeOf(node),
    returnReason: null,
    narrative: textAt(node, 'AddtlNtryInf'),
    batch: null,
    transactionCount: 1,
  };
}

const STATUSES: ReadonlyMap<string, EntryStatus> = new Map([
  ['BOOK', 'booked'],
  ['PDNG', 'pending'],
  ['FUTR', 'pending'],
  ['INFO', 'information'],
]);

/** A code in itself up to version 04, an element with one in 08. */
function statusOf(node: XmlNode): EntryStatus {
  const element = requireNode(node, 'Sts');
  const status = STATUSES.get(textAt(element, 'Cd', 'Prtry') ?? element.text.trim());
  if (status) return status;
  throw new BankFileError('invalid_value', element, 'BOOK, PDNG, FUTR or INFO is expected here.');
}

function codeOf(node: XmlNode): string | null {
  const code = nodeAt(node, 'BkTxCd');
  if (!code) return null;
  const domain = ['Domn/Cd', 'Domn/Fmly/Cd', 'Domn/Fmly/SubFmlyCd'].map((path) => textAt(code, path));
  return domain[0] ? domain.filter((part) => part !== null).join('/') : textAt(code, 'Prtry/Cd');
}

function batchCount(node: XmlNode): number {
  const text = textAt(node, 'NtryDtls/Btch/NbOfTxs');
  return text && /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

/** Of a transaction inside an entry: `Amt` since version 04, `AmtDtls/TxAmt/Amt` in 02; null when not in the account's currency. */
function amountOf(detail: XmlNode, entry: XmlNode, currency: string): number | null {
  const amount = nodeAt(detail, 'Amt') ?? nodeAt(detail, 'AmtDtls/TxAmt/Amt');
  if (!amount || amount.attributes['Ccy'] !== currency) return null;
  return signed(signOf(detail, entry), parseAmount(amount.text.trim(), currency, amount));
}

/** Puts into an entry what the transaction behind it says; answers the entry. */
function fill(entry: StatementEntry, node: XmlNode): StatementEntry {
  const party = entry.amountPence < 0 ? DEBIT : CREDIT;
  const references = nodeAt(node, 'Refs');
  if (references) {
    const endToEndId = textAt(references, 'EndToEndId');
    entry.endToEndId = endToEndId === NOT_PROVIDED ? null : endToEndId;
    entry.instructionId = textAt(references, 'InstrId');
    entry.bankReference = textAt(references, 'AcctSvcrRef') ?? entry.bankReference;
    entry.paymentInformationId = textAt(references, 'PmtInfId') ?? entry.paymentInformationId;
  }
  const parties = nodeAt(node, 'RltdPties');
  if (parties) {
    entry.counterparty = textAt(parties, ...party.names);
    entry.counterpartyAccount = camtAccount(nodeAt(parties, party.account), nodeAt(node, party.agent));
  }
  const remittance = nodeAt(node, 'RmtInf');
  if (remittance) {
    entry.reference = textAt(remittance, 'Strd/CdtrRefInf/Ref') ?? entry.reference;
    const words = nodesAt(remittance, 'Ustrd').map(({ text }) => text.trim());
    entry.remittance = words.filter((text) => text !== '').join(' ') || null;
  }
  entry.transactionCode = codeOf(node) ?? entry.transactionCode;
  entry.returnReason = textAt(node, 'RtrInf/Rsn/Cd', 'RtrInf/Rsn/Prtry');
  entry.narrative ??= textAt(node, 'AddtlTxInf');
  return entry;
}

/** The other side of an entry, below `RltdPties`. The name is inside `Pty` since version 08. */
const otherSide = (party: 'Cdtr' | 'Dbtr') => ({
  names: [`${party}/Nm`, `${party}/Pty/Nm`, `Ultmt${party}/Nm`, `Ultmt${party}/Pty/Nm`],
  account: `${party}Acct`,
  agent: `RltdAgts/${party}Agt`,
});
const DEBIT = otherSide('Cdtr');
const CREDIT = otherSide('Dbtr');
