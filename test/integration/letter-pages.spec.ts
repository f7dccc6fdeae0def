import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseSeed } from '#programme/domain';
import { claimLetter } from '../../libs/claims/documents/claim-letter.js';
import { messageLetter } from '../../libs/claims/messages/message-letter.js';
import { evidenceLetter } from '../../libs/funding/assurance/evidence-letter.js';
import { digestLetter } from '../../libs/funding/clock/digest-letter.js';
import { warningLetter } from '../../libs/funding/clock/warning-letter.js';
import { remittanceLetter } from '../../libs/payments/documents/remittance-letter.js';
import { type RemittanceModel } from '../../libs/payments/documents/remittance-model.js';
import { failedPaymentLetter } from '../../libs/payments/reconciliation/payment-letters.js';
import { aDocument } from '../builders/document.js';
import { pageRoutes } from '../support/page-routes.js';
import { Service } from '../support/service.js';
import { finance, MTM } from './claims-support.js';

const terms = parseSeed(JSON.parse(readFileSync('seeds/eip2.json', 'utf8'))).terms[0]!;
const CLAIM = '01890a5d-ac96-774b-bcce-b302099a8057';
const PAYMENT = '01890a5d-ac96-774b-bcce-b302099a8058';

let service: Service;
beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service?.stop());

/** The page of the letter of the newest notice whose key begins so. */
async function sent(key: string): Promise<string | undefined> {
  const { rows } = await service.admin.query<{ page: string }>(
    `SELECT letter ->> 'page' AS page FROM delivery WHERE notice_key LIKE $1 || '%' ORDER BY id DESC LIMIT 1`,
    [key],
  );
  return rows[0]?.page;
}

/** What a finance officer of Brent puts in another's place at this address. */
async function put(path: string, change: (now: Record<string, unknown>) => object): Promise<void> {
  const { body, headers } = await service.get<Record<string, unknown>>(finance('BRENT'), path);
  const ask = { body: change(body), headers: { 'if-match': headers.get('etag')! } };
  expect((await service.call(finance('BRENT'), 'PUT', path, ask)).status).toBe(200);
}

const claim = (at: number) => ({ claimId: `${CLAIM}${at}`, invoiceNumber: 'X', pence: 1, approvedOn: '2018-03-01' });
const days = { today: '2018-05-18', firstDueOn: '2018-06-02', lastDueOn: '2018-06-02' };
const warning = { programme: 'EIP2', level: '45', count: 0, pence: 0, claims: [], ...days };
const failed = { id: PAYMENT, legalName: 'Brent', reference: 'R', amountPence: 1, currency: 'GBP' };
const advice = (id?: string) =>
  ({
    ...{ number: 'RA', issuedOn: '2018-05-18', currency: 'GBP', programme: { code: 'EIP2', name: 'EIP' } },
    ...{ payer: { shortName: 'MTM', email: 'x@mtm.example' }, authority: { legalName: 'Brent' }, account: null },
    payment: { ...(id === undefined ? {} : { id }), reference: 'R', runNumber: 'P', bookedOn: null },
    ...{ claims: [], setOffs: [], totalPence: 0 },
  }) as unknown as RemittanceModel;

/** Every letter, by the file it is written in, with the page it leads to. */
const LETTERS: Readonly<Record<string, () => Promise<Record<string, string | undefined>>>> = {
  'claims/documents/claim-letter.ts': async () => {
    const model = aDocument();
    expect(claimLetter(model, 'authority').page).toBe(claimLetter(model, 'payer').page);
    return { [`/claims/${model.references.claimId}`]: claimLetter(model, 'payer').page };
  },
  'claims/messages/message-letter.ts': async () => {
    const message = { text: 'Hello', from: 'MTM', claimId: CLAIM, claimName: 'X' };
    return { [`/claims/${CLAIM}#messages`]: messageLetter(message, terms).page };
  },
  'funding/assurance/evidence-letter.ts': async () => ({
    [`/claims/${CLAIM}1/evidence`]: evidenceLetter({ name: 'Brent' }, [claim(1)], terms).page,
    '/assurance/asked': evidenceLetter({ name: 'Brent' }, [claim(1), claim(2)], terms).page,
  }),
  'funding/clock/digest-letter.ts': async () => ({
    '/': digestLetter({ monday: '2018-05-14', today: '2018-05-15', authority: null, parts: [] }).page,
  }),
  'funding/clock/warning-letter.ts': async () => ({
    '/reports/warnings?on=2018-05-18&level=45&programme=EIP2': warningLetter(warning, terms).page,
  }),
  'identity/account-notices.ts': async () => {
    const { body } = await service.get<{ items: { id: string; email: string }[] }>(MTM.admin, '/users?limit=200');
    const user = body.items.find(({ email }) => email === finance('BRENT'))!;
    expect((await service.post(MTM.admin, `/users/${user.id}/tokens`, { label: 'test' })).status).toBe(201);
    return { '/account': await sent('token-issued:') };
  },
  'payments/documents/remittance-letter.ts': async () => ({
    [`/payments-to-us/${PAYMENT}`]: remittanceLetter(advice(PAYMENT)).page,
    '/payments-to-us': remittanceLetter(advice()).page,
  }),
  'payments/reconciliation/payment-letters.ts': async () => ({
    [`/payments-to-us/${PAYMENT}`]: failedPaymentLetter(failed, 'refused', new Date(0)).page,
  }),
  'programme/changed-letter.ts': async () => {
    const account = { accountName: 'Brent', sortCode: '00-00-01', accountNumber: '55554321' };
    await put('/authorities/BRENT/bank-details', () => account);
    await put('/authorities/BRENT', (now) => {
      const { legalName, addressLines, postcode } = now;
      return { legalName, addressLines, postcode, contactEmail: 'another@brent.example' };
    });
    return {
      '/bank-details/BRENT': await sent('bank-details:BRENT:'),
      '/authorities/BRENT': await sent('contact-changed:BRENT:'),
    };
  },
};

describe('every e-mail', () => {
  it('is named here with the page it leads to', () => {
    const written = readdirSync('libs', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
      .filter((path) => /^\s+replyTo: .*,\n\s+(\/\/.*\n\s+)?page\b/m.test(readFileSync(`libs/${path}`, 'utf8')));
    expect(written.sort()).toEqual(Object.keys(LETTERS).sort());
  });

  it.each(Object.keys(LETTERS))('leads to the page it speaks of: %s', async (file) => {
    const pages = await LETTERS[file]!();
    expect(Object.values(pages)).toEqual(Object.keys(pages));
    const patterns = pageRoutes()
      .filter(({ method }) => method === 'GET')
      .map(({ path }) => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`));
    for (const page of Object.keys(pages)) {
      const [path = ''] = page.split(/[?#]/);
      expect([page, patterns.some((pattern) => pattern.test(path))]).toEqual([page, true]);
    }
  });
});
