import type { FastifyReply } from 'fastify';

const nonces = new WeakMap<object, string>();

/** The number that this answer's own scripts carry, so that no script somebody smuggled in runs. */
export const setNonce = (reply: FastifyReply, nonce: string): void => void nonces.set(reply.raw, nonce);

/** Empty for what is no page. */
export const nonceIn = (response: object): string => nonces.get(response) ?? '';
