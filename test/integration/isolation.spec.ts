import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Service, type Reply } from '../support/service.js';
import { plantDrawnClaim } from './assurance-support.js';
import { bodyOf, findBank, type Route } from './isolation-support.js';
import { Claims, finance, manager, MTM, simpleBody, type Claim, type Items } from './claims-support.js';

/** Brent's words: none of them may reach anybody else. */
const SECRET = 'ZEBRACROSSING';
const OTHERS = [finance('BRISTOL'), manager('BRISTOL')];

let service: Service;
let claims: Claims;
let claim: Claim;
let draft: Claim;
let routes: Route[];
/** What to put for a parameter of an address: Brent's own. */
let brents: Record<string, string>;
let secrets: string[];

beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
  for (const who of OTHERS) await service.token(who);
  claim = await claims.submitted(secretBody());
  draft = await claims.draft(secretBody());
  await addEvidence(claim.id);
  await claims.submitted(simpleBody('BRISTOL'));
  await claims.approved(secretBody());
  const move = { programme: 'EIP2', category: 'targeted', from: 'NORFOLK', days: '1', reason: SECRET };
  expect((await service.post(MTM.coordinator, '/authorities/BRENT/allocations/moves', move)).status).toBe(201);
  brents = await findIds();
  secrets = [SECRET, claim.id, draft.id, claim.invoiceNumber!, ...Object.values(brents)].filter(
    (s) => s !== 'BRENT' && s !== '2018-Q1',
  );
  routes = await readRoutes();
});
afterAll(() => service?.stop());

const secretBody = () => {
  const body = simpleBody('BRENT', { description: SECRET, trainerDays: '0.1', netPence: 10_000 });
  body.trainerInvoices[0]!.trainer.name = `${SECRET} Ltd`;
  return { ...body, purchaseOrder: SECRET, authorityReference: SECRET };
};

async function addEvidence(id: string): Promise<void> {
  const form = new FormData();
  form.append('files', new Blob(['date,amount\n2018-03-28,100\n'], { type: 'text/csv' }), `${SECRET}.csv`);
  const answer = await service.call(finance('BRENT'), 'POST', `/claims/${id}/evidence`, {
    body: form,
    headers: { 'idempotency-key': uuid() },
  });
  expect(answer.status).toBe(201);
}

async function one(sql: string, parameters: unknown[] = []): Promise<string> {
  const { rows } = await service.admin.query<{ id: string }>(sql, parameters);
  return rows[0]!.id;
}

async function findIds(): Promise<Record<string, string>> {
  const documentId = await one(`SELECT id FROM document WHERE claim_id = $1`, [claim.id]);
  const delivery = uuid();
  await service.admin.query(
    `INSERT INTO delivery (id, document_id, authority_code, audience, to_address, message_id, created_at, touched_at)
     VALUES ($1, $2, 'BRENT', 'payer', 'finance@example.com', $3, now(), now())`,
    [delivery, documentId, `<${delivery}@example.com>`],
  );
  return {
    ...(await findFunding()),
    ...(await plantDrawnClaim(service.admin, claim.id, SECRET)),
    claims: claim.id,
    documents: documentId,
    documentId,
    quarter: '2018-Q1',
    evidenceId: await one('SELECT id FROM evidence WHERE claim_id = $1', [claim.id]),
    authorities: 'BRENT',
    deliveries: delivery,
    users: await one(`SELECT id FROM user_account WHERE email = $1`, [finance('BRENT')]),
    tokens: await one(
      `SELECT t.id FROM api_token t JOIN user_account u ON u.id = t.user_id WHERE u.email = $1 LIMIT 1`,
      [finance('BRENT')],
    ),
  };
}

/** MTM's, of a claim of Brent's: no authority has any of it. */
async function findFunding(): Promise<Record<string, string>> {
  const made = async (path: string, body: object) => {
    const answer = await service.post<{ id: string }>(MTM.finance, path, body);
    expect(answer.status).toBe(201);
    return answer.body.id;
  };
  const receipt = { amountPence: 1, receivedOn: '2018-04-01', bankReference: SECRET };
  const [run, payment, advice] = [uuid(), uuid(), uuid()];
  // Behind everybody's back: nothing of Brent's is funded, and a run has to have something to pay.
  await service.admin.query(`SET session_replication_role = replica;
    INSERT INTO payment_run (id, programme_code, number, seq, state, total_pence, payment_count, claim_count, debtor, currency, prepared_by, prepared_at, updated_at)
    VALUES ('${run}', 'EIP2', '${SECRET.slice(0, 20)}', 1, 'prepared', 1, 1, 1, '{}', 'GBP', '${run}', now(), now());
    INSERT INTO payment (id, run_id, authority_code, amount_pence, reference, end_to_end_id, account_version)
    VALUES ('${payment}', '${run}', 'BRENT', 1, '${SECRET}', '${SECRET}', 1);
    INSERT INTO document (id, authority_code, programme_code, kind, number, seq, issued_on, total_pence, model, created_at, touched_at)
    VALUES ('${advice}', 'BRENT', 'EIP2', 'remittance_advice', 'EIP2-BRENT-RA-0001', 1, '2018-04-01', 1, '{}', now(), now());
    INSERT INTO payment_remittance VALUES ('${payment}', 'BRENT', '${advice}');
    SET session_replication_role = origin`);
  return {
    'payment-runs': run,
    payments: payment,
    adjustments: await findAdjustment(),
    'funding-requests': await made('/funding-requests', {}),
    'funding-receipts': await made('/funding-receipts', receipt),
    ...(await findBank(service, SECRET)),
  };
}

