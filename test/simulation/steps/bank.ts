import { type Act, type Step } from '../act.js';
import { OUR_MAPPING, type Order, type Seen } from '../bank.js';
import { REVIEWERS, type World } from '../world.js';

const PAYMENTS = (state: string): string => `
  SELECT p.reference, p.end_to_end_id AS "endToEndId", p.amount_pence AS pence FROM payment p JOIN payment_run r ON r.id = p.run_id
   WHERE r.state = 'approved' AND p.state = '${state}' AND p.amount_pence > 0 ORDER BY r.seq, p.authority_code`;

async function seen(world: World): Promise<Seen> {
  const orders = async (sql: string): Promise<Order[]> =>
    (await world.rows<Order>(sql)).map((order) => ({ ...order, pence: Number(order.pence) }));
  return {
    waiting: await orders(PAYMENTS('scheduled')),
    settled: await orders(PAYMENTS('settled')),
    receipts: await orders(
      `SELECT bank_reference AS reference, '' AS "endToEndId", amount_pence AS pence FROM funding_receipt
        WHERE state <> 'reversed' AND source = 'funder' AND matched_pence = 0 ORDER BY id`,
    ),
    owed: await orders(
      `SELECT credit_note_number AS reference, '' AS "endToEndId", amount_pence - taken_pence AS pence FROM adjustment
        WHERE state = 'approved' AND taken_pence < amount_pence ORDER BY id`,
    ),
  };
}

/** The next one; now and then one that was loaded before, or one that came broken. The first CSV needs a mapping first. */
async function load(world: World): Promise<Act> {
  const { dice } = world;
  const [found] = await world.rows<{ last: unknown; mapped: boolean }>(
    `SELECT count(*) AS last, EXISTS (SELECT FROM bank_statement_mapping) AS mapped FROM bank_statement WHERE state <> 'quarantined'`,
  );
  const last = Number(found!.last);
  const { text, type, broken } =
    last > 0 && dice.chance(0.08)
      ? world.bank.again(1 + dice.upTo(last), dice, found!.mapped)
      : world.bank.statement(last + 1, world.today, await seen(world));
  const by = world.who(REVIEWERS);
  if (type === 'text/csv' && !found!.mapped) {
    const headers = { 'if-match': '"v0"' };
    return { name: 'map', by, method: 'PUT', path: '/bank-statement-mappings/our-bank', body: OUR_MAPPING, headers };
  }
  const body = dice.chance(0.04) ? broken(dice) : text;
  return { name: `load ${type}`, by, path: '/bank-statements', body, headers: { 'content-type': type } };
}

interface Line {
  id: string;
  statement: string;
  pence: number;
  words: string;
  left: number;
}

const ofLine = ({ statement, id }: Line, step: string): string => `/bank-statements/${statement}/lines/${id}/${step}`;

/** An open line, or one that lies in suspense, is what somebody thinks it is: mostly right. */
async function match(world: World): Promise<Act | null> {
  const line = await world.one<Line>(
    `SELECT l.id, l.statement_id AS statement, l.amount_pence AS pence, coalesce(l.remittance, '') AS words, l.amount_pence - l.matched_pence AS left
       FROM bank_line l JOIN bank_statement s ON s.id = l.statement_id
      WHERE s.state <> 'quarantined' AND (l.state <> 'matched'
         OR EXISTS (SELECT 1 FROM bank_match m WHERE m.line_id = l.id AND m.kind = 'suspense' AND m.ended_at IS NULL))
      ORDER BY s.id DESC, l.seq DESC LIMIT 8`,
  );
  if (line === null) return null;
  const body = world.dice.chance(0.85) ? await likely(world, line) : await wild(world, line);
  return { name: 'match', by: world.who(REVIEWERS), path: ofLine(line, 'match'), body };
}

const SUSPENSE = { account: 'liabilities:suspense' };

async function likely(world: World, { pence, words }: Line): Promise<object> {
  const amount = Math.abs(Number(pence));
  if (words === 'Charges') return { account: 'expenses:bank charges' };
  if (words === 'Unknown') return SUSPENSE;
  const first = async (sql: string): Promise<string[] | null> => {
    const [row] = await world.rows<{ id: string }>(sql, [amount]);
    return row ? [row.id] : null;
  };
  const payment = (state: string) =>
    first(
      `SELECT p.id FROM payment p JOIN payment_run r ON r.id = p.run_id WHERE r.state = 'approved' AND p.state = '${state}' AND p.amount_pence = $1 ORDER BY r.seq LIMIT 1`,
    );
  if (Number(pence) < 0) {
    const paymentIds = await payment('scheduled');
    return paymentIds ? { paymentIds } : SUSPENSE;
  }
  const receiptIds = await first(
    `SELECT id FROM funding_receipt WHERE state <> 'reversed' AND matched_pence = 0 AND amount_pence = $1 ORDER BY id LIMIT 1`,
  );
  if (receiptIds) return { receiptIds };
  const adjustmentIds = await first(
    `SELECT id FROM adjustment WHERE state = 'approved' AND amount_pence - taken_pence >= $1 ORDER BY id LIMIT 1`,
  );
  if (adjustmentIds) return { adjustmentIds };
  const paymentIds = await payment('settled');
  return paymentIds ? { paymentIds } : SUSPENSE;
}

