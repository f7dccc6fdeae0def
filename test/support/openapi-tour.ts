import { MTM } from '../../apps/standalone/demo/people.js';
import { API, json, type Ask } from './openapi-tour-ask.js';
import { bank } from './openapi-tour-bank.js';
import { type Service } from './service.js';
import { type Played } from './story.js';

/** The calls that succeed and are no part of the story. */
export async function rest(service: Service, ask: Ask, { stage, results }: Played): Promise<void> {
  await authorities(ask);
  await grants(ask);
  await funding(ask);
  await payments(ask, stage.claim('bristol-visit').id);
  await assurance(ask);
  await users(ask);
  await evidence(ask, stage.claim('suffolk-autumn').id);
  await jobs(service, ask, results.claims.flatMap((claim) => claim.documents)[0]!);
  const spring = stage.claim('suffolk-spring');
  const paymentProof = [{ trainerInvoiceId: spring.trainerInvoices[0]!.id, paidOn: '2018-04-01' }];
  await ask(MTM.finance2, 'POST', `${API}/claims/${spring.id}/findings`, { body: { paymentProof } });
  await ask(MTM.finance2, 'POST', `${API}/claims/${spring.id}/messages`, { body: { text: 'Which day\nis it?' } });
  await ask(MTM.finance2, 'POST', `${API}/claims/${spring.id}/assign`, { body: { userId: null } });
  const { id } = stage.claim('bristol-visit');
  await ask(MTM.auditor, 'GET', `${API}/claims/${id}/timeline`);
  await ask(MTM.auditor, 'GET', `${API}/claims/${id}/messages`);
  for (const kind of ['invoice', 'invoice.xml']) await ask(MTM.auditor, 'GET', `${API}/claims/${id}/${kind}`);
  await ask(MTM.auditor, 'GET', `${API}/programmes/EIP2`);
  for (const report of ['ageing', 'payment-times', 'warnings'])
    await ask(MTM.auditor, 'GET', `${API}/reports/${report}`);
  for (const books of ['trial-balance', 'journal', 'accruals']) await ask(MTM.auditor, 'GET', `${API}/ledger/${books}`);
  await ask('finance@brent.example', 'GET', `${API}/authorities/BRENT/statement-of-account?from=2018-01-01`);
  await ask(MTM.auditor, 'GET', `${API}/audit?chain=BRISTOL&limit=200`);
  await ask('finance@suffolk.example', 'GET', `${API}/claim-imports/template`);
  await ask(MTM.auditor, 'GET', `${API}/claims?hold=true&state=submitted&authority=NORFOLK&dueBy=2018-06-30`);
  await bank(ask);
}

async function authorities(ask: Ask): Promise<void> {
  const email = 'finance@brent.example';
  await ask(email, 'GET', `${API}/authorities`);
  await ask(email, 'GET', `${API}/authorities/BRENT/allocations/moves`);
  const read = await ask(email, 'GET', `${API}/authorities/BRENT`);
  const version = read.headers.get('etag')!;
  const profile = {
    legalName: 'London Borough of Brent',
    addressLines: ['Civic Centre', 'Wembley'],
    postcode: 'HA9 0ZZ',
    contactEmail: email,
    contactPhone: '020 7946 0991',
  };
  await ask(email, 'PUT', `${API}/authorities/BRENT`, { body: profile, headers: { 'if-match': version } });
  const account = { accountName: 'Brent (demo)', sortCode: '00-00-00', accountNumber: '87654321' };
  const before = await ask(email, 'GET', `${API}/authorities/BRENT/bank-details`);
  const seen = { 'if-match': before.headers.get('etag')! };
  await ask(email, 'PUT', `${API}/authorities/BRENT/bank-details`, { body: account, headers: seen });
  const readBack = { sortCode: '00 00 00', accountNumber: '87654321' };
  const called = { calledNumber: '020 7946 0991', spokeTo: 'Finance office (demo)', readBack };
  await ask(MTM.finance, 'POST', `${API}/authorities/BRENT/bank-details/confirm`, { body: called });
}

