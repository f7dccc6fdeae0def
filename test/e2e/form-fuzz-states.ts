import { allot, Claims, simpleBody } from '../integration/claims-support.js';
import { type PageIds } from '../support/page-access.js';
import { finance, manager, MTM } from '../support/people.js';
import { type Service } from '../support/service.js';
import { WebVisitor } from '../support/web.js';
import { Accounts, PASSWORD } from '../web/accounts-support.js';
import { formOf, PDF, withInvoice } from '../web/claim-form-support.js';

const idIn = (path: string): string => /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(path)![0];

/**
 * Work that lies open: what the story has finished everywhere, so that pages show the forms of each step. Returns the ids of what
 * was made where no query finds it.
 */
export async function openWork(service: Service): Promise<PageIds[]> {
  await someMailFailed(service);
  await ofMoney(service);
  await ofPeople(service);
  return claimForms(service);
}

/**
 * The story's e-mails all go out; an administrator's forms are about those that did not. Only of those that went out: of one
 * that still waits, the document may not be made yet, and one document was made to have failed.
 */
async function someMailFailed({ admin }: Service): Promise<void> {
  for (const state of ['failed', 'unconfirmed']) {
    const changed = await admin.query(
      `UPDATE delivery SET state = $1, sent_at = NULL, sending_at = created_at, last_error = 'the server went away'
        WHERE id = (SELECT max(y.id::text)::uuid FROM delivery y LEFT JOIN document d ON d.id = y.document_id
                     WHERE y.state = 'sent' AND coalesce(d.state, 'stored') = 'stored')`,
      [state],
    );
    if (changed.rowCount !== 1) throw new Error('no e-mail of the story went out');
  }
}

async function done(answer: Promise<{ status: number; text: string }>): Promise<void> {
  const { status, text } = await answer;
  if (status >= 300) throw new Error(`${status}: ${text.slice(0, 300)}`);
}

async function ofMoney(service: Service): Promise<void> {
  await allot(service, 'BRENT', 'targeted', '90');
  const claims = new Claims(service);
  await claims.submitted(simpleBody('BRENT'));
  await claims.approved(simpleBody('BRENT'));
  await done(service.post(MTM.finance, '/funding-requests', {}));
  await done(service.post(MTM.finance2, '/payment-runs', {}));
  const receipt = { amountPence: 12_345, receivedOn: '2018-04-01', bankReference: 'OPEN 1' };
  await done(service.post(MTM.finance, '/funding-receipts', receipt));
  const { rows } = await service.admin.query<{ claim: string; line: string }>(
    `SELECT l.claim_id AS claim, l.id AS line FROM trainer_invoice_line l JOIN claim c ON c.id = l.claim_id
      WHERE c.state IN ('paid', 'reconciled') AND NOT EXISTS (SELECT FROM adjustment a WHERE a.claim_id = c.id) ORDER BY l.id LIMIT 1`,
  );
  const [{ claim, line }] = rows as [{ claim: string; line: string }];
  const adjustment = { reason: 'The trainer credited it', lines: [{ lineId: line }] };
  await done(service.post(MTM.finance, `/claims/${claim}/adjustments`, adjustment));
  const rule = { from: '2018-01-01', to: '2018-03-31', thresholdPence: 1, seed: 'open' };
  await done(service.post(MTM.finance, '/assurance-samples', rule));
  const path = '/authorities/BRENT/bank-details';
  const read = await service.get(finance('BRENT'), path);
  const account = { accountName: 'Brent (demo)', sortCode: '00-00-00', accountNumber: '87654322' };
  const headers = { 'if-match': read.headers.get('etag')! };
  await done(service.call(finance('BRENT'), 'PUT', path, { body: account, headers }));
}

/** Somebody with a password, and somebody who is signed in elsewhere and has a token. */
async function ofPeople(service: Service): Promise<void> {
  const accounts = new Accounts(service);
  const { rows } = await service.admin.query<{ id: string; email: string }>(
    'SELECT id, email FROM user_account WHERE email = $1',
    [manager('BRENT')],
  );
  const form = await accounts.visitor().open(await accounts.invite(rows[0] as never));
  await form.press('Save the password', { 'New password': PASSWORD });
  await new WebVisitor(service.base).signIn(finance('LINCS'));
  await service.token(finance('LINCS'));
}

async function claimForms(service: Service): Promise<PageIds[]> {
  const visitor = new WebVisitor(service.base);
  await visitor.signIn(finance('BRENT'));
  const whole = await withInvoice(visitor, 'OPEN-1');
  const key = /\/invoices\/([^/?]+)/.exec(whole.path)![1]!;
  const list = await whole.press('Save and continue');
  const evidence = await (await list.follow('Evidence: invoices')).press('Continue to add files');
  const added = await evidence.press(
    'Add these files',
    { 'What they prove': 'A Trainer Ltd, invoice OPEN-1', Description: 'Invoice' },
    { Files: new File([PDF], 'invoice.pdf', { type: 'application/pdf' }) },
  );
  const file = added.links().find(({ text }) => text === 'invoice.pdf')!.href;
  const fileId = idIn(file.slice(file.indexOf('evidence')));
  const { rows } = await service.admin.query<{ claim: string }>(
    'SELECT claim_id AS claim FROM evidence WHERE id = $1',
    [fileId],
  );
  const removed = await withInvoice(visitor, 'OPEN-2');
  const kept = /\/invoices\/([^/?]+)/.exec(removed.path)![1]!;
  const csrf = removed.root.querySelector('input[name=_csrf]')!.getAttribute('value')!;
  await visitor.post(`${formOf(removed)}/invoices/${kept}/remove`, new URLSearchParams({ _csrf: csrf }));
  return [
    [
      [/^\/claim-forms\/:id$/, idIn(formOf(whole))],
      [/\/invoices\/:key$/, key],
      [/\/evidence\/:file$/, fileId],
    ],
    [
      [/^\/claims\/:id$/, rows[0]!.claim],
      [/\/evidence\/:fileId$/, fileId],
    ],
    [[/^\/claim-forms\/:id$/, idIn(formOf(removed))]],
  ];
}