/** Anything that is there, whether it fits or not. */
async function wild(world: World, { left }: Line): Promise<object> {
  const { dice } = world;
  const some = async (sql: string): Promise<string[]> =>
    (await world.rows<{ id: string }>(sql)).filter(() => dice.chance(0.4)).map(({ id }) => id);
  const kind = dice.upTo(4);
  const table = ['payment', 'funding_receipt', 'adjustment'][kind];
  const ids = table ? await some(`SELECT id FROM ${table} ORDER BY id DESC LIMIT 5`) : [];
  if (ids.length === 0) return { account: dice.pick(['expenses:bank charges', 'liabilities:suspense']) };
  const named = { [['paymentIds', 'receiptIds', 'adjustmentIds'][kind]!]: ids };
  const most = Math.abs(Number(left));
  const amounts = most > 0 && dice.chance(0.6) ? { amounts: [{ id: ids[0], amountPence: 1 + dice.upTo(most) }] } : {};
  return { ...named, ...amounts, ...(dice.chance(0.2) ? SUSPENSE : {}) };
}

async function unmatch(world: World): Promise<Act | null> {
  const line = await world.one<Line>(
    `SELECT l.id, l.statement_id AS statement FROM bank_line l JOIN bank_statement s ON s.id = l.statement_id
      WHERE l.matched_pence <> 0 AND (s.state = 'read' OR $1) ORDER BY s.id DESC, l.seq DESC LIMIT 10`,
    [world.dice.chance(0.1)],
  );
  return (
    line && {
      name: 'unmatch',
      by: world.who(REVIEWERS),
      path: ofLine(line, 'unmatch'),
      body: { reason: 'It was another' },
    }
  );
}

/** Mostly the oldest that is open; what nothing explains goes to suspense, or keeps it open. */
async function close(world: World): Promise<Act | null> {
  const open = await world.rows<{ id: string }>(
    `SELECT id FROM bank_statement WHERE state = 'read' ORDER BY id LIMIT 3`,
  );
  if (open.length === 0) return null;
  const { id } = world.dice.chance(0.8) ? open[0]! : world.dice.pick(open);
  const body = world.dice.chance(0.5) ? { rest: 'suspense' } : {};
  return { name: 'close', by: world.who(REVIEWERS), path: `/bank-statements/${id}/close`, body };
}

async function refuse(world: World): Promise<Act | null> {
  const payment = await world.one<{ id: string }>(
    `SELECT p.id FROM payment p JOIN payment_run r ON r.id = p.run_id
      WHERE p.state = 'scheduled' AND (r.state = 'approved' OR $1) ORDER BY r.seq DESC, p.authority_code LIMIT 6`,
    [world.dice.chance(0.1)],
  );
  return (
    payment && {
      name: 'refuse',
      by: world.who(REVIEWERS),
      path: `/payments/${payment.id}/refuse`,
      body: { reason: 'The bank said no' },
    }
  );
}

/** The bank's report on a run: it refuses one payment, or, by a report on nothing we sent, none. */
async function report(world: World): Promise<Act | null> {
  const payment = await world.one<{ run: string; endToEndId: string }>(
    `SELECT r.number AS run, p.end_to_end_id AS "endToEndId" FROM payment p JOIN payment_run r ON r.id = p.run_id
      WHERE r.state = 'approved' AND p.amount_pence > 0 ORDER BY (p.state = 'scheduled') DESC, r.seq DESC, p.authority_code LIMIT 4`,
  );
  if (payment === null) return null;
  const run = world.dice.chance(0.9) ? payment.run : 'EIP2-PR-9999';
  const body = [
    '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.11"><CstmrPmtStsRpt>',
    `<GrpHdr><MsgId>R${world.dice.upTo(1_000_000)}</MsgId><CreDtTm>2018-05-03T07:15:00</CreDtTm></GrpHdr>`,
    `<OrgnlGrpInfAndSts><OrgnlMsgId>${run}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>`,
    `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${run}-D</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>${payment.endToEndId}</OrgnlEndToEndId>`,
    '<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>',
  ].join('');
  return {
    name: 'report',
    by: world.who(REVIEWERS),
    path: '/payment-status-files',
    body,
    headers: { 'content-type': 'application/xml' },
  };
}

export const BANK_STEPS: readonly Step[] = [
  { name: 'load statement', weight: 3.5, plan: load },
  { name: 'match', weight: 5, plan: match },
  { name: 'unmatch', weight: 1, plan: unmatch },
  { name: 'close', weight: 2, plan: close },
  { name: 'refuse', weight: 0.4, plan: refuse },
  { name: 'report', weight: 0.4, plan: report },
];
