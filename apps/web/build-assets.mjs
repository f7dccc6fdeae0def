/**
 * Style sheet, scripts and pictures of the pages: compiled, made small, named by their content (so that browsers may keep them
 * for ever) and listed in manifest.json. `node apps/web/build-assets.mjs`; part of `npm run build`.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { compile } from 'sass';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const SOURCE = join(ROOT, 'apps/web/assets');
const TARGET = join(ROOT, 'dist/apps/web/public');

/** GOV.UK's and MOJ's own files speak of what they will change; that is not for us to read at every build. */
function styles() {
  const { css } = compile(join(SOURCE, 'scss/styles.scss'), {
    style: 'compressed',
    loadPaths: [ROOT, join(ROOT, 'node_modules')],
    quietDeps: true,
  });
  return Buffer.from(css);
}

async function scripts() {
  const names = readdirSync(join(SOURCE, 'js')).filter((name) => name.endsWith('.ts') && !name.startsWith('_'));
  const { outputFiles } = await build({
    entryPoints: names.map((name) => join(SOURCE, 'js', name)),
    outdir: TARGET,
    bundle: true,
    format: 'esm',
    target: 'es2020',
    minify: true,
    write: false,
    legalComments: 'none',
  });
  return outputFiles.map(({ path, contents }) => [path.slice(TARGET.length + 1), Buffer.from(contents)]);
}

/** The pictures of the help, as `npm run pictures` left them. */
function pictures() {
  const folder = join(ROOT, 'apps/web/help/pictures');
  const names = readdirSync(folder).filter((name) => name.endsWith('.png'));
  return names.map((name) => [`help-${name}`, readFileSync(join(folder, name))]);
}

/** What becomes of each source, by the name pages know it by. */
async function assets() {
  const icon = ['favicon.svg', readFileSync(join(SOURCE, 'favicon.svg'))];
  return [['styles.css', styles()], ...(await scripts()), icon, ...pictures()];
}

/** Icons that MOJ's components refer to by a fixed address. */
function iconsOf(css) {
  const names = new Set([...css.matchAll(/url\("?\/assets\/images\/([\w.-]+)"?\)/g)].map(([, name]) => name));
  return [...names]
    .map((name) => [`images/${name}`, join(ROOT, 'node_modules/@ministryofjustice/frontend/moj/assets/images', name)])
    .filter(([, path]) => existsSync(path))
    .map(([name, path]) => [name, readFileSync(path)]);
}

const manifest = {};
const files = (await assets()).map(([name, content]) => {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const extension = extname(name);
  manifest[name] = `${name.slice(0, -extension.length)}-${hash}${extension}`;
  return [manifest[name], content];
});
mkdirSync(join(TARGET, 'images'), { recursive: true });
const icons = iconsOf(files.find(([name]) => name.endsWith('.css'))[1].toString());
// New files first, then the list of them, then away with the old: who reads meanwhile finds what the list names.
const all = [...files, ...icons];
for (const [name, content] of all) writeFileSync(join(TARGET, name), content);
for (const [name] of icons) manifest[name] = name;
const list = join(TARGET, 'manifest.json');
writeFileSync(`${list}.${process.pid}`, JSON.stringify(manifest, null, 2));
renameSync(`${list}.${process.pid}`, list);
const kept = new Set([...all.map(([name]) => name), 'manifest.json', 'images']);
for (const name of readdirSync(TARGET)) if (!kept.has(name)) rmSync(join(TARGET, name));