async function grants(ask: Ask): Promise<void> {
  const email = 'finance@brent.example';
  const at = `${API}/authorities/BRENT/grant`;
  const seen = async () => ({ 'if-match': (await ask(email, 'GET', at)).headers.get('etag')! });
  const receipt = { amountPence: 7_800_000, receivedOn: '2017-10-20', reason: 'A later start' };
  const details = { post: 'combined', receipt, holders: [{ startsOn: '2018-01-01' }] };
  await ask(email, 'PUT', at, { body: details, headers: await seen() });
  const forecast = { forecastPence: 1_100_000, varianceReason: 'A later start' };
  await ask(email, 'PUT', `${at}/quarters/2018-Q1`, { body: forecast, headers: await seen() });
  const spent = { quarter: '2018-Q1', amountPence: 1_000_000, description: 'Salary', incurredOn: '2018-03-28' };
  const { id } = await json<{ id: string }>(await ask(email, 'POST', `${at}/entries`, { body: spent }));
  const less = { ...spent, amountPence: 900_000, replaces: id, reason: 'Typed wrongly' };
  for (let times = 0; times < 2; times++) await ask(email, 'POST', `${at}/entries`, { body: less });
  await ask(email, 'POST', `${at}/entries`, { body: { ...spent, quarter: '2030-Q1' } });
  const template = await (await ask(email, 'GET', `${API}/grant-imports/template`)).text();
  for (const csv of [template, template, 'quarter,amount\r\n']) {
    await ask(email, 'POST', `${at}/imports`, { body: csv, type: 'text/csv' });
  }
  for (const list of ['quarters', 'entries?quarter=2018-Q1', 'statement?year=2017'])
    await ask(MTM.auditor, 'GET', `${at}/${list}`);
  await ask(email, 'GET', at);
}

/** Ends as it began: what was funded is approved again. */
async function funding(ask: Ask): Promise<void> {
  const requests = `${API}/funding-requests`;
  const [asked, reason] = [{ body: {} }, { body: { reason: 'Too early' } }];
  await ask(MTM.finance, 'POST', `${requests}/preview`, asked);
  const given = await json<{ id: string }>(await ask(MTM.finance, 'POST', requests, asked));
  await ask(MTM.finance, 'POST', `${requests}/${given.id}/cancel`, reason);
  const made = await json<{ id: string; totalPence: number }>(await ask(MTM.finance, 'POST', requests, asked));
  await ask(MTM.finance, 'POST', `${requests}/${made.id}/submit`, asked);
  const parts = ['', '/claims', '/schedule', '/schedule.pdf'];
  for (const part of parts) await ask(MTM.auditor, 'GET', `${requests}/${made.id}${part}`);
  await ask(MTM.auditor, 'GET', `${requests}?state=submitted`);
  const receipts = `${API}/funding-receipts`;
  const receipt = {
    receivedOn: '2018-04-01',
    bankReference: 'DFE 1',
    amountPence: made.totalPence,
    fundingRequestId: made.id,
  };
  await ask(MTM.finance, 'POST', `${receipts}/preview`, { body: receipt });
  const { id } = await json<{ id: string }>(await ask(MTM.finance, 'POST', receipts, { body: receipt }));
  for (const path of ['', '/preview']) await ask(MTM.finance, 'POST', `${receipts}${path}`, { body: receipt });
  const evidence = { body: { evidence: 'The bank’s advice' } };
  await ask(MTM.finance, 'POST', `${receipts}/${id}/confirm`, evidence);
  const confirmed = await ask(MTM.finance2, 'POST', `${receipts}/${id}/confirm`, evidence);
  await ask(MTM.auditor, 'GET', `${receipts}/${id}`);
  await ask(MTM.auditor, 'GET', `${receipts}?state=confirmed&fundingRequestId=${made.id}`);
  for (const who of [MTM.auditor, 'finance@brent.example']) await ask(who, 'GET', `${API}/payment-queue?limit=200`);
  const [claimId] = (await json<{ fundedClaimIds: string[] }>(confirmed)).fundedClaimIds;
  await ask(MTM.finance, 'POST', `${API}/claims/${claimId}/unfund`, reason);
  await ask(MTM.finance, 'POST', `${receipts}/${id}/reverse`, reason);
}

