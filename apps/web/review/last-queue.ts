import type { FastifyRequest } from 'fastify';
import { type ClaimView } from '#claims';
import { addressWith } from '../page/index.js';
import { type Asked, type Pile } from './queue.presenter.js';

/** Keeps how somebody asks for the queue: after a decision they go on where they were. */
export function keepQueue({ session }: FastifyRequest, { pile, who, authority }: Asked): void {
  const asked = { show: pile, who, authority: authority ?? '' };
  const address = addressWith('/queue', asked, {
    ...(who === 'all' && { who: null }),
    ...(authority === undefined && { authority: null }),
  });
  if (session.queue !== address) session.queue = address;
}

/** The part of the queue that a claim is in, as this person last asked for it. */
export function queueOf({ session }: FastifyRequest, { state, hold }: Pick<ClaimView, 'state' | 'hold'>): string {
  const pile: Pile = hold ? 'held' : state === 'reviewed' ? 'approve' : 'review';
  const whole = addressWith('/queue', { show: pile });
  return session.queue?.startsWith(`${whole}&`) ? session.queue : whole;
}
