// Builds web/dist: hashed ES modules and two stylesheets, index.html, and .gz and .br beside each file.
// Every src/**/*.css goes into one of them (tokens first, then ui, then features); modules therefore do not
// import css. What belongs to features that no live room shows comes with the pages outside live rooms
// (app/pages.tsx). `node build.mjs [--out folder] [--dev]`
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const root = dirname(fileURLToPath(import.meta.url));
const argument = (name) => process.argv[process.argv.indexOf(name) + 1];
const out = process.argv.includes('--out') ? argument('--out') : join(root, 'dist');
const dev = process.argv.includes('--dev');
const LIVE_LIMIT = 80 * 1024; // of the live room's first load, compressed with gzip
const MEASURE_BYTES = 120 * 1024; // what a network is measured with
const PROGRAMME = join(root, 'src/programme/'); // of a page that the server writes
const SET = 'set:'; // a module that holds several files

const compressors = {
  '.gz': (data) => promisify(gzip)(data, { level: 9 }),
  '.br': (data) =>
    promisify(brotliCompress)(data, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
      },
    }),
};

async function filesBelow(folder) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesBelow(path)));
    else found.push(path);
  }
  return found.sort();
}

/** The features that put something into a live room. */
async function liveFeatures() {
  const parts = (await filesBelow(join(root, 'src/features'))).filter((path) => /\/(live|host)\.ts$/.test(path));
  return new Set(parts.map(dirname));
}

/** The stylesheet that every page loads, or (`outside`) the one of pages outside live rooms. */
async function styleEntry(outside) {
  const rank = (path) =>
    ['tokens.css', 'base.css'].findIndex((name) => path.endsWith(`ui/${name}`));
  const live = await liveFeatures();
  const isOutside = (path) => relative(root, path).startsWith('src/features/') && !live.has(dirname(path));
  const styles = (await filesBelow(join(root, 'src'))).filter((path) => path.endsWith('.css') && !path.startsWith(PROGRAMME) && isOutside(path) === outside);
  const key = (path) => (rank(path) < 0 ? (relative(root, path).startsWith('src/ui/') ? 8 : 9) : rank(path));
  styles.sort((a, b) => key(a) - key(b) || (a < b ? -1 : 1));
  return styles.map((path) => `@import "./${relative(root, path)}";`).join('\n');
}

/**
 * Files that are always fetched together become one: `import('./live')` of each loads a module that
 * holds them all. `groups` names them, by patterns of paths below src; each file has a default export.
 */
async function together(groups) {
  const sources = (await filesBelow(join(root, 'src'))).filter((path) => /\.tsx?$/.test(path));
  const members = Object.entries(groups).map(([name, pattern]) => ({
    name,
    files: sources.filter((path) => pattern.test(path)),
  }));
  const find = (folder, name) => {
    const paths = ['.ts', '.tsx'].map((end) => join(folder, name) + end);
    return members.flatMap((group) =>
      group.files.flatMap((file, n) => (paths.includes(file) ? [{ group: group.name, n }] : [])),
    )[0];
  };
  const replace = (text, folder) =>
    text.replace(/\bimport\('(\.[^']+)'\)/g, (whole, name) => {
      const found = find(folder, name);
      return found ? `import('${SET}${found.group}').then((all) => ({ default: all.part${found.n} }))` : whole;
    });
  return {
    name: 'together',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: new RegExp(`^${SET}`) }, ({ path }) => ({ path: path.slice(SET.length), namespace: 'set' }));
      onLoad({ filter: /.*/, namespace: 'set' }, ({ path }) => ({
        contents: members.find(({ name }) => name === path).files
          .map((file, n) => `export { default as part${n} } from ${JSON.stringify(file)};`)
          .join('\n'),
        resolveDir: root,
      }));
      onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const contents = replace(text, dirname(path));
        return contents === text ? null : { contents, loader: path.endsWith('x') ? 'tsx' : 'ts' };
      });
    },
  };
}

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: !dev,
  sourcemap: dev ? 'inline' : false,
  target: ['chrome109', 'firefox115', 'safari16.4'],
  outdir: join(out, 'assets'),
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  loader: { '.svg': 'file' },
  legalComments: 'none',
  metafile: true,
  write: true,
  logLevel: 'warning',
};

const href = (path) => `/${relative(out, path)}`;
const only = (result, extension) =>
  join(
    root,
    Object.keys(result.metafile.outputs).find((path) => path.endsWith(extension)),
  );

await rm(out, { recursive: true, force: true });
await mkdir(join(out, 'assets'), { recursive: true });

// What media/ needs under names of its own: the audio thread's file, and one that nothing makes smaller.
const worklet = await build({ ...common, entryPoints: ['src/media/worklet/sound.worklet.ts'], format: 'esm' });
// A thread for what people choose to upload.
const sheet = await build({ ...common, entryPoints: ['src/features/lists/spreadsheet.worker.ts'], format: 'iife' });
const noise = createHash('shake256', { outputLength: MEASURE_BYTES }).update('amphi').digest();
const measured = join(out, 'assets', `measure-${MEASURE_BYTES}.bin`);
await writeFile(measured, noise);

