import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from '@swc/core';

const root = new URL('../../', import.meta.url);
const imports = JSON.parse(await readFile(new URL('package.json', root), 'utf8')).imports;

/** `#x` and relative `.js` become the source file, as tsconfig and Jest resolve them. */
export async function resolve(specifier, context, next) {
  if (specifier.startsWith('#')) {
    const source = sourceOf(specifier);
    if (source) return next(new URL(source, root).href, context);
  }
  if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return next(source.href, context);
  }
  return next(specifier, context);
}

function sourceOf(specifier) {
  for (const [pattern, { types }] of Object.entries(imports)) {
    const [start, end] = pattern.split('*');
    if (specifier === pattern) return types;
    if (end !== undefined && specifier.startsWith(start)) return types.replaceAll('*', specifier.slice(start.length));
  }
  return undefined;
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  const { code } = await transform(await readFile(filename, 'utf8'), {
    filename,
    sourceMaps: 'inline',
    jsc: {
      target: 'es2022',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'es6' },
  });
  return { format: 'module', source: code, shortCircuit: true, responseURL: pathToFileURL(filename).href };
}
