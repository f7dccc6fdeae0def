import { MTM } from '../../apps/standalone/demo/people.js';
import { aCsvMapping, aMadeEntry, aMadeStatement, camtOf, closingOf, csvOf } from '../builders/bank-statement.js';
import { API, json, type Ask } from './openapi-tour-ask.js';

const XML = 'application/xml';
const OUR_ACCOUNT = '00-00-00 12345678';

interface Items<T> {
  items: T[];
}

/** What the bank says: reports on runs, statements read, shown and refused, matched and closed. */
export async function bank(ask: Ask): Promise<void> {
  await mappings(ask);
  await statusFiles(ask);
  await statements(ask);
}

async function mappings(ask: Ask): Promise<void> {
  const at = `${API}/bank-statement-mappings`;
  const body = aCsvMapping({ account: { value: OUR_ACCOUNT } });
  await ask(MTM.finance, 'PUT', `${at}/our-bank`, { body, headers: { 'if-match': '"v0"' } });
  for (const path of ['', '/our-bank']) await ask(MTM.auditor, 'GET', `${at}${path}`);
  const file = csvOf(aMadeStatement(), body);
  const load = { body: file, type: 'text/csv' };
  await ask(MTM.finance, 'POST', `${API}/bank-statements?dryRun=true&mapping=our-bank`, load);
}

async function statusFiles(ask: Ask): Promise<void> {
  const at = `${API}/payment-status-files`;
  const runs = await json<Items<{ id: string; number: string }>>(
    await ask(MTM.auditor, 'GET', `${API}/payment-runs?state=approved`),
  );
  const report = (run: string, status: string): string =>
    `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.11"><CstmrPmtStsRpt><GrpHdr><MsgId>S1</MsgId></GrpHdr>
     <OrgnlGrpInfAndSts><OrgnlMsgId>${run}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>${status}</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>`;
  await ask(MTM.finance, 'POST', at, { body: report(runs.items[0]!.number, 'ACCP'), type: XML });
  const refused = await ask(MTM.finance, 'POST', at, { body: report('EIP2-PR-9999', 'RJCT'), type: XML });
  const { id } = await json<{ id: string }>(refused);
  for (const path of ['', `/${id}`, `/${id}/statuses`, `/${id}/file`]) await ask(MTM.auditor, 'GET', `${at}${path}`);
  const payments = await json<Items<{ id: string }>>(await ask(MTM.auditor, 'GET', `${API}/payments?state=scheduled`));
  await ask(MTM.auditor, 'GET', `${API}/payments/${payments.items[0]!.id}`);
  const body = { reason: 'The bank rang' };
  await ask(MTM.finance, 'POST', `${API}/payments/${payments.items[0]!.id}/refuse`, { body });
}

async function statements(ask: Ask): Promise<void> {
  const at = `${API}/bank-statements`;
  const receipts = await json<Items<{ amountPence: number; bankReference: string }>>(
    await ask(MTM.auditor, 'GET', `${API}/funding-receipts?state=confirmed&limit=200`),
  );
  // The story's own are on its statements already.
  const seen = receipts.items
    .filter(({ bankReference }) => bankReference.startsWith('DFE '))
    .map(({ amountPence, bankReference }) =>
      aMadeEntry({
        amountPence,
        reference: bankReference,
        bankReference,
        endToEndId: bankReference,
        remittance: bankReference,
      }),
    );
  const charge = aMadeEntry({
    amountPence: -500,
    reference: 'CHARGE',
    endToEndId: 'NOTPROVIDED',
    counterparty: 'The bank',
  });
  const before = await json<Items<{ sequence: number; closingPence: number }>>(await ask(MTM.auditor, 'GET', at));
  const { sequence, closingPence } = before.items[0]!;
  const next = { iban: OUR_ACCOUNT, statementId: 'S0004', sequence: sequence + 1, openingPence: closingPence };
  const first = aMadeStatement({ ...next, entries: [...seen, charge] });
  await ask(MTM.finance, 'POST', `${at}?dryRun=true`, { body: camtOf(first), type: XML });
  const loaded = await json<{ id: string }>(await ask(MTM.finance, 'POST', at, { body: camtOf(first), type: XML }));
  const later = aMadeStatement({
    iban: OUR_ACCOUNT,
    statementId: 'S0006',
    sequence: sequence + 3,
    openingPence: closingOf(first) + 1,
    openingOn: '2018-05-09',
  });
  for (const body of [camtOf(first), camtOf(later), 'broken']) await ask(MTM.finance, 'POST', at, { body, type: XML });
  for (const path of ['', `/${loaded.id}`, `/${loaded.id}/lines`, `/${loaded.id}/file`, `/${loaded.id}/report`]) {
    await ask(MTM.auditor, 'GET', `${at}${path}`);
  }
  await ask(MTM.auditor, 'GET', `${at}?state=quarantined`);
  const lines = await json<Items<{ id: string; state: string }>>(
    await ask(MTM.auditor, 'GET', `${at}/${loaded.id}/lines?limit=200`),
  );
  for (const { id } of lines.items.filter(({ state }) => state !== 'matched')) {
    const line = `${at}/${loaded.id}/lines/${id}`;
    await ask(MTM.finance, 'POST', `${line}/match`, { body: { account: 'liabilities:suspense' } });
    await ask(MTM.finance, 'POST', `${line}/unmatch`, { body: { reason: 'It is a charge' } });
    await ask(MTM.finance, 'POST', `${line}/match`, { body: { account: 'expenses:bank charges' } });
  }
  await ask(MTM.finance, 'POST', `${at}/${loaded.id}/close`, { body: {} });
}