/** Pays the two claims of the queue besides `kept`, which is on hold meanwhile. */
async function payments(ask: Ask, kept: string): Promise<void> {
  await ask(MTM.finance, 'POST', `${API}/claims/${kept}/hold`, { body: { reason: 'Paid another time' } });
  const queue = await json<{ items: { claimId: string; amountPence: number }[] }>(
    await ask(MTM.auditor, 'GET', `${API}/payment-queue?limit=200`),
  );
  const [paid, adjusted] = queue.items.filter((item) => item.claimId !== kept);
  const claimIds = { body: { claimIds: [paid!.claimId] } };
  const amountPence = paid!.amountPence + adjusted!.amountPence;
  const money = { amountPence, receivedOn: '2018-04-01', bankReference: 'DFE 2' };
  const receipt = await json<{ id: string }>(
    await ask(MTM.finance, 'POST', `${API}/funding-receipts`, { body: money }),
  );
  const evidence = { body: { evidence: 'The bank’s advice' } };
  await ask(MTM.finance2, 'POST', `${API}/funding-receipts/${receipt.id}/confirm`, evidence);
  const runs = `${API}/payment-runs`;
  for (const path of ['/preview', '']) await ask(MTM.finance2, 'POST', `${runs}${path}`, { body: {} });
  const [first] = (await json<{ items: { id: string }[] }>(await ask(MTM.auditor, 'GET', runs))).items;
  await ask(MTM.finance2, 'POST', `${runs}/${first!.id}/cancel`, { body: { reason: 'Wrong day' } });
  const made = await json<{ id: string }>(await ask(MTM.finance2, 'POST', runs, claimIds));
  // Whoever of the two approved the claim is refused.
  for (const approver of [MTM.approver, MTM.approver2])
    await ask(approver, 'POST', `${runs}/${made.id}/approve`, { body: {} });
  for (const part of ['', '/payments', '/pain001']) await ask(MTM.approver, 'GET', `${runs}/${made.id}${part}`);
  await wholeSetOff(ask, adjusted!.claimId);
  await ask(MTM.finance, 'POST', `${API}/claims/${kept}/release`, { body: {} });
}

/** Takes all of a funded claim back, so that its run pays nothing, asks no bank and settles at once. */
async function wholeSetOff(ask: Ask, claimId: string): Promise<void> {
  const claim = await json<{ trainerInvoices: { lines: { id: string; decision: { decision: string } }[] }[] }>(
    await ask(MTM.auditor, 'GET', `${API}/claims/${claimId}`),
  );
  const standing = claim.trainerInvoices
    .flatMap(({ lines }) => lines)
    .filter(({ decision }) => decision.decision === 'allow');
  const [at, reason] = [`${API}/adjustments`, 'The trainer credited everything'];
  const body = { reason, lines: standing.map(({ id }) => ({ lineId: id })) };
  for (const end of ['cancel', 'approve']) {
    const { id } = await json<{ id: string }>(
      await ask(MTM.finance, 'POST', `${API}/claims/${claimId}/adjustments`, { body }),
    );
    await ask(MTM.finance, 'POST', `${API}/claims/${claimId}/adjustments`, { body });
    const as = end === 'cancel' ? MTM.finance : MTM.approver;
    await ask(as, 'POST', `${at}/${id}/${end}`, { body: end === 'cancel' ? { reason: 'Once more' } : {} });
    await ask(MTM.auditor, 'GET', `${at}/${id}`);
  }
  await ask(MTM.finance, 'POST', `${API}/claims/${claimId}/adjustments`, { body });
  await ask(MTM.auditor, 'GET', `${at}?state=approved&claimId=${claimId}`);
  const runs = `${API}/payment-runs`;
  const run = await json<{ id: string; payments: { id: string }[] }>(
    await ask(MTM.finance2, 'POST', runs, { body: { claimIds: [claimId] } }),
  );
  for (const approver of [MTM.approver, MTM.approver2])
    await ask(approver, 'POST', `${runs}/${run.id}/approve`, { body: {} });
  await ask(MTM.finance, 'GET', `${runs}/${run.id}/pain001`);
  await untilMade(ask, `${API}/payments/${run.payments[0]!.id}/remittance`);
}

