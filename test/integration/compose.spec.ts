import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { loadConfig, SETTINGS } from '#platform/config';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

interface Service {
  image: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  deploy?: { replicas: number };
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
}

/** The variables that other people's images document and that we set; anything else is a spelling mistake. */
const KNOWN_VARIABLES: Record<string, string[]> = {
  postgres: ['POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_DB'],
  'axllent/mailpit': ['MP_MAX_MESSAGES'],
  redis: [],
  'nginxinc/nginx-unprivileged': [],
};
/** The ports that each image listens on by itself. */
const KNOWN_PORTS: Record<string, number[]> = {
  postgres: [5432],
  redis: [6379],
  mail: [1025, 8025],
  api: [3000],
  proxy: [8080],
};

const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: object;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build !== undefined);
const theirs = services.filter(([, service]) => service.build === undefined);

/** As docker compose puts in the variables of its own environment: `${NAME:?message}`. */
function environmentOf(service: Service): Record<string, string> {
  const filled = Object.entries(service.environment ?? {}).map(([name, value]) => {
    expect(typeof value).toBe('string'); // YAML would make numbers and booleans of unquoted ones
    return [name, value.replace(/\$\{[A-Z_]+:\?[^}]*\}/g, 'secret1'.repeat(6))] as const;
  });
  return Object.fromEntries(filled);
}

/** `dist/x.js` in the image is what the build makes of `x.ts`. */
function sourceOf(program: string): string {
  expect(program).toMatch(/^dist\/.*\.js$/);
  return join(ROOT, program.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
}

describe('docker-compose.yml', () => {
  it('holds what the service is made of', () => {
    expect(services.map(([name]) => name).sort()).toEqual([
      'api',
      'mail',
      'migrate',
      'postgres',
      'proxy',
      'redis',
      'web',
      'worker',
    ]);
    expect(compose.services['api']?.deploy).toEqual({ replicas: 2 });
    expect(compose.services['worker']?.deploy).toEqual({ replicas: 2 });
  });

  it.each(ours)('%s is given settings that exist and that its configuration accepts', (_name, service) => {
    const environment = environmentOf(service);
    const known = SETTINGS.map((setting) => setting.name);
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
    expect(loadConfig(environment)).toMatchObject({ env: 'production', dataDir: '/data', testClock: null });
  });

  it.each(theirs)('%s is given variables that its image knows', (_name, service) => {
    const known = KNOWN_VARIABLES[service.image.split(':')[0] ?? ''];
    expect(known).toBeDefined();
    expect(Object.keys(service.environment ?? {}).filter((name) => !known?.includes(name))).toEqual([]);
    expect(service.image).toMatch(/:v?\d/); // a fixed version, never "latest"
  });

  it.each(ours)('%s runs a program that the image holds', (_name, service) => {
    const [node, program] = service.command ?? [];
    expect(node).toBe('node');
    expect(existsSync(sourceOf(program ?? ''))).toBe(true);
  });

  it.each(ours)('%s finds the others under their names and ports', (_name, service) => {
    for (const name of ['DATABASE_URL', 'MIGRATION_DATABASE_URL', 'REDIS_URL', 'SMTP_URL']) {
      const value = environmentOf(service)[name];
      if (value === undefined) continue;
      const { hostname, port } = new URL(value);
      expect({ name, ports: KNOWN_PORTS[hostname] }).toEqual({ name, ports: expect.arrayContaining([Number(port)]) });
    }
  });

  it('lets nothing work before the schema is up to date, as its owner', () => {
    for (const name of ['api', 'worker']) {
      expect(compose.services[name]?.depends_on?.['migrate']).toEqual({ condition: 'service_completed_successfully' });
      expect(environmentOf(compose.services[name] as Service)).not.toHaveProperty('MIGRATION_DATABASE_URL');
    }
    const owner = new URL(environmentOf(compose.services['migrate'] as Service)['MIGRATION_DATABASE_URL'] ?? '');
    expect(owner.username).toBe(compose.services['postgres']?.environment?.['POSTGRES_USER']);
    expect(owner.pathname).toBe(`/${compose.services['postgres']?.environment?.['POSTGRES_DB']}`);
  });

  it('mounts files and volumes that exist, and shares the documents', () => {
    for (const [, service] of services) {
      for (const volume of service.volumes ?? []) {
        const from = volume.split(':')[0] ?? '';
        expect(from.startsWith('./') ? existsSync(join(ROOT, from)) : from in compose.volumes).toBe(true);
      }
    }
    for (const [, service] of ours) expect(service.volumes).toContain('documents:/data');
  });

  it('opens only the proxy and the caught mail, on this machine alone', () => {
    const open = services.flatMap(([name, service]) => (service.ports ?? []).map((port) => `${name} ${port}`));
    expect(open.sort()).toEqual(['mail 127.0.0.1:8025:8025', 'proxy 127.0.0.1:8080:8080']);
  });

  it('has a proxy that listens and passes on where the others expect it', () => {
    const proxy = read('docker/proxy.conf');
    expect(/listen (\d+);/.exec(proxy)?.[1]).toBe('8080');
    const { PORT, TRUST_PROXY, PUBLIC_URL } = environmentOf(compose.services['api'] as Service);
    expect(proxy).toContain(`http://api:${PORT};`);
    expect({ TRUST_PROXY, PUBLIC_URL }).toEqual({ TRUST_PROXY: 'true', PUBLIC_URL: 'http://localhost:8080' });
  });
});

describe('the Dockerfile', () => {
  const lines = read('Dockerfile')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));

  it('builds in one stage and runs in another, on Node 24 and not as root', () => {
    expect(lines.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1])).toEqual([
      'node:24-bookworm-slim',
      'node:24-bookworm-slim',
    ]);
    expect(last).toContain('USER node');
  });

  it('copies what exists and what .dockerignore lets through', () => {
    const ignore = read('.dockerignore').split('\n');
    const copied = lines
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(copied.length).toBeGreaterThan(8);
    expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(copied.filter((path) => !ignore.includes(`!${path}`))).toEqual([]);
  });

  it('sets known settings and runs a program that the build makes', () => {
    const set =
      last
        .find((line) => line.startsWith('ENV '))
        ?.slice(4)
        .split(' ') ?? [];
    const known = [...SETTINGS.map((setting) => setting.name), 'TZ'];
    expect(set.map((pair) => pair.split('=')[0]).filter((name) => !known.includes(name ?? ''))).toEqual([]);
    const command = JSON.parse(last.find((line) => line.startsWith('CMD '))?.slice(4) ?? '[]') as string[];
    expect(existsSync(sourceOf(command[1] ?? ''))).toBe(true);
  });
});
