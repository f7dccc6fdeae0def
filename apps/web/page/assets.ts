import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';

/** Where the built style sheets and scripts lie: beside the build, whichever of sources and build this file runs from. */
export function publicFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, 'dist/apps/web/public');
}

/** Names of the built files, which carry a hash of their content and may be kept for ever. */
@Injectable()
export class Assets {
  readonly folder = publicFolder();
  private names: Readonly<Record<string, string>> | undefined;

  /** `styles.css` as `/assets/styles-1a2b3c.css`. Throws when the assets were not built. */
  path(name: string): string {
    const built = this.manifest[name];
    if (built === undefined) throw new Error(`There is no asset ${name}: npm run build makes them`);
    return `/assets/${built}`;
  }

  /** Every file there is, by its name below the folder. */
  get all(): ReadonlySet<string> {
    return new Set(Object.values(this.manifest));
  }

  private get manifest(): Readonly<Record<string, string>> {
    return (this.names ??= JSON.parse(readFileSync(join(this.folder, 'manifest.json'), 'utf8')) as Record<
      string,
      string
    >);
  }
}
