import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppConfig } from '#platform/config';
import { callerAddress, limitPerMinute } from '#platform/http';

type Limits = AppConfig['pageLimits'];
type Count = (request: FastifyRequest) => Promise<void>;

/** Where a password, a code or the token of a link can be guessed. The demonstration's sign-in asks for none. */
const GUESSABLE = /^\/(sign-in|invitation|reset)(?!\/demo)(\/|\?|$)/;
const isGuess = ({ method, url }: FastifyRequest): boolean =>
  GUESSABLE.test(url) && (method !== 'GET' || !/^\/sign-in(\?|$)/.test(url));

/** Adds a hook that asks `make` for its counters with the first request: the plugin they need is registered by then. */
function onEachPage(instance: FastifyInstance, isPage: (url: string) => boolean, make: () => Count): void {
  let count: Count | undefined;
  instance.addHook('onRequest', async (request) => {
    if (isPage(request.url)) await (count ??= make())(request);
  });
}

/** Counts pages by address; those where secrets can be guessed on an account of their own, which is far shorter. */
export function countAddresses(instance: FastifyInstance, limits: Limits, isPage: (url: string) => boolean): void {
  onEachPage(instance, isPage, () => {
    const pages = limitPerMinute(instance, limits.perAddress, (request) => `pages ${callerAddress(request)}`);
    const guesses = limitPerMinute(
      instance,
      limits.signInsPerAddress,
      (request) => `sign-in ${callerAddress(request)}`,
    );
    return async (request) => {
      await pages(request);
      if (isGuess(request)) await guesses(request);
    };
  });
}

/** Counts pages by who is signed in. Comes after the session is known. */
export function countUsers(instance: FastifyInstance, limits: Limits, isPage: (url: string) => boolean): void {
  onEachPage(instance, isPage, () => {
    const pages = limitPerMinute(instance, limits.perUser, ({ session }) => `pages of ${session.found?.actor?.userId}`);
    return async (request) => {
      if (request.session.found?.actor) await pages(request);
    };
  });
}
