import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { type Clock } from '#kernel';
import { CLOCK, type OidcProvider } from '#platform/config';
import { systemActor, UnitOfWork } from '#platform/database';
import { describeError } from '#platform/telemetry';
import { tenantAllowed, type OidcClaims } from '../domain/index.js';
import { Guesses } from '../sign-in/guesses.js';
import { linkedUser } from './linked-user.js';
import { OidcClients } from './oidc-clients.js';
import { refuse, type OidcStep } from './oidc-step.js';

/** One try to sign in at a provider: what the session keeps until the person comes back. JSON. */
export interface OidcTransaction {
  provider: string;
  state: string;
  nonce: string;
  codeVerifier: string;
  /** ISO 8601. */
  startedAt: string;
}

/** A person may take so long at the provider. */
const LONGEST_MS = 10 * 60_000;

/**
 * Sign-in at an OpenID provider: authorization code with PKCE, state and nonce (RFC 9700, 2.1.1). Whoever the provider
 * vouches for is signed in: the second factor is its business.
 */
@Injectable()
export class OidcSignIn {
  private readonly log = new Logger('oidc');

  constructor(
    @Inject(OidcClients) private readonly clients: OidcClients,
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(Guesses) private readonly guesses: Guesses,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** In the order of the settings. */
  providers(): { key: string; name: string }[] {
    return this.clients.providers().map(({ key, name }) => ({ key, name }));
  }

  /** Where to send the person, and what to keep meanwhile. Throws not_found, unavailable `oidc_unavailable`. */
  async begin(providerKey: string): Promise<{ url: string; transaction: OidcTransaction }> {
    const provider = this.clients.provider(providerKey);
    const client = await this.clients.client(provider);
    const transaction: OidcTransaction = {
      provider: provider.key,
      state: randomState(),
      nonce: randomNonce(),
      codeVerifier: randomPKCECodeVerifier(),
      startedAt: this.clock.now().toISOString(),
    };
    const url = buildAuthorizationUrl(client, {
      redirect_uri: this.clients.redirectUri(provider.key),
      response_type: 'code',
      scope: 'openid email profile',
      state: transaction.state,
      nonce: transaction.nonce,
      code_challenge: await calculatePKCECodeChallenge(transaction.codeVerifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, transaction };
  }

  /**
   * Who came back. Of `callback` only the query counts. A transaction is good for one try within ten minutes, whatever
   * comes of it. Throws not_found (the provider was taken out of the settings), unavailable.
   */
  async finish(transaction: OidcTransaction, callback: string | URL): Promise<OidcStep> {
    const provider = this.clients.provider(transaction.provider);
    if (!(await this.firstTry(transaction))) return refuse('oidc_failed');
    const claims = await this.exchange(provider, transaction, callback);
    if (claims === null) return refuse('oidc_failed');
    if (!tenantAllowed(provider, claims)) return refuse('oidc_tenant_not_allowed');
    return this.uow.run(systemActor, (tx) => linkedUser(tx, claims));
  }

  private async firstTry({ state, startedAt }: OidcTransaction): Promise<boolean> {
    const age = this.clock.now().getTime() - Date.parse(startedAt);
    if (!(age >= 0 && age <= LONGEST_MS)) return false;
    return this.uow.run(systemActor, (tx) => this.guesses.first(tx, `oidc ${state}`));
  }

  /** The claims of a valid ID token, or null: state, nonce, issuer, audience, signature and times are checked by the library. */
  private async exchange(
    provider: OidcProvider,
    transaction: OidcTransaction,
    callback: string | URL,
  ): Promise<OidcClaims | null> {
    const client = await this.clients.client(provider);
    const redirectUri = this.clients.redirectUri(provider.key);
    try {
      const current = new URL(redirectUri);
      current.search = new URL(callback, redirectUri).search;
      const tokens = await authorizationCodeGrant(client, current, {
        pkceCodeVerifier: transaction.codeVerifier,
        expectedState: transaction.state,
        expectedNonce: transaction.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims() as OidcClaims | undefined;
      if (claims === undefined || claims['email'] !== undefined) return claims ?? null;
      // A provider that keeps to OpenID Connect Core, 5.4 to the letter tells the address only here.
      return { ...(await fetchUserInfo(client, tokens.access_token, claims.sub)), ...claims };
    } catch (error) {
      this.log.warn({ msg: 'a sign-in at a provider failed', provider: provider.key, error: describeError(error) });
      return null;
    }
  }
}