const style = async (name, outside) =>
  build({
    ...common,
    stdin: { contents: await styleEntry(outside), resolveDir: root, loader: 'css', sourcefile: `${name}.css` },
    entryNames: `${name}-[hash]`,
  });
const styles = await style('style', false);
const pageStyles = await style('pages', true);

const scripts = await build({
  ...common,
  entryPoints: { main: 'src/main.tsx', media: 'src/media/index.ts' },
  inject: ['src/shared.ts'],
  format: 'esm',
  splitting: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  define: {
    'process.env.NODE_ENV': '"production"',
    'SHEET_WORKER': JSON.stringify(href(only(sheet, '.js'))),
    'SOUND_WORKLET': JSON.stringify(href(only(worklet, '.js'))),
    'MEASURE_FILE': JSON.stringify(href(measured)),
    'PAGE_STYLES': JSON.stringify(href(only(pageStyles, '.css'))),
  },
  plugins: [
    await together({
      live: /features\/\w+\/live\.ts$|app\/live\/LivePage/, // what a live room needs of each feature,
      host: /features\/\w+\/host\.ts$|app\/host\/HostPage/, // what the host console needs,
      audit: /features\/\w+\/audit\.ts$/, // what the audit log needs,
      errors: /features\/\w+\/errors\.ts$/, // and the sentences for what live rooms never meet
    }),
  ],
});
// The public programme, which the server writes: its names are known there (server/features/programme/public_page.c).
await build({
  ...common,
  entryPoints: [join(PROGRAMME, 'programme.ts'), join(PROGRAMME, 'programme.css')],
  outdir: out,
  entryNames: '[name]',
  format: 'iife',
});
const icon = await build({ ...common, entryPoints: ['src/icon.svg'], loader: { '.svg': 'copy' } });

const outputs = Object.fromEntries(
  Object.entries(scripts.metafile.outputs).map(([path, meta]) => [join(root, path), meta]),
);
const entry = Object.keys(outputs).find((path) => outputs[path].entryPoint === 'src/main.tsx');
/** What other chunks share with the entry is a chunk that the entry does nothing but import. */
const main =
  outputs[entry].bytes < 100 && outputs[entry].imports.length === 1
    ? join(root, outputs[entry].imports[0].path)
    : entry;

/** The modules that load with an entry: itself and everything it imports statically. */
function closure(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const item of outputs[path].imports)
    if (item.kind === 'import-statement') closure(join(root, item.path), seen);
  return seen;
}

const preload = [...closure(main)].filter((path) => path !== main);
/** The page of everything; plain: where scripts do not run it leads on to what the server writes (server/net/local.c). */
const page = (plain) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>amphi</title>
${plain ? '<noscript><meta http-equiv="refresh" content="0; url=?plain=1"></noscript>\n' : ''}<link rel="icon" href="${href(only(icon, '.svg'))}" type="image/svg+xml">
<link rel="stylesheet" href="${href(only(styles, '.css'))}">
${preload.map((path) => `<link rel="modulepreload" href="${href(path)}">\n`).join('')}<script type="module" src="${href(main)}"></script>
</head>
<body>
<div id="app"></div>
<noscript>${plain ? '<a href="?plain=1">Register without JavaScript / S’inscrire sans JavaScript</a>' : 'amphi needs JavaScript. / amphi a besoin de JavaScript.'}</noscript>
</body>
</html>
`;
await writeFile(join(out, 'index.html'), page(false));
await writeFile(join(out, 'register.html'), page(true));
await writeFile(join(out, 'plain.css'), await readFile(join(root, 'public/plain.css')));

const sizes = {};
for (const path of await filesBelow(out)) {
  const data = await readFile(path);
  sizes[path] = { plain: data.length };
  for (const [extension, compress] of Object.entries(compressors)) {
    const packed = await compress(data);
    await writeFile(path + extension, packed);
    sizes[path][extension] = packed.length;
  }
}

const kb = (bytes) => (bytes / 1024).toFixed(1).padStart(7);
const shared = [join(out, 'index.html'), only(styles, '.css'), ...closure(main)];
const sum = (paths, kind) =>
  [...new Set(paths)].reduce((total, path) => total + sizes[path][kind], 0);
const entries = (pattern) =>
  Object.keys(outputs).filter((path) => pattern.test(outputs[path].entryPoint ?? ''));
console.log('first load of each page, KB:     gzip  brotli  files');
for (const path of entries(/Page\.tsx$|^set:(live|host)$/)) {
  const name = outputs[path].entryPoint.replace(/^src\/(features\/)?/, '');
  const outside = name.startsWith(SET) ? [] : [only(pageStyles, '.css')];
  const all = new Set([...shared, ...outside, ...closure(path)]);
  const size = sum(all, '.gz');
  console.log(`  ${name.padEnd(28)}${kb(size)} ${kb(sum(all, '.br'))} ${String(all.size).padStart(6)}`);
  if (name.startsWith(SET) && size > LIVE_LIMIT) {
    console.error(`${name} loads ${kb(size)} KB, more than ${kb(LIVE_LIMIT)} KB`);
    process.exitCode = 1;
  }
}
