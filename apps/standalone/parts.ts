import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AppConfig } from '#platform/config';

/** What standalone needs of an app that it mounts. */
export interface Part {
  close(): Promise<void>;
}

interface HttpPart extends Part {
  listen(port: number, host: string): Promise<unknown>;
}

/** The API with standalone's own pages, not yet listening. */
export async function createApi(config: AppConfig): Promise<HttpPart> {
  return call<HttpPart>('../api/app', 'createApi', config);
}

/** The worker, already taking jobs. */
export async function createWorker(config: AppConfig): Promise<Part> {
  return call<Part>('../worker/app', 'createWorker', config);
}

export async function seed(migrationUrl: string, options: { demo: boolean }): Promise<void> {
  await call('../../seeds/index', 'seedAll', migrationUrl, options);
}

async function call<T>(path: string, name: string, ...words: unknown[]): Promise<T> {
  const url = new URL(`${path}.js`, import.meta.url);
  if (!existsSync(fileURLToPath(url))) throw new Error(`${path} is not built`);
  const module = (await import(url.href)) as Record<string, (...words: unknown[]) => Promise<T>>;
  const make = module[name];
  if (make === undefined) throw new Error(`${path} has no ${name}`);
  return make(...words);
}
