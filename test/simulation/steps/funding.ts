import { type Act, type Step } from '../act.js';
import { AUTHORITIES, REVIEWERS, type World } from '../world.js';

async function request(world: World): Promise<Act> {
  const { dice } = world;
  const kind = dice.upTo(3);
  const named = await world.rows<{ id: string }>(
    `SELECT id FROM claim WHERE state = 'approved' ORDER BY id DESC LIMIT 12`,
  );
  const some = named.filter(() => dice.chance(0.5)).map(({ id }) => id);
  const body =
    kind === 0 || some.length === 0 ? {} : kind === 1 ? { authority: dice.pick(AUTHORITIES) } : { claimIds: some };
  return { name: 'request', by: world.who(REVIEWERS), path: '/funding-requests', body };
}

const ofRequest =
  (name: string, step: string, from: readonly string[], body: object) =>
  async (world: World): Promise<Act | null> => {
    const found = await world.some('funding_request', from);
    return found && { name, by: world.who(REVIEWERS), path: `/funding-requests/${found.id}/${step}`, body };
  };

/** What a request asks for, or a part of it, or what some claims of the queue come to. */
async function receive(world: World): Promise<Act | null> {
  const { dice } = world;
  const asked = dice.chance(0.5)
    ? await world.one<{ id: string; pence: number }>(
        `SELECT id, total_pence AS pence FROM funding_request WHERE state IN ('submitted', 'part_paid') ORDER BY id DESC LIMIT 4`,
      )
    : null;
  const waiting = await world.rows<{ pence: number }>(
    `SELECT approved_pence AS pence FROM claim WHERE state = 'approved' AND held_at IS NULL ORDER BY due_on, submitted_at, id LIMIT $1`,
    [1 + dice.upTo(6)],
  );
  const exactly = Number(asked?.pence ?? waiting.reduce((sum, { pence }) => sum + Number(pence), 0));
  const amountPence = dice.chance(0.6) ? exactly : Math.floor((exactly * (1 + dice.upTo(140))) / 100);
  if (amountPence < 1) return null;
  const bankReference = `DFE ${dice.chance(0.05) ? dice.upTo(3) : dice.upTo(100_000_000)}`;
  const body = {
    amountPence,
    receivedOn: '2018-04-01',
    bankReference,
    ...(asked ? { fundingRequestId: asked.id } : {}),
  };
  return { name: 'receive', by: world.who(REVIEWERS), path: '/funding-receipts', body };
}

const ofReceipt =
  (name: string, from: readonly string[], body: object) =>
  async (world: World): Promise<Act | null> => {
    const found = await world.some('funding_receipt', from);
    return found && { name, by: world.who(REVIEWERS), path: `/funding-receipts/${found.id}/${name}`, body };
  };

async function unfund(world: World): Promise<Act | null> {
  const claim = await world.claim(['funded']);
  return (
    claim && {
      name: 'unfund',
      by: world.who(REVIEWERS),
      path: `/claims/${claim.id}/unfund`,
      body: { reason: 'Taken back' },
    }
  );
}

export const FUNDING_STEPS: readonly Step[] = [
  { name: 'request', weight: 2, plan: request },
  { name: 'ask', weight: 4, plan: ofRequest('ask', 'submit', ['draft'], {}) },
  { name: 'drop request', weight: 0.5, plan: ofRequest('drop request', 'cancel', ['draft'], { reason: 'Not now' }) },
  { name: 'receive', weight: 5, plan: receive },
  { name: 'confirm', weight: 6, plan: ofReceipt('confirm', ['recorded'], { evidence: 'Bank’s advice' }) },
  { name: 'reverse', weight: 0.8, plan: ofReceipt('reverse', ['recorded', 'confirmed'], { reason: 'It never came' }) },
  { name: 'unfund', weight: 0.8, plan: unfund },
];
