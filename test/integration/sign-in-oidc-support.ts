import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

/** A person at the provider. */
export interface OidcPerson {
  sub: string;
  email?: string;
  email_verified?: boolean;
  tid?: string;
}

export const CLIENT = { id: 'claims', secret: 'the-secret-of-the-client-at-the-provider' };

/** A real OpenID provider on a free port of this machine. Who signs in is whoever `person` is; nobody is asked anything. */
export class OidcServer {
  person: OidcPerson = { sub: 'nobody' };
  /** How often what the provider says of itself was asked. */
  discoveries = 0;
  /** How often a code was offered for tokens. */
  exchanges = 0;
  down = false;
  private readonly people = new Map<string, OidcPerson>();
  private server: Server;
  private provider: Provider;

  /** `emailInIdToken`: as most providers do it; else only userinfo tells the address. */
  static async start(redirectUris: string[], emailInIdToken: boolean): Promise<OidcServer> {
    const made = new OidcServer();
    made.server = createServer((request, response) => void made.answer(request, response));
    made.server.listen(0, '127.0.0.1');
    await once(made.server, 'listening');
    made.provider = new Provider(made.issuer, made.configuration(redirectUris, emailInIdToken));
    return made;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  /** What a browser does with `url`, up to where the provider sends it back to. */
  async visit(url: string, backTo: string): Promise<string> {
    const cookies = new Map<string, string>();
    let next = url;
    for (let step = 0; step < 10 && !next.startsWith(backTo); step++) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(next, { redirect: 'manual', headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
        cookies.set(name!, value!);
      }
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
      next = new URL(location, next).href;
    }
    return next;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '' } = request;
    if (this.down) return void response.writeHead(503).end();
    if (url.includes('/.well-known/')) this.discoveries += 1;
    if (url.startsWith('/token')) this.exchanges += 1;
    if (!url.startsWith('/interaction/')) return void this.provider.callback()(request, response);
    this.people.set(this.person.sub, this.person);
    await this.provider.interactionFinished(request, response, { login: { accountId: this.person.sub } });
  }

  private configuration(redirectUris: string[], emailInIdToken: boolean): Configuration {
    return {
      clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: redirectUris }],
      cookies: { keys: ['a key of the test'] },
      claims: { openid: ['sub', 'tid'], email: ['email', 'email_verified'] },
      conformIdTokenClaims: !emailInIdToken,
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      findAccount: (_context, accountId) => ({
        accountId,
        claims: () => ({ ...this.people.get(accountId), sub: accountId }),
      }),
      // Nobody is asked to consent.
      loadExistingGrant: async ({ oidc }) => {
        const grant = new this.provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
    };
  }
}
