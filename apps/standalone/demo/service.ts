import { spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { StartFailure } from '../embedded/failure.js';

/** The built standalone app this file is a part of. */
const APP = resolve(import.meta.dirname, '..');
/** Settings that would take the story, or its e-mails, out of its own folder. */
const REAL = ['DATABASE_URL', 'MIGRATION_DATABASE_URL', 'REDIS_URL', 'SMTP_URL', 'PUBLIC_URL', 'HOST', 'NODE_ENV'];

export interface DemoPlace {
  dataDir: string;
  port: number;
}

function environment(place: DemoPlace, testClock?: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !REAL.includes(name));
  return {
    ...Object.fromEntries(kept),
    DATA_DIR: place.dataDir,
    PORT: String(place.port),
    ...(testClock === undefined ? {} : { TEST_CLOCK: testClock }),
  };
}

/** The standalone service as a process of its own, its clock starting at an instant of the story. */
export class DemoService {
  private output = '';
  private readonly ended: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.output += String(chunk)));
    this.ended = new Promise((done) => child.once('close', (code) => done(code)));
  }

  /** Started, not yet ready. */
  static spawn(place: DemoPlace, at: string): DemoService {
    return new DemoService(program('main.js', [], environment(place, at)));
  }

  /** @returns the address it serves at. @throws StartFailure with its last words when it ends instead. */
  async ready(): Promise<string> {
    const failed = this.ended.then(() => {
      throw new StartFailure(`The service did not start: ${this.output.trim().split('\n').slice(-3).join(' ')}`);
    });
    return Promise.race([this.address(), failed]);
  }

  private async address(): Promise<string> {
    for (;;) {
      const address = /^Ready at (\S+)$/m.exec(this.output)?.[1];
      if (address !== undefined) return address;
      await new Promise((next) => this.child.stdout?.once('data', next));
    }
  }

  /** As Ctrl-C does; waits until it is gone. @throws Error when it does not end cleanly. */
  async stop(): Promise<void> {
    this.child.kill('SIGINT');
    const code = await this.ended;
    if (code !== 0) throw new Error(`the service ended with ${code}: ${this.output.trim().split('\n').at(-1)}`);
  }
}

/** A token of a demo user from the command line beside the running service: the only thing the API cannot give first. */
export async function tokenBeside(place: DemoPlace, email: string): Promise<string> {
  const child = program('commands/token.js', ['token', email], environment(place));
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => (out += String(chunk)));
  child.stderr?.on('data', (chunk) => (err += String(chunk)));
  const code = await new Promise((done) => child.once('close', done));
  if (code !== 0) throw new StartFailure(`No token for ${email}: ${err.trim()}`);
  return out.trim().split('\n').at(-1)!;
}

const program = (file: string, words: string[], env: NodeJS.ProcessEnv): ChildProcess =>
  spawn(process.execPath, ['--enable-source-maps', join(APP, file), ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