/** Brent's own, of its approved claim. */
async function findAdjustment(): Promise<string> {
  const line = await one(
    `SELECT l.id FROM trainer_invoice_line l JOIN claim c ON c.id = l.claim_id WHERE c.authority_code = 'BRENT' AND c.state = 'approved' LIMIT 1`,
  );
  const claimId = await one('SELECT claim_id AS id FROM trainer_invoice_line WHERE id = $1', [line]);
  const body = { reason: SECRET, lines: [{ lineId: line }] };
  const answer = await service.post<{ id: string }>(MTM.finance, `/claims/${claimId}/adjustments`, body);
  expect(answer.status).toBe(201);
  return answer.body.id;
}

async function readRoutes(): Promise<Route[]> {
  const description = await service.call<{
    paths: Record<string, Record<string, { parameters?: { in: string; name: string }[] }>>;
  }>(null, 'GET', '/api/docs-json');
  return Object.entries(description.body.paths)
    .filter(([path]) => path.startsWith('/api/v1/'))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase(),
        path,
        parameters: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!),
      })),
    );
}

/** The address with Brent's own in it, or what is made up: `{id}` is of the collection it follows. */
function addressOf(route: Route, known: Record<string, string>): string {
  return route.path.replace(/([\w-]+)\/\{(\w+)\}/g, (_, collection: string, name: string) => {
    const value = known[name] ?? known[collection];
    if (value === undefined) throw new Error(`Which of Brent's is ${route.path}? Tell the test.`);
    return `${collection}/${value}`;
  });
}

/** Sent as the form or the JSON that the route takes. */
async function send(who: string, route: Route, address: string): Promise<Reply> {
  if (route.path.endsWith('/evidence') && route.method === 'POST') {
    const form = new FormData();
    form.append('files', new Blob(['a,b\n1,2\n'], { type: 'text/csv' }), 'a.csv');
    return service.call(who, 'POST', address, { body: form, headers: { 'idempotency-key': uuid() } });
  }
  const csv = route.path.endsWith('/grant/imports') ? 'quarter,amount,description\n2018-Q1,1,x' : undefined;
  const body = csv ?? bodyOf(route);
  return service.call(who, route.method, address, {
    ...(body === undefined ? {} : { body }),
    headers: {
      'idempotency-key': uuid(),
      ...(route.method === 'PUT' ? { 'if-match': '"v1"' } : {}),
      ...(csv === undefined ? {} : { 'content-type': 'text/csv' }),
    },
  });
}

/** Who may read an address with Brent's in it. */
const ownerOf = (path: string): string =>
  /users|tokens|deliveries/.test(path)
    ? MTM.admin
    : path.endsWith('/pain001')
      ? MTM.finance
      : /funding-|assurance-samples|payment-|bank-statement/.test(path)
        ? MTM.auditor
        : finance('BRENT');

const leaks = (answer: Reply): string[] =>
  secrets.filter((secret) => answer.text.includes(secret) || [...answer.headers.values()].join().includes(secret));

describe('every address of the API with another authority’s id in it', () => {
  const named = () => routes.filter(({ parameters, path }) => parameters.length > 0 && !path.includes('/programmes/'));

  it('is found in the description', () => {
    expect(named().length).toBeGreaterThan(30);
    expect(named().map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/api/v1/claims/{id}/submit', '/api/v1/authorities/{code}/allocations/moves']),
    );
  });

  it('is not there for its finance officer or its manager', async () => {
    const before = await service.admin.query('SELECT count(*)::int AS n FROM audit_entry');
    const wrong: unknown[] = [];
    for (const route of named()) {
      for (const who of OTHERS) {
        const answer = await send(who, route, addressOf(route, brents));
        const code = (answer.body as { code?: string }).code;
        const expected = answer.status === 404 && code === 'not_found' && leaks(answer).length === 0;
        if (!expected) wrong.push([who, route.method, route.path, answer.status, answer.text.slice(0, 200)]);
      }
    }
    expect(wrong).toEqual([]);
    expect((await service.admin.query('SELECT count(*)::int AS n FROM audit_entry')).rows).toEqual(before.rows);
    expect(await claims.read(finance('BRENT'), claim.id)).toMatchObject({ state: 'submitted', version: claim.version });
  });

  it('is told in the same words as what nobody has', async () => {
    const nobodys = Object.fromEntries(
      Object.entries(brents).map(([name, value]) => [name, value === 'BRENT' ? 'NOWHERE' : uuid()]),
    );
    for (const route of named()) {
      const [theirs, none] = [
        await send(OTHERS[0]!, route, addressOf(route, brents)),
        await send(OTHERS[0]!, route, addressOf(route, nobodys)),
      ];
      const said = ({ status, body }: Reply) => [status, body['code'], body['detail'], body['title']];
      expect([route.path, ...said(theirs)]).toEqual([route.path, ...said(none)]);
    }
  });

  it('but is there for its own, so that the answers above say something', async () => {
    const hidden: unknown[] = [];
    for (const route of named().filter(({ method }) => method === 'GET')) {
      const who = ownerOf(route.path);
      const answer = await send(who, route, addressOf(route, brents));
      // The worker is not here to make the documents' files, and there is no "not yet" that would not be the owner's.
      if (
        answer.status !== 200 &&
        !['document_not_ready', 'run_not_approved', 'request_not_submitted'].includes(String(answer.body['code']))
      )
        hidden.push([route.path, answer.status]);
    }
    expect(hidden).toEqual([]);
  });
});

