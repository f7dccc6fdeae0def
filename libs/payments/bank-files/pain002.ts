import { BankFileError } from './bank-file-error.js';
import { nodesAt, requireText, textAt, type XmlNode } from './xml-node.js';
import { XmlReader } from './xml-reader.js';
import { XmlText } from './xml-text.js';

/** Why the bank says so: a code of ISO 20022's ExternalStatusReason1 (`AC04`, closed account) or the bank's own, and its words. */
export interface StatusReason {
  code: string | null;
  text: string | null;
}

/** What became of something, in words that do not depend on the code; `unknown` for a code this reader does not know. */
export type PaymentOutcome = 'settled' | 'accepted' | 'pending' | 'rejected' | 'cancelled' | 'partial' | 'unknown';

interface Status {
  /** ISO 20022's code: ACCP, ACSC, RJCT, PDNG, …; null when the bank gives none at this level. */
  status: string | null;
  outcome: PaymentOutcome | null;
  reasons: StatusReason[];
}

export type StatusEvent =
  | ({ type: 'group'; where: string; messageId: string; originalMessageId: string; originalMessage: string } & Status)
  | ({ type: 'payment_information'; where: string; paymentInformationId: string } & Status)
  | ({
      type: 'transaction';
      where: string;
      endToEndId: string | null;
      paymentInformationId: string | null;
      bankReference: string | null;
    } & Status);

const OUTCOMES: ReadonlyMap<string, PaymentOutcome> = new Map<string, PaymentOutcome>([
  ['ACSC', 'settled'],
  ['ACCC', 'settled'],
  ['ACCP', 'accepted'],
  ['ACSP', 'accepted'],
  ['ACTC', 'accepted'],
  ['ACWC', 'accepted'],
  ['ACWP', 'accepted'],
  ['ACFC', 'accepted'],
  ['RCVD', 'pending'],
  ['PDNG', 'pending'],
  ['PATC', 'pending'],
  ['PART', 'partial'],
  ['RJCT', 'rejected'],
  ['BLCK', 'rejected'],
  ['CANC', 'cancelled'],
]);

const ROOT = '/Document/CstmrPmtStsRpt';
const PART = `${ROOT}/OrgnlPmtInfAndSts`;
const OF_THE_PART = ['OrgnlPmtInfId', 'PmtInfSts', 'StsRsnInf'];

/**
 * ISO 20022 customer payment status report, pain.002.001.03 and .10 to .14 (what is read is the same in all), as a stream: the group's status, then of each part its transactions'
 * and then its own (which a bank writes first, and which is complete only when the part ends). Throws BankFileError; what came
 * before is not to be kept until the generator has finished.
 */
export async function* readPain002(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<StatusEvent> {
  const report = new StatusReport();
  const text = new XmlText();
  const reader = new XmlReader<StatusEvent>({
    namespace: 'urn:iso:std:iso:20022:tech:xsd:pain.002.001.',
    versions: ['03', '10', '11', '12', '13', '14'],
    collected: new Set([
      `${ROOT}/GrpHdr`,
      `${ROOT}/OrgnlGrpInfAndSts`,
      `${PART}/TxInfAndSts`,
      ...OF_THE_PART.map((name) => `${PART}/${name}`),
    ]),
    onNode: (path, node) => report.read(path, node),
    onClose: (path, line) => (path === PART ? report.endPart(`line ${line}, ${path}`) : []),
  });
  for await (const chunk of source) yield* reader.write(text.write(chunk));
  yield* reader.write(text.end());
  yield* reader.end();
  report.end();
}

class StatusReport {
  private messageId: string | null = null;
  private hasGroup = false;
  private part: { id: string | null; status: string | null; reasons: StatusReason[] } = {
    id: null,
    status: null,
    reasons: [],
  };

  read(path: string, node: XmlNode): StatusEvent[] {
    switch (path) {
      case `${ROOT}/GrpHdr`:
        this.messageId = requireText(node, 'MsgId');
        return [];
      case `${ROOT}/OrgnlGrpInfAndSts`:
        return [this.group(node)];
      case `${PART}/OrgnlPmtInfId`:
        this.part.id = node.text.trim();
        return [];
      case `${PART}/PmtInfSts`:
        this.part.status = node.text.trim();
        return [];
      case `${PART}/StsRsnInf`:
        this.part.reasons.push(reasonOf(node));
        return [];
      default:
        return [this.transaction(node)];
    }
  }

  endPart(where: string): StatusEvent[] {
    const { id, status, reasons } = this.part;
    this.part = { id: null, status: null, reasons: [] };
    if (!id) throw new BankFileError('element_missing', where, 'The element OrgnlPmtInfId is missing here.');
    if (status === null && reasons.length === 0) return [];
    return [
      { type: 'payment_information', where, paymentInformationId: id, status, outcome: outcomeOf(status), reasons },
    ];
  }

  end(): void {
    if (this.hasGroup) return;
    throw new BankFileError(
      'element_missing',
      'end of file',
      'The element OrgnlGrpInfAndSts is missing: the report is about nothing.',
    );
  }

  private group(node: XmlNode): StatusEvent {
    this.hasGroup = true;
    if (this.messageId === null) throw new BankFileError('element_missing', node, 'The element GrpHdr is missing.');
    return {
      type: 'group',
      where: node.toString(),
      messageId: this.messageId,
      originalMessageId: requireText(node, 'OrgnlMsgId'),
      originalMessage: requireText(node, 'OrgnlMsgNmId'),
      ...statusOf(node, 'GrpSts'),
    };
  }

  private transaction(node: XmlNode): StatusEvent {
    return {
      type: 'transaction',
      where: node.toString(),
      endToEndId: textAt(node, 'OrgnlEndToEndId'),
      paymentInformationId: this.part.id,
      bankReference: textAt(node, 'AcctSvcrRef'),
      ...statusOf(node, 'TxSts'),
    };
  }
}

function statusOf(node: XmlNode, name: string): Status {
  const status = textAt(node, name);
  return { status, outcome: outcomeOf(status), reasons: nodesAt(node, 'StsRsnInf').map(reasonOf) };
}

const outcomeOf = (status: string | null): PaymentOutcome | null =>
  status === null ? null : (OUTCOMES.get(status) ?? 'unknown');

function reasonOf(node: XmlNode): StatusReason {
  const words = nodesAt(node, 'AddtlInf').map(({ text }) => text.trim());
  return { code: textAt(node, 'Rsn/Cd', 'Rsn/Prtry'), text: words.filter((word) => word !== '').join(' ') || null };
}
