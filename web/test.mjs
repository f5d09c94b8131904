// Bundles each src/**/*.test.ts for Node and runs them with node:test (Node 18 reads no TypeScript).
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));

async function tests(folder) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await tests(path)));
    else if (/\.test\.tsx?$/.test(entry.name)) found.push(path);
  }
  return found.sort();
}

const entryPoints = await tests(join(root, 'src'));
// Inside node_modules, so that the bundles still find their packages.
const out = await mkdtemp(join(root, 'node_modules', '.tests-'));
try {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: out,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node18',
    packages: 'external',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    sourcemap: 'inline',
    metafile: true,
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
  });
  const files = Object.keys(metafile.outputs).map((path) => join(root, path));
  const run = spawnSync(process.execPath, ['--test', ...files], {
    stdio: 'inherit',
    env: { ...process.env, AMPHI_ROOT: join(root, '..') },
  });
  process.exitCode = run.status ?? 1;
} finally {
  await rm(out, { recursive: true, force: true });
}
