import { requireDate } from './amounts.js';
import { BankFileError } from './bank-file-error.js';
import { accountOf } from './statement-account.js';
import type { StatementAccount } from './statement.js';
import { nodeAt, requireNode, textAt, type XmlNode } from './xml-node.js';

/** +1 for credits, −1 for debits. Also of reversals: a reversed debit is booked as a credit and says so (camt.053, RvslInd). */
export function signOf(node: XmlNode, fallback?: XmlNode): 1 | -1 {
  const indicator =
    nodeAt(node, 'CdtDbtInd') ?? (fallback && nodeAt(fallback, 'CdtDbtInd')) ?? requireNode(node, 'CdtDbtInd');
  const text = indicator.text.trim();
  if (text === 'CRDT') return 1;
  if (text === 'DBIT') return -1;
  throw new BankFileError('invalid_value', indicator, 'CRDT or DBIT is expected here.');
}

/** `Dt`, or the day of `DtTm` as the bank's own clock has it. */
export function camtDate(node: XmlNode | undefined): string | null {
  const text = node && textAt(node, 'Dt', 'DtTm');
  return text ? requireDate(text.slice(0, 10), node) : null;
}

/** The UK's clearing system (external code set of ISO 20022): members are known by their sort codes. */
const UK_CLEARING = 'GBDSC';

/** `Acct`, `DbtrAcct` or `CdtrAcct`; the sort code may stand with the bank (`Svcr`, `DbtrAgt`, `CdtrAgt`). */
export function camtAccount(account: XmlNode | undefined, agent?: XmlNode): StatementAccount | null {
  const id = account && textAt(account, 'Id/IBAN', 'Id/Othr/Id');
  if (!id) return null;
  const bank = agent ?? nodeAt(account, 'Svcr');
  const member = bank && nodeAt(bank, 'FinInstnId/ClrSysMmbId');
  const system = member && textAt(member, 'ClrSysId/Cd', 'ClrSysId/Prtry');
  const sortCode = member && textAt(member, 'MmbId');
  if (sortCode && (system ?? UK_CLEARING) === UK_CLEARING && /^\d{6}$/.test(sortCode) && /^\d{8}$/.test(id)) {
    return { kind: 'uk', sortCode, accountNumber: id };
  }
  return accountOf(id);
}
