import { parseAmount, signed } from './amounts.js';
import { BankFileError } from './bank-file-error.js';
import { camtAccount, camtDate, signOf } from './camt-parts.js';
import { plainEntry, type EntryStatus, type StatementEntry } from './statement.js';
import { nodeAt, nodesAt, requireNode, textAt, type XmlNode } from './xml-node.js';

/** What the bank writes where the payer gave no end-to-end id (rule book of SEPA). */
const NOT_PROVIDED = 'NOTPROVIDED';

/**
 * One `Ntry`: an entry, or the transactions it was booked for when each gives its amount in the entry's currency and they
 * add up to the entry. Otherwise it stays one, with `transactionCount` saying how many stand behind it.
 */
export function entriesOf(node: XmlNode): StatementEntry[] {
  const base = baseOf(node);
  const details = nodesAt(node, 'NtryDtls/TxDtls');
  const count = Math.max(details.length, batchCount(node), 1);
  if (count === 1) return [details[0] ? { ...base, ...detailsOf(details[0], base) } : base];
  const amounts = details.map((detail) => amountOf(detail, node, base.currency));
  const total = amounts.reduce<number | null>((sum, next) => (sum === null || next === null ? null : sum + next), 0);
  if (total !== base.amountPence || details.length < 2) return [{ ...base, transactionCount: count }];
  return details.map((detail, index) => ({
    ...base,
    ...detailsOf(detail, { ...base, amountPence: amounts[index]! }),
    where: detail.toString(),
    amountPence: amounts[index]!,
    batch: { reference: base.bankReference, position: index + 1, count: details.length },
  }));
}

function baseOf(node: XmlNode): StatementEntry {
  const amount = requireNode(node, 'Amt');
  const currency = amount.attributes['Ccy'] ?? '';
  const valueOn = camtDate(nodeAt(node, 'ValDt'));
  const bookedOn = camtDate(nodeAt(node, 'BookgDt')) ?? valueOn;
  if (bookedOn === null) throw new BankFileError('element_missing', node, 'The entry has no date.');
  return plainEntry({
    where: node.toString(),
    status: statusOf(node),
    bookedOn,
    valueOn,
    amountPence: signed(signOf(node), parseAmount(amount.text.trim(), currency, amount)),
    currency,
    reversal: ['true', '1'].includes(textAt(node, 'RvslInd') ?? ''),
    reference: textAt(node, 'NtryRef'),
    bankReference: textAt(node, 'AcctSvcrRef'),
    paymentInformationId: textAt(node, 'NtryDtls/Btch/PmtInfId'),
    transactionCode: codeOf(node),
    narrative: textAt(node, 'AddtlNtryInf'),
  });
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

function detailsOf(node: XmlNode, base: StatementEntry): Partial<StatementEntry> {
  const party = base.amountPence < 0 ? 'Cdtr' : 'Dbtr';
  const parties = `RltdPties/${party}`;
  const ultimate = `RltdPties/Ultmt${party}`;
  const endToEndId = textAt(node, 'Refs/EndToEndId');
  const unstructured = nodesAt(node, 'RmtInf/Ustrd').map(({ text }) => text.trim());
  return {
    reference: textAt(node, 'RmtInf/Strd/CdtrRefInf/Ref') ?? base.reference,
    bankReference: textAt(node, 'Refs/AcctSvcrRef') ?? base.bankReference,
    endToEndId: endToEndId === NOT_PROVIDED ? null : endToEndId,
    instructionId: textAt(node, 'Refs/InstrId'),
    paymentInformationId: textAt(node, 'Refs/PmtInfId') ?? base.paymentInformationId,
    // The name is inside `Pty` since version 08.
    counterparty: textAt(node, `${parties}/Nm`, `${parties}/Pty/Nm`, `${ultimate}/Nm`, `${ultimate}/Pty/Nm`),
    counterpartyAccount: camtAccount(nodeAt(node, `${parties}Acct`), nodeAt(node, `RltdAgts/${party}Agt`)),
    remittance: unstructured.filter((text) => text !== '').join(' ') || null,
    transactionCode: codeOf(node) ?? base.transactionCode,
    returnReason: textAt(node, 'RtrInf/Rsn/Cd', 'RtrInf/Rsn/Prtry'),
    narrative: base.narrative ?? textAt(node, 'AddtlTxInf'),
  };
}
