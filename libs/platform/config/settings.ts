/** One setting of the environment: its name, its default and what it means, as the README lists it. */
export interface Setting {
  readonly name: string;
  readonly default: string | null;
  readonly text: string;
}

/** Every setting a process reads. A test holds the README, the compose file and this list against each other. */
export const SETTINGS: readonly Setting[] = [
  { name: 'NODE_ENV', default: 'development', text: '`production` refuses everything marked demo or test.' },
  { name: 'PORT', default: '3000', text: 'Port the API and pages listen on.' },
  { name: 'HOST', default: '127.0.0.1', text: 'Address to listen on; `0.0.0.0` in a container.' },
  {
    name: 'PUBLIC_URL',
    default: 'http://localhost:<PORT>',
    text: 'Address people reach the service at; used in links.',
  },
  { name: 'DATA_DIR', default: './var', text: 'Documents, checkpoints, the local mailbox and the embedded database.' },
  { name: 'DATABASE_URL', default: null, text: 'PostgreSQL 14 or later; unset starts the embedded one.' },
  {
    name: 'MIGRATION_DATABASE_URL',
    default: 'DATABASE_URL',
    text: 'The same database as its owner, for migrations only.',
  },
  {
    name: 'REDIS_URL',
    default: null,
    text: 'Redis for the job queue and limits; unset keeps jobs in PostgreSQL, and each process counts for itself.',
  },
  {
    name: 'SMTP_URL',
    default: null,
    text: 'smtp(s)://user:password@host:port; unset keeps mail in the local mailbox.',
  },
  { name: 'MAIL_FROM', default: 'claims@localhost', text: 'Sender address of the e-mails.' },
  {
    name: 'SECRET_KEY',
    default: null,
    text: 'At least 32 random bytes as text; seals second factors and links. Unset: made once in DATA_DIR, not in production.',
  },
  {
    name: 'OIDC_ISSUER_1',
    default: null,
    text: 'Address of an OpenID provider to sign in with; a second has `_2` in all five names, up to `_5`.',
  },
  { name: 'OIDC_CLIENT_ID_1', default: null, text: 'What the provider knows this service as.' },
  { name: 'OIDC_CLIENT_SECRET_1', default: null, text: 'The secret the provider gave for it.' },
  { name: 'OIDC_NAME_1', default: null, text: 'What the button on the sign-in page calls the provider.' },
  {
    name: 'OIDC_TENANTS_1',
    default: null,
    text: 'Who may come from there: tenants (`tid`) and domains of e-mail addresses, by commas; of each kind listed one must fit.',
  },
  {
    name: 'DEMO_SIGN_IN',
    default: 'false',
    text: '`true` lets anybody sign in as a demo user; always so with the embedded database, refused in production.',
  },
  { name: 'LOG_LEVEL', default: 'info', text: 'fatal, error, warn, info, debug or silent.' },
  {
    name: 'TRUST_PROXY',
    default: 'false',
    text: '`true` behind a reverse proxy that sets X-Forwarded-For, whose last entry counts.',
  },
  { name: 'RATE_LIMIT_PER_MINUTE', default: '6000', text: 'Requests a minute for one token or address before 429.' },
  { name: 'PAGES_PER_MINUTE', default: '1000', text: 'Requests of pages a minute by one user before 429.' },
  { name: 'PAGES_PER_MINUTE_AND_ADDRESS', default: '5000', text: 'The same from one address, signed in or not.' },
  {
    name: 'SIGN_INS_PER_MINUTE',
    default: '60',
    text: 'Passwords, codes and links a minute from one address before 429; wrong ones lock an account far earlier.',
  },
  { name: 'DATABASE_POOL_SIZE', default: '10', text: 'Connections each process holds for requests and jobs.' },
  { name: 'WORKER_CONCURRENCY', default: '10', text: 'Jobs a worker process runs at once.' },
  { name: 'WORKER_PORT', default: null, text: 'Port a worker process answers /health and /metrics on; unset: none.' },
  { name: 'STATEMENT_MAX_MB', default: '512', text: 'Largest bank statement that is taken, in megabytes.' },
  { name: 'TEST_CLOCK', default: null, text: 'An instant the clock starts from; refused in production.' },
];
