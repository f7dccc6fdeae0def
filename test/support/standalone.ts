import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const START = join(ROOT, 'apps/standalone/start.mjs');

/** Settings of whoever runs the tests must not reach the process under test. */
function environment(settings: Record<string, string>): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'npm_execpath', 'SystemRoot'];
  const own = Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  return { ...own, ...settings };
}

/** Compiles the program when a source changed. Slow (seconds) only then; safe to call from several specs at once. */
export function ensureBuilt(): void {
  const result = spawnSync(process.execPath, [START, 'build'], { encoding: 'utf8', env: environment({}) });
  if (result.status !== 0) throw new Error(`the build failed:\n${result.stderr}`);
}

/** Runs `npm run <command>`'s program to its end. */
export function runCommand(
  words: string[],
  settings: Record<string, string>,
): { code: number | null; out: string; err: string } {
  const result = spawnSync(process.execPath, [START, ...words], { encoding: 'utf8', env: environment(settings) });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

/** What `npm start` runs, or a command with `words`, as a process of its own. */
export class Standalone {
  output = '';
  readonly ended: Promise<number | null>;

  private constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.output += String(chunk)));
    this.ended = new Promise((done) => child.once('close', (code) => done(code)));
  }

  static spawn(settings: Record<string, string>, words: string[] = []): Standalone {
    return new Standalone(
      spawn(process.execPath, [START, ...words], { env: environment(settings), stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  /** @returns the address it says it is ready at. */
  async ready(): Promise<string> {
    const found = async (): Promise<string> => {
      for (;;) {
        const address = /^Ready at (\S+)$/m.exec(this.output)?.[1];
        if (address !== undefined) return address;
        await new Promise((next) => this.child.stdout?.once('data', next));
      }
    };
    const failed = this.ended.then((code) => {
      throw new Error(`it ended with ${code}: ${this.output}`);
    });
    return Promise.race([found(), failed]);
  }

  /** As Ctrl-C does, or as the kernel does when memory runs out. @returns the exit code. */
  async end(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' = 'SIGINT'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}
