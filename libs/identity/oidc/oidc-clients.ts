import { Inject, Injectable, Logger } from '@nestjs/common';
import { allowInsecureRequests, ClientSecretBasic, discovery, type Configuration } from 'openid-client';
import { DomainError, notFound, type Clock } from '#kernel';
import { AppConfig, CLOCK, type OidcProvider } from '#platform/config';
import { describeError } from '#platform/telemetry';

/** What a provider says of itself is asked again after this. */
const FRESH_MS = 6 * 3_600_000;
/** Seconds a provider may take for one answer. */
const TIMEOUT_SECONDS = 10;

interface Discovered {
  at: number;
  client: Promise<Configuration>;
}

/**
 * The providers, each asked for its addresses when somebody first wants to sign in there, so that one that is away keeps
 * nobody from starting the service. Only addresses out of the settings are asked, and what those name by https.
 */
@Injectable()
export class OidcClients {
  private readonly log = new Logger('oidc');
  private readonly discovered = new Map<string, Discovered>();

  constructor(
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  providers(): readonly OidcProvider[] {
    return this.config.oidc;
  }

  /** Throws not_found. */
  provider(key: string): OidcProvider {
    const provider = this.config.oidc.find((one) => one.key === key);
    if (!provider) throw notFound('sign-in provider');
    return provider;
  }

  /** Where the provider sends people back to; it must know this address. */
  redirectUri(key: string): string {
    return `${this.config.http.publicUrl.replace(/\/+$/, '')}/sign-in/oidc/${key}/callback`;
  }

  /** Throws unavailable `oidc_unavailable`. */
  async client(provider: OidcProvider): Promise<Configuration> {
    const now = this.clock.now().getTime();
    let found = this.discovered.get(provider.key);
    if (!found || now - found.at > FRESH_MS) {
      found = { at: now, client: this.discover(provider) };
      this.discovered.set(provider.key, found);
    }
    try {
      return await found.client;
    } catch (error) {
      if (this.discovered.get(provider.key) === found) this.discovered.delete(provider.key);
      this.log.warn({ msg: 'a sign-in provider cannot be asked', provider: provider.key, error: describeError(error) });
      throw new DomainError(
        'unavailable',
        'oidc_unavailable',
        `${provider.name} does not answer just now. Try again in a few minutes.`,
      );
    }
  }

  private discover({ issuer, clientId, clientSecret }: OidcProvider): Promise<Configuration> {
    const insecure = new URL(issuer).protocol === 'http:'; // the settings allow it to this machine alone
    return discovery(new URL(issuer), clientId, undefined, ClientSecretBasic(clientSecret), {
      timeout: TIMEOUT_SECONDS,
      execute: insecure ? [allowInsecureRequests] : [],
    });
  }
}