/** Documents are made by the worker a moment after they are issued: until then 409. */
async function untilMade(ask: Ask, path: string): Promise<void> {
  while ((await ask(MTM.auditor, 'GET', path)).status === 409) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Draws what the story approved, and checks a claim that the one who checks did not review. */
async function assurance(ask: Ask): Promise<void> {
  const samples = `${API}/assurance-samples`;
  const rule = { from: '2018-01-01', to: '2018-03-31', thresholdPence: 100_000, seed: 'tour' };
  for (const body of [rule, { ...rule, to: '2030-01-01' }, { ...rule, from: '2016-01-01', to: '2016-02-01' }])
    await ask(MTM.finance, 'POST', samples, { body });
  const [first] = (await json<{ items: { id: string }[] }>(await ask(MTM.auditor, 'GET', samples))).items;
  for (const part of ['', '/population']) await ask(MTM.auditor, 'GET', `${samples}/${first!.id}${part}`);
  const items = `${API}/assurance-items`;
  const drawn = await json<{ items: { id: string }[] }>(
    await ask(MTM.auditor, 'GET', `${items}?sampleId=${first!.id}`),
  );
  for (const { id } of drawn.items) {
    await ask(MTM.auditor, 'GET', `${items}/${id}`);
    for (const who of [MTM.finance, MTM.finance2])
      await ask(who, 'POST', `${items}/${id}/outcome`, { body: { outcome: 'passed' } });
  }
}

async function users(ask: Ask): Promise<void> {
  const admin = MTM.administrator;
  const body = { email: 'ada@brent.example', name: 'Ada Demo', organisation: 'BRENT', roles: ['la_manager'] };
  const made = await ask(admin, 'POST', `${API}/users`, { body });
  const { id } = await json<{ id: string }>(made.clone());
  const changed = { email: body.email, name: 'Ada Example', roles: ['la_finance'] };
  const headers = { 'if-match': made.headers.get('etag')! };
  await ask(admin, 'PUT', `${API}/users/${id}`, { body: changed, headers });
  await ask(admin, 'GET', `${API}/users/${id}`);
  const issued = await ask(admin, 'POST', `${API}/users/${id}/tokens`, { body: { label: 'Tour' } });
  await ask(admin, 'GET', `${API}/users/${id}/tokens`);
  const token = await json<{ id: string; token: string }>(issued);
  await ask(null, 'GET', `${API}/me`, { headers: { authorization: `Bearer ${token.token}` } });
  const me = { headers: { authorization: `Bearer ${token.token}`, 'if-match': '*' }, body: { weeklyDigest: true } };
  await ask(null, 'PUT', `${API}/me`, me);
  await ask(admin, 'POST', `${API}/tokens/${token.id}/revoke`);
  await ask(null, 'GET', `${API}/me`, { headers: { authorization: `Bearer ${token.token}` } });
  await ask(admin, 'POST', `${API}/users/${id}/deactivate`);
  await ask(admin, 'POST', `${API}/users/${id}/activate`);
}

async function evidence(ask: Ask, claimId: string): Promise<void> {
  const email = 'manager@suffolk.example';
  const at = `${API}/claims/${claimId}/evidence`;
  const form = new FormData();
  form.append('files', new Blob(['date,amount\r\n2018-03-28,12.00\r\n']), 'two.csv');
  const { items } = await json<{ items: { id: string }[] }>(await ask(email, 'POST', at, { body: form }));
  await ask(email, 'GET', at);
  await ask(email, 'GET', `${at}/${items[0]!.id}`);
  await ask(email, 'POST', `${at}/${items[0]!.id}/remove`, { body: { reason: 'The wrong month' } });
  await ask(email, 'GET', at);
  const odd = new FormData();
  odd.append('files', new Blob([new Uint8Array([1, 2, 3, 0, 5])]), 'odd.bin');
  await ask(email, 'POST', at, { body: odd });
  const large = new FormData();
  large.append('files', new Blob(['%PDF-1.7\n', new Uint8Array(10 * 1024 * 1024 + 10)]), 'large.pdf');
  await ask(email, 'POST', at, { body: large });
}

/** Failures are made in the database: nothing in a sound service fails for good by itself. */
async function jobs(service: Service, ask: Ask, document: { id: string; deliveries: { id: string }[] }): Promise<void> {
  const admin = MTM.administrator;
  const [first, second] = document.deliveries.map((delivery) => delivery.id);
  await service.admin.query(
    `UPDATE delivery SET state = 'failed', sent_at = NULL, last_error = 'made so' WHERE id = $1`,
    [first],
  );
  await service.admin.query(`UPDATE delivery SET state = 'unconfirmed', sent_at = NULL WHERE id = $1`, [second]);
  await ask(admin, 'GET', `${API}/jobs`);
  await ask(admin, 'GET', `${API}/deliveries?state=failed&authority=BRENT`);
  await ask(admin, 'GET', `${API}/deliveries/${first}`);
  await ask(admin, 'POST', `${API}/deliveries/${first}/retry`, { body: { reason: 'The mail server is back.' } });
  await ask(admin, 'POST', `${API}/deliveries/${second}/resend`, { body: {} });
  // The database itself keeps a stored document from ever failing.
  await service.admin.query('SET session_replication_role = replica');
  await service.admin.query(
    `UPDATE document SET state = 'failed', last_error = 'made so', stored_at = NULL, pdf_key = NULL, pdf_sha256 = NULL,
            pdf_size = NULL, xml_key = NULL, xml_sha256 = NULL, xml_size = NULL WHERE id = $1`,
    [document.id],
  );
  await service.admin.query('RESET session_replication_role');
  for (const kind of ['pdf', 'xml']) await ask(admin, 'GET', `${API}/documents/${document.id}/${kind}`);
  await ask(admin, 'POST', `${API}/documents/${document.id}/retry`, { body: {} });
}
