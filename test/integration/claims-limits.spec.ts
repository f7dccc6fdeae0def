import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { training, travel } from '../builders/claim-body.js';
import { Service } from '../support/service.js';
import { Claims, finance, MTM, refusal, simpleBody, type Claim } from './claims-support.js';

const BRENT = finance('BRENT');
let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service?.stop());

type Json = ReturnType<typeof JSON.parse>;
/** A right body with something changed in it. */
const body = (change: (body: Json) => void): Json => {
  const right: Json = structuredClone(simpleBody('BRENT'));
  change(right);
  return right;
};
const line = (change: object) => body((b) => Object.assign(b.trainerInvoices[0].lines[0], change));
const calculate = (sent: unknown) => service.post<Claim['calculation']>(BRENT, '/calculations', sent);

describe('limits', () => {
  const text = (length: number) => 'x'.repeat(length);
  const days = (count: number) => Array.from({ length: count }, () => '2018-03-12');
  const lines = (count: number) =>
    Array.from({ length: count }, () => training({ trainerDays: '0.01', netPence: 100 }));
  const invoices = (count: number) =>
    body((b) => {
      const [one] = b.trainerInvoices;
      b.trainerInvoices = Array.from({ length: count }, (_, at) => ({ ...one, number: `N-${at}` }));
    });

  it.each([
    ['50 trainer invoices', () => invoices(50), 200],
    ['51 trainer invoices', () => invoices(51), 400],
    ['no trainer invoice', () => invoices(0), 400],
    ['200 lines', () => body((b) => (b.trainerInvoices[0].lines = lines(200))), 200],
    ['201 lines', () => body((b) => (b.trainerInvoices[0].lines = lines(201))), 400],
    ['no line', () => body((b) => (b.trainerInvoices[0].lines = [])), 400],
    ['100 delivery days', () => line({ deliveredOn: days(100) }), 200],
    ['101 delivery days', () => line({ deliveredOn: days(101) }), 400],
    ['no delivery day', () => line({ deliveredOn: [] }), 400],
    ['1 penny', () => line({ netPence: 1, vatPence: 0 }), 200],
    ['nothing', () => line({ netPence: 0 }), 400],
    ['£100,000', () => line({ netPence: 10_000_000, vatPence: 2_000_000 }), 200],
    ['£100,000.01', () => line({ netPence: 10_000_001 }), 400],
    ['0.001 trainer-days', () => line({ trainerDays: '0.001' }), 200],
    ['0 trainer-days', () => line({ trainerDays: '0' }), 400],
    ['100 trainer-days', () => line({ trainerDays: '100' }), 200],
    ['100.001 trainer-days', () => line({ trainerDays: '100.001' }), 400],
    ['500 characters', () => line({ description: text(500) }), 200],
    ['501 characters', () => line({ description: text(501) }), 400],
    ['500 letters of four bytes', () => line({ description: '\u{10437}'.repeat(500) }), 200],
    ['a reference of 50', () => body((b) => (b.purchaseOrder = text(50))), 200],
    ['a reference of 51', () => body((b) => (b.purchaseOrder = text(51))), 400],
  ] as const)('%s', async (_, sent, status) => {
    const answer = await calculate(sent());
    expect([answer.status, answer.status === 400 ? (answer.body as Json).code : '']).toEqual([
      status,
      status === 400 ? 'malformed' : '',
    ]);
  });

  it('and a claim of 50 × 200 lines is calculated, whatever it weighs', async () => {
    const whole = body((b) => {
      const [one] = b.trainerInvoices;
      const line = training({ trainerDays: '0.001', netPence: 100, deliveredOn: days(5), description: text(300) });
      b.trainerInvoices = Array.from({ length: 50 }, (_, at) => ({
        ...one,
        number: `${text(490)}${at}`,
        lines: Array.from({ length: 200 }, () => line),
      }));
    });
    expect(JSON.stringify(whole).length).toBeGreaterThan(5_000_000);
    const answer = await calculate(whole);
    expect([answer.status, answer.body.totalPence]).toEqual([200, 500_000]);
  });

  it('and a large claim is saved, read and submitted', async () => {
    const whole = body((b) => {
      const [one] = b.trainerInvoices;
      b.trainerInvoices = Array.from({ length: 50 }, (_, at) => ({
        ...one,
        number: `BIG-${at}`,
        lines: Array.from({ length: 40 }, () =>
          training({ trainerDays: '0.001', netPence: 100, deliveredOn: days(3) }),
        ),
      }));
    });
    const claim = await claims.draft(whole);
    expect(claim.trainerInvoices.flatMap((invoice) => invoice.lines)).toHaveLength(2000);
    const submitted = await claims.step(BRENT, claim.id, 'submit');
    expect(submitted.totalPence).toBe(100_000);
    await claims.step(BRENT, claim.id, 'withdraw');
  });
});

