import type { FastifyReply, FastifyRequest } from 'fastify';
import { type SignInStep } from '#identity';
import { halfSignIn, redirect, signIn, type Redirect } from '../page/index.js';
import { safeNext } from './sign-in.presenter.js';

/** Where a person is after the right password or a link: signed in, or at their second factor. */
export async function goOn(request: FastifyRequest, step: SignInStep): Promise<Redirect> {
  if (step.state === 'signed_in') {
    await signIn(request, step.userId, 'password');
    return goWhereWanted(request);
  }
  await halfSignIn(request, { userId: step.userId, step: step.state });
  return redirect(step.state === 'enrol' ? '/sign-in/second-factor' : '/sign-in/code');
}

/** To what the person had typed before, else to where they were going before they were asked who they are. */
export function goWhereWanted(request: FastifyRequest): Redirect {
  const next = safeNext(request.session.next);
  delete request.session.next;
  return redirect(request.session.kept ? '/carry-on' : next);
}

/** Says by the protocol, too, how long an account is locked. */
export function sayWhenAgain(reply: FastifyReply, refused: { code: string; retryAfterSeconds: number }): void {
  if (refused.code === 'locked') void reply.header('retry-after', String(refused.retryAfterSeconds));
}

/** 429 for a locked account, 400 for what can be corrected. */
export const statusOf = (refused: { code: string }): number => (refused.code === 'locked' ? 429 : 400);