describe('every list', () => {
  /** What these lists tell is for everybody: `GET /authorities` gives code, name and ONS code of all. */
  const lists = () => routes.filter(({ method, parameters }) => method === 'GET' && parameters.length === 0);

  it.each(['application/json', 'text/csv'])('leaves another authority’s out of its %s', async (accept) => {
    expect(lists().length).toBeGreaterThan(5);
    for (const { path } of lists()) {
      for (const who of OTHERS) {
        const answer = await service.get(who, path, { accept });
        expect([path, leaks(answer)]).toEqual([path, []]);
        expect([200, 403, 406]).toContain(answer.status);
      }
    }
  });

  it('stays empty when it is filtered by another authority', async () => {
    for (const query of ['authority=BRENT', `invoiceNumber=${claim.invoiceNumber}`]) {
      for (const who of OTHERS) {
        const answer = await service.get<Items<Claim>>(who, `/claims?${query}`);
        expect([answer.status, answer.body.items]).toEqual([200, []]);
      }
      expect((await service.get<Items<Claim>>(MTM.finance, `/claims?${query}`)).body.items).not.toEqual([]);
    }
  });

  it('shows of another authority its name and nothing else', async () => {
    const answer = await service.get<Items<Record<string, unknown>>>(OTHERS[0]!, '/authorities');
    const brent = answer.body.items.find(({ code }) => code === 'BRENT')!;
    const { code, name, onsCode, ...rest } = brent;
    expect([code, name, onsCode]).toEqual(['BRENT', 'Brent', 'E09000005']);
    expect(Object.values(rest).filter((value) => value !== null)).toEqual([]);
    const own = answer.body.items.find((item) => item['code'] === 'BRISTOL')!;
    expect(own).toMatchObject({ legalName: 'Bristol City Council', bankDetails: { lastFour: expect.any(String) } });
  });
});

describe('what names an authority in its body', () => {
  it('is not there for another', async () => {
    for (const who of OTHERS) {
      for (const path of ['/calculations', '/claims']) {
        const answer = await service.post(who, path, simpleBody('BRENT'));
        expect([path, answer.status, answer.body['code']]).toEqual([path, 404, 'not_found']);
      }
    }
  });

  it('cannot carry one’s own claim over to another', async () => {
    const own = await claims.draft(simpleBody('BRISTOL'));
    const answer = await service.call(finance('BRISTOL'), 'PUT', `/claims/${own.id}`, {
      body: simpleBody('BRENT'),
      headers: { 'if-match': '"v1"' },
    });
    expect(answer.status).toBe(404);
    expect((await claims.read(finance('BRISTOL'), own.id)).authority).toBe('BRISTOL');
  });
});

describe('evidence used before', () => {
  it('is told to an authority of its own claims, and to MTM of all', async () => {
    const there = await claims.draft(simpleBody('LEICS'));
    const file = (id: string, who: string) => {
      const form = new FormData();
      form.append('files', new Blob(['date,amount\n2018-03-28,777\n'], { type: 'text/csv' }), 'a.csv');
      return service.call(who, 'POST', `/claims/${id}/evidence`, {
        body: form,
        headers: { 'idempotency-key': uuid() },
      });
    };
    const mine = await claims.draft(simpleBody('NORFOLK'));
    for (const [id, code] of [
      [there.id, 'LEICS'],
      [mine.id, 'NORFOLK'],
    ] as const) {
      expect((await file(id, finance(code))).status).toBe(201);
    }
    expect(await claims.flags(finance('NORFOLK'), mine.id)).not.toContain('evidence_reused');
    expect(await claims.flags(MTM.finance, mine.id)).toContain('evidence_reused');
    const second = await claims.draft(simpleBody('NORFOLK'));
    expect((await file(second.id, finance('NORFOLK'))).status).toBe(201);
    expect(await claims.flags(finance('NORFOLK'), mine.id)).toContain('evidence_reused');
  });
});
