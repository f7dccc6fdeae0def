import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkerModule } from '../../apps/worker/worker.module.js';
import { type OpenApi } from '../support/openapi-judge.js';
import { Service } from '../support/service.js';
import { freePort } from '../../apps/standalone/embedded/ports.js';
import { playOn } from '../support/story.js';

/** Prism asks for a newer Node than the service does, so neither is a dependency: both are fetched for this test alone. */
const PRISM = '@stoplight/prism-cli@5.16.0';
const NODE = 'node@24.21.0';

/** Holds requests and answers that pass through it against the description, and refuses what differs. */
class Prism {
  private output = '';
  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.output += String(chunk)));
  }

  static async start(prefix: string, document: string, upstream: string): Promise<{ prism: Prism; base: string }> {
    const port = await freePort();
    const program = join(prefix, 'node_modules/@stoplight/prism-cli/dist/index.js');
    const node = join(prefix, 'node_modules/node/bin/node');
    const options = ['proxy', document, upstream, '--errors', '--host', '127.0.0.1', '--port', String(port)];
    const child = spawn(node, [program, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    const prism = new Prism(child);
    await prism.listening();
    return { prism, base: `http://127.0.0.1:${port}` };
  }

  private async listening(): Promise<void> {
    while (!this.output.includes('Prism is listening')) {
      if (this.child.exitCode !== null) throw new Error(`prism ended: ${this.output}`);
      await new Promise((next) => setTimeout(next, 50));
    }
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('close', done));
    this.child.kill('SIGTERM');
    await ended;
  }
}

/** @returns the folder, or null when the registry cannot be reached. */
function install(): string | null {
  const prefix = mkdtempSync(join(tmpdir(), 'claims-prism-'));
  const options = ['install', '--silent', '--no-save', '--no-audit', '--no-fund', '--prefix', prefix, PRISM, NODE];
  const { status } = spawnSync('npm', options, { cwd: prefix, timeout: 300_000 });
  if (status === 0 && existsSync(join(prefix, 'node_modules/node/bin/node'))) return prefix;
  rmSync(prefix, { recursive: true, force: true });
  return null;
}

describe('prism, between the demo and the service', () => {
  let prefix: string | null;
  let service: Service | undefined;
  let prism: Prism | undefined;

  beforeAll(async () => {
    prefix = install();
    if (prefix === null) return;
    service = await Service.start({ clock: '2018-01-15T09:00:00.000Z', modules: [WorkerModule] });
  }, 360_000);
  afterAll(async () => {
    await prism?.stop();
    await service?.stop();
    if (prefix) rmSync(prefix, { recursive: true, force: true });
  });

  it('finds no request and no answer that breaks the description', async () => {
    if (prefix === null || service === undefined) {
      const line = `${PRISM} could not be installed: is the package registry out of reach?`;
      if (process.env['CI'] === 'true') throw new Error(line);
      console.warn(`Skipped: ${line}`);
      return;
    }
    const document = join(prefix, 'openapi.json');
    writeFileSync(document, await (await fetch(`${service.base}/api/docs-json`)).text());
    const started = await Prism.start(prefix, document, service.base);
    prism = started.prism;
    const found: string[] = [];
    let answers = 0;
    const { base: direct } = service;
    const send = async (address: string, init: RequestInit): Promise<Response> => {
      // Prism reads a form as text, one text a field: it breaks files, and a list of files is none to it. Forms go past it.
      if (init.body instanceof FormData) return fetch(address.replace(started.base, direct), init);
      const answer = await fetch(address, init);
      answers++;
      const told = await violationsIn(answer);
      if (told) found.push(`${init.method} ${new URL(address).pathname}: ${told}`);
      return answer;
    };
    await playOn(service, send, started.base).catch((error: unknown) => found.push(String(error)));
    expect(found).toEqual([]);
    expect(answers).toBeGreaterThan(200);
    await prism.stop();
    // It does look: a description that asks for one field more finds every answer wrong.
    const description = JSON.parse(readFileSync(document, 'utf8')) as OpenApi;
    (description.components.schemas['UserView']!['required'] as string[]).push('shoeSize');
    writeFileSync(document, JSON.stringify(description));
    const stricter = await Prism.start(prefix, document, service.base);
    prism = stricter.prism;
    const headers = { authorization: `Bearer ${await service.token('auditor@mtm.example')}` };
    const answer = await fetch(`${stricter.base}/api/v1/me`, { headers });
    expect(await violationsIn(answer)).toMatch(/"response","body".*shoeSize/);
  }, 180_000);
});

/** Prism's own problem in place of the service's answer, or what it says of one in a header. */
async function violationsIn(answer: Response): Promise<string | null> {
  const header = answer.headers.get('sl-violations');
  if (header !== null) return header;
  if (!answer.headers.get('content-type')?.includes('problem+json')) return null;
  const { type, detail, validation } = (await answer.clone().json()) as Record<string, unknown>;
  return String(type).includes('stoplight.io')
    ? `${String(type)} ${String(detail)} ${JSON.stringify(validation)}`
    : null;
}