describe('what is malformed says where', () => {
  it.each([
    ['a float', () => line({ netPence: 100.5 }), 'trainerInvoices[0].lines[0].netPence', 'not_pence'],
    ['pence as text', () => line({ netPence: '100' }), 'trainerInvoices[0].lines[0].netPence', 'not_pence'],
    ['beyond safe integers', () => line({ netPence: 2 ** 53 }), 'trainerInvoices[0].lines[0].netPence', 'not_pence'],
    ['days as a number', () => line({ trainerDays: 1 }), 'trainerInvoices[0].lines[0].trainerDays', 'not_days'],
    ['four places', () => line({ trainerDays: '1.0001' }), 'trainerInvoices[0].lines[0].trainerDays', 'not_days'],
    ['30 February', () => line({ bookedOn: '2018-02-30' }), 'trainerInvoices[0].lines[0].bookedOn', 'not_a_date'],
    [
      'an instant',
      () => line({ bookedOn: '2018-01-10T00:00:00Z' }),
      'trainerInvoices[0].lines[0].bookedOn',
      'not_a_date',
    ],
    [
      'a control character',
      () => line({ description: 'a\u0007b' }),
      'trainerInvoices[0].lines[0].description',
      'control_character',
    ],
    ['NUL', () => line({ description: 'a\u0000b' }), 'trainerInvoices[0].lines[0].description', 'control_character'],
    [
      'a line break',
      () => line({ description: 'a\nb' }),
      'trainerInvoices[0].lines[0].description',
      'control_character',
    ],
    [
      'half a surrogate',
      () => line({ description: 'a\ud800b' }),
      'trainerInvoices[0].lines[0].description',
      'not_text',
    ],
    ['only spaces', () => line({ description: '   ' }), 'trainerInvoices[0].lines[0].description', 'blank'],
    ['another kind', () => line({ kind: 'hotel' }), 'trainerInvoices[0].lines[0].kind', 'not_one_of'],
    ['a field nobody knows', () => line({ discount: 1 }), 'trainerInvoices[0].lines[0].discount', 'unknown_field'],
    ['a state of one’s own', () => body((b) => (b.state = 'approved')), 'state', 'unknown_field'],
    ['a total of one’s own', () => body((b) => (b.totalPence = 1)), 'totalPence', 'unknown_field'],
    [
      'travel with days',
      () => body((b) => (b.trainerInvoices[0].lines = [{ ...travel(100), trainerDays: '1' }])),
      'trainerInvoices[0].lines[0].trainerDays',
      'unknown_field',
    ],
    [
      'training without',
      () => body((b) => delete b.trainerInvoices[0].lines[0].trainerDays),
      'trainerInvoices[0].lines[0].trainerDays',
      'required',
    ],
    [
      'a trainer as text',
      () => body((b) => (b.trainerInvoices[0].trainer = 'A Trainer')),
      'trainerInvoices[0].trainer',
      'not_an_object',
    ],
    ['invoices as an object', () => body((b) => (b.trainerInvoices = {})), 'trainerInvoices', 'not_a_list'],
    ['lists in lists', () => body((b) => (b.trainerInvoices = [[]])), 'trainerInvoices[0]', 'not_an_object'],
    [
      'no category the programme has',
      () => line({ category: 'gold' }),
      'trainerInvoices[0].lines[0].category',
      'unknown_category',
    ],
    [
      'travel as a category of training',
      () => line({ category: 'travel' }),
      'trainerInvoices[0].lines[0].category',
      'unknown_category',
    ],
  ] as const)('%s', async (_, sent, path, code) => {
    for (const address of ['/calculations', '/claims']) {
      const answer = await service.post(BRENT, address, sent());
      expect([answer.status, (answer.body['errors'] as Json)[0]]).toMatchObject([400, { path, code }]);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
  });
});

describe('hostile requests', () => {
  const raw = (sent: string | Buffer, headers: Record<string, string> = {}): Promise<number> =>
    new Promise((done, failed) => {
      const target = new URL(`${service.base}/api/v1/claims`);
      void service.token(BRENT).then((token) => {
        const call = request(target, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        });
        call.on('response', (answer) => {
          answer.resume();
          done(answer.statusCode ?? 0);
        });
        call.on('error', failed);
        call.end(sent);
      });
    });
  const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

  it.each([
    ['no JSON', '{', [400]],
    ['nothing', '', [400]],
    ['an array', '[]', [400]],
    ['a number', '1', [400]],
    ['null', 'null', [400]],
    ['objects 100,000 deep', deep(100_000), [400, 413]],
    ['lists 100,000 deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, [400, 413]],
    ['__proto__', '{"__proto__":{"programme":"EIP2"}}', [400]],
    ['constructor.prototype', '{"constructor":{"prototype":{"x":1}}}', [400]],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), [400]],
    ['far too much', `{"programme":"${'x'.repeat(60_000_000)}"}`, [413]],
  ] as const)('%s', async (_, sent, expected) => {
    const status = await raw(sent).catch((error: NodeJS.ErrnoException) => error.code);
    // A server may also hang up on a body that is too large before it was read.
    expect([...expected, ...(sent.length > 1_000_000 ? ['EPIPE', 'ECONNRESET'] : [])]).toContain(status);
  });

  it('of a type that is none', async () => {
    expect(await raw('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).toBe(415);
  });

  it.each([
    '/claims/x',
    '/claims/%00',
    '/claims/%ff',
    "/claims/';DROP%20TABLE%20claim;--",
    '/claims/00000000-0000-0000-0000-000000000000',
    '/authorities/%00',
    '/authorities/brent',
    '/authorities/BRENT%20/allocations',
    '/programmes/EIP2%00',
    '/documents/x/pdf',
  ])('%s names nothing', async (path) => {
    expect([400, 404]).toContain((await service.get(BRENT, path)).status);
  });

  it.each([
    'limit=0',
    'limit=201',
    'limit=1.5',
    'limit=x',
    'limit=',
    'limit=1&limit=2',
    'cursor=x',
    'cursor=',
    'cursor=W10',
    `cursor=${Buffer.from('["x"]').toString('base64url')}`,
    `cursor=${Buffer.from('[1]').toString('base64url')}`,
    'colour=red',
    'state=lost',
    'state=draft&state=submitted',
    'authority=brent',
    'hold=maybe',
    'dueBy=tomorrow',
    'invoiceNumber=%00',
    'state[]=draft',
    'id=1',
  ])('a list with ?%s is malformed', async (query) => {
    const answer = await service.get(BRENT, `/claims?${query}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      400,
      expect.stringContaining('application/problem+json'),
    ]);
  });

  it('a step with more in its body than it takes', async () => {
    const claim = await claims.draft(simpleBody('BRENT'));
    for (const [who, step, sent] of [
      [BRENT, 'submit', { force: true }],
      [BRENT, 'withdraw', { reason: 'a\u0000' }],
      [BRENT, 'withdraw', { reason: 'x'.repeat(501) }],
      [MTM.finance, 'return', {}],
      [MTM.finance, 'return', { reason: '' }],
      [MTM.approver, 'reject', { reason: 5 }],
      [MTM.approver, 'approve', { approvedPence: 1 }],
      [MTM.finance, 'review', { lines: [{ lineId: 'x', decision: 'allow' }] }],
      [MTM.finance, 'review', { lines: [{ lineId: uuid(), decision: 'perhaps' }] }],
      [MTM.finance, 'review', { lines: [{ lineId: uuid(), decision: 'disallow' }] }],
      [MTM.finance, 'review', { paymentProof: [{ trainerInvoiceId: uuid(), paidOn: 'x' }] }],
    ] as const) {
      expect([step, sent, refusal(await claims.tryStep(who, claim.id, step, sent)).slice(0, 2)]).toEqual([
        step,
        sent,
        [400, 'malformed'],
      ]);
    }
    expect((await claims.read(BRENT, claim.id)).version).toBe(1);
  });

  it('a review of lines and invoices that are not in the claim, or named twice', async () => {
    const claim = await claims.submitted(simpleBody('BRENT', { trainerDays: '0.1', netPence: 10_000 }));
    const other = await claims.submitted(simpleBody('BRENT', { trainerDays: '0.1', netPence: 10_000 }));
    const [lineId, foreign] = [claim, other].map((item) => item.trainerInvoices[0]!.lines[0]!.id);
    const twice = { lineId, decision: 'allow' };
    for (const [sent, code] of [
      [{ lines: [{ lineId: foreign, decision: 'allow' }] }, 'not_one_of'],
      [{ lines: [twice, twice] }, 'repeated'],
      [{ paymentProof: [{ trainerInvoiceId: other.trainerInvoices[0]!.id, paidOn: '2018-03-01' }] }, 'not_one_of'],
      [{ distinct: [{ trainerInvoiceId: lineId, note: 'x' }] }, 'not_one_of'],
    ] as const) {
      expect(refusal(await claims.tryStep(MTM.finance, claim.id, 'review', sent))).toEqual([400, 'malformed', code]);
    }
    const stale = await claims.tryStep(
      MTM.finance,
      claim.id,
      'review',
      { lines: [{ lineId: foreign, decision: 'allow' }] },
      { 'if-match': '"v1"' },
    );
    expect(refusal(stale)).toEqual([412, 'version_stale']);
  });
});
