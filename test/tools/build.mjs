// Writes dist/: the files that are published, each a CommonJS bundle of sources and libraries.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import {
  computedConstants,
  lazyAssert,
  lazyBuiltins,
  partsOfJsonRpc,
  patchedUndici,
  wasmFiles,
  withoutUnusedParts,
} from './bundle-plugins.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = path.join(root, 'dist');

/** What is loaded at first, and the parts that it loads when they are needed: `src/cli/parts.ts`. */
const entryPoints = ['main', 'command-line', 'app-server', 'people'].map((name) =>
  path.join(root, 'src/cli', `${name}.ts`),
);

fs.rmSync(dist, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  external: ['@napi-rs/keyring'],
  define: { 'import.meta.dirname': '__dirname' },
  // What `import()` names stands in the same file, or is a module of node or an optional package.
  supported: { 'dynamic-import': false },
  plugins: [
    lazyBuiltins,
    lazyAssert,
    withoutUnusedParts,
    partsOfJsonRpc,
    patchedUndici,
    computedConstants,
    wasmFiles(dist),
  ],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
fs.chmodSync(path.join(dist, 'main.cjs'), 0o755);
fs.writeFileSync(path.join(dist, 'licences.txt'), licencesOf(Object.keys(metafile.inputs)));

/** The licences of the packages that stand in the bundles. */
function licencesOf(inputs) {
  const names = inputs.flatMap((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  const texts = [...new Set(names)].sort().map((name) => {
    const folder = path.join(root, 'node_modules', name);
    const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} has no licence file`);
    return `${name}\n\n${fs.readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
