import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCsvMapping, camtOf, csvOf } from '../builders/bank-statement.js';
import { OUR_ACCOUNT, ours } from '../integration/bank-statements-support.js';
import { Bank } from '../integration/reconciliation-support.js';
import { finance, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { type WebVisitor } from '../support/web.js';
import { count, looked, OwnAccount, signedIn, xml } from './bank-visitor.js';

let service: Service;
let bank: Bank;
let ada: WebVisitor;
const account = new OwnAccount();
beforeAll(async () => {
  service = await Service.start({ web: true });
  bank = new Bank(service);
  ada = await signedIn(service, MTM.finance);
});
afterAll(() => service?.stop());

const EXPIRED =
  'This form was opened before you signed in, or too long ago. Go back, load the page again, and send it once more.';
/** Every file there is in the storage. */
const stored = async (): Promise<string[]> =>
  (await readdir(join(service.dataDir, 'storage'), { recursive: true })).sort();

describe('files that are no statement of ours', () => {
  it('are told of before they are loaded, and lie in quarantine with the reason', async () => {
    const broken = camtOf(ours({ openingPence: 1 })).replace('</Document>', '');
    const shown = await looked(ada, xml(broken, 'broken <b>.xml'));
    expect(shown.text).toContain('This file cannot be read as it is, so none of it would be recorded.');
    expect(shown.text).toContain('broken <b>.xml');
    const before = await count(service, 'bank_line');
    const kept = await shown.press('Keep it in quarantine');
    expect(kept.notice).toContain('The file is in quarantine');
    expect(kept.text).toContain('In quarantine');
    expect(kept.text).toMatch(/Where: line \d+/);
    expect(await count(service, 'bank_line')).toBe(before);
    const list = await ada.open('/bank?state=quarantined');
    expect(list.rows()).toHaveLength(1);
    expect((await ada.open('/bank/load/check')).heading).toBe('What the file holds');
    const other = await looked(ada, xml(camtOf(ours({ iban: 'GB33BUKB20201555555555' }))));
    expect(other.text).toContain('Not an account of the programme');
  });

  it('are asked for again: no file, no kind, no token, too large a name', async () => {
    const page = await ada.open('/bank/load');
    const none = await page.press('See what it holds', { 'XML (camt.053)': true }, { File: new File([], '') });
    expect([none.status, none.errors]).toEqual([400, ['Choose the file the bank gave you.']]);
    const before = await stored();
    const form = new FormData();
    form.append('kind', 'camt053');
    form.append('file', xml('<a/>'));
    const untold = await ada.post('/bank/load', form);
    expect([untold.status, untold.text]).toEqual([403, expect.stringContaining(EXPIRED)]);
    const csrf = page.root.querySelector('main input[name=_csrf]')!.getAttribute('value')!;
    const late = new FormData();
    late.append('file', xml('<a/>'));
    late.append('_csrf', csrf);
    expect((await ada.post('/bank/load', late)).text).toContain(EXPIRED);
    expect(await stored()).toEqual(before);
    const strange = new FormData();
    strange.append('_csrf', csrf);
    strange.append('kind', 'pdf');
    strange.append('file', xml('<a/>'));
    const answer = await ada.post('/bank/load', strange);
    expect([answer.status, answer.errors]).toEqual([400, ['Choose what kind of file it is.']]);
    const other = await signedIn(service, MTM.finance2);
    expect((await other.open('/bank/load/check')).status).toBe(404);
  });

  it('are read as CSV by a mapping that is saved on a page', async () => {
    const page = await (await ada.open('/bank/mappings')).follow('Save a mapping');
    const wrong = await page.press('Save this mapping', { 'Name of the mapping': 'Our bank', Day: 'Date' });
    expect(wrong.errors).toEqual(['Enter a name of small letters, digits and hyphens, such as our-bank.']);
    expect(wrong.value('Day')).toBe('Date');
    const mapping = aCsvMapping({ account: { value: OUR_ACCOUNT } });
    const columns = mapping.columns as unknown as Record<string, string>;
    const missing = await wrong.press('Save this mapping', { 'Name of the mapping': 'our-bank' });
    expect(missing.status).toBe(400);
    for (const link of missing.root.querySelectorAll('.govuk-error-summary__list a')) {
      const id = link.getAttribute('href')!.slice(1);
      expect([id, missing.root.querySelector(`#${id}`)?.getAttribute('aria-describedby')]).toEqual([
        id,
        expect.stringContaining(`${id}-error`),
      ]);
    }
    const fields: Record<string, string> = {
      'columns.bookedOn': columns['bookedOn']!,
      'columns.amount': columns['amount'] ?? '',
      'columns.debit': columns['debit'] ?? '',
      'columns.credit': columns['credit'] ?? '',
      'columns.balance': columns['balance']!,
      'columns.reference': columns['reference'] ?? '',
      'columns.counterparty': columns['counterparty'] ?? '',
      'account.value': OUR_ACCOUNT,
      'currency.column': 'column' in mapping.currency ? mapping.currency.column : '',
      'currency.value': 'value' in mapping.currency ? mapping.currency.value : '',
      ...{ name: 'our-bank', decimal: mapping.decimal, dateFormat: mapping.dateFormat, order: mapping.order },
      delimiter: { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' }[mapping.delimiter],
    };
    const hidden = (name: string) => missing.root.querySelector(`main input[name=${name}]`)!.getAttribute('value')!;
    const body = new URLSearchParams({ ...fields, _csrf: hidden('_csrf'), _key: hidden('_key') });
    const saved = await ada.post('/bank/mappings/new', body);
    expect([saved.status, saved.notice]).toEqual([200, expect.stringContaining('“our-bank” is saved')]);
    const again = await saved.follow('our-bank');
    expect(again.value('Day')).toBe(columns['bookedOn']);
    const renamed = await again.press('Save this mapping', { 'Who paid or was paid (optional)': '' });
    expect(renamed.notice).toContain('is saved');
    const taken = new URLSearchParams({ ...fields, _csrf: hidden('_csrf') });
    expect((await ada.post('/bank/mappings/new', taken)).errors).toEqual([
      'There is a mapping of this name already. Choose another name.',
    ]);
    const csv = new File([csvOf(account.next({ amountPence: -100, remittance: 'CHARGE' }), mapping)], 'april.csv');
    const shown = await looked(ada, csv, 'CSV, by the mapping “our-bank”');
    expect(shown.text).toContain('Loading it records 1 statement with 1 line');
    const lines = (await shown.follow('Download all lines as CSV')).html.trim().split('\r\n');
    expect(lines).toEqual([expect.stringContaining('statement,seq,bookedOn'), expect.stringContaining(',-100,GBP,')]);
    expect((await shown.follow('Download the statements as CSV')).html.trim().split('\r\n')).toHaveLength(2);
  });
});

describe('the bank’s report on a run', () => {
  it('is looked at before it refuses payments', async () => {
    const [payment] = await bank.scheduled(['BRENT', 3_000]);
    const { rows } = await service.admin.query<{ number: string }>(
      'SELECT r.number FROM payment_run r JOIN payment p ON p.run_id = r.id WHERE p.id = $1',
      [payment!.id],
    );
    const file = `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
      <GrpHdr><MsgId>WEB1</MsgId><CreDtTm>2018-05-03T07:15:00</CreDtTm></GrpHdr>
      <OrgnlGrpInfAndSts><OrgnlMsgId>${rows[0]!.number}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>
      <OrgnlPmtInfAndSts><OrgnlPmtInfId>${rows[0]!.number}-D</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>${payment!.endToEndId}</OrgnlEndToEndId>
      <TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`;
    const start = await (await ada.open('/bank/reports')).follow('Load a report');
    const shown = await start.press('See what it changes', {}, { File: xml(file, 'status.xml') });
    expect(shown.text).toContain(`It is about run ${rows[0]!.number}. Loading it records 1 payment as refused.`);
    expect(shown.rows()).toEqual([
      [
        payment!.endToEndId,
        expect.stringMatching(/^Refused\s*RJCT, AC04$/),
        expect.stringContaining('Would be recorded as refused'),
      ],
    ]);
    const told = (await shown.follow('Download as CSV')).html.trim().split('\r\n');
    expect(told.slice(1)).toEqual([`${payment!.endToEndId},RJCT,rejected,AC04,applied,${payment!.id}`]);
    expect((await bank.payment(payment!.id)).state).toBe('scheduled');
    const done = await shown.press('Load this report');
    expect(done.notice).toContain('is loaded: 1 payment refused');
    expect(await bank.stateOf(payment!)).toEqual(['refused', 'funded']);
    const wrong = await start.press(
      'See what it changes',
      {},
      { File: xml(file.replaceAll(rows[0]!.number, 'EIP2-PR-0999'), 'x.xml') },
    );
    expect(wrong.text).toContain('so nothing would change');
    const kept = await wrong.press('Keep it in quarantine');
    expect(kept.text).toContain('It is in quarantine and changed nothing.');
  });
});

describe('who may', () => {
  it('look at statements, and change them', async () => {
    const auditor = await signedIn(service, MTM.auditor);
    const list = await auditor.open('/bank');
    expect(list.text).not.toContain('Load a statement');
    const statement = await auditor.open(list.root.querySelector('tbody a')!.getAttribute('href')!);
    expect(statement.status).toBe(200);
    expect(statement.text).not.toContain('Match to this');
    expect((await auditor.open('/bank/load')).status).toBe(403);
    const officer = await signedIn(service, finance('BRENT'));
    for (const path of ['/bank', '/bank/reports', '/bank/mappings', '/bank/load']) {
      expect([path, (await officer.open(path)).status]).toEqual([path, 403]);
    }
    expect((await officer.open(statement.path)).status).toBe(404);
  });
});
