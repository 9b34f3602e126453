// Writes the published files to dist/, each a bundle of sources and libraries. `build-types.mjs` adds the types.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { copyWindowsLocks, lockPackage } from './windows-locks.mjs';
import { lazyBuiltins, undiciWithoutUnusedParts } from './bundle-plugins.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const published = path.join(root, 'dist');
/** The folder of this build. Its files are published at the end, so that programs start meanwhile. */
const dist = createFolderAside();

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.dirname': '__dirname' },
  // `import()` loads a module of the same file, or a module of node.
  supported: { 'dynamic-import': false },
  // In this order, as both replace node:http: for undici by a stub, elsewhere by the module that is loaded later.
  plugins: [undiciWithoutUnusedParts, lazyBuiltins],
  // Halves the package.
  minify: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** The files that `src/cli/start/code-cache.ts` runs. They need the function that node puts around a CommonJS module. */
const programs = {
  ...common,
  entryPoints: entryPoints('program', 'offline', 'texts', 'pass-on'),
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
};

/** The library for clients, in both kinds of modules. It is not minified: its users read it when they debug. */
const library = {
  entryPoints: { client: path.join(root, 'src/client/library.ts') },
  bundle: true,
  platform: 'node',
  target: 'node20',
  outdir: dist,
  metafile: true,
  logLevel: 'warning',
};

/** The pure functions of it, for browsers too. With this platform a module of node is an error. */
const pure = {
  ...library,
  entryPoints: { limits: path.join(root, 'src/limits/library.ts') },
  platform: 'browser',
  target: 'es2022',
};

const esModule = { format: 'esm', outExtension: { '.js': '.mjs' } };
const commonJs = { format: 'cjs', outExtension: { '.js': '.cjs' } };

const built = [
  // `src/cli/upstream/own-file.ts` recognizes the program by this comment, also if it is called codex.
  await build({
    ...common,
    entryPoints: entryPoints('main'),
    banner: { js: '// codex-account-server-program' },
  }),
  await build(programs),
  await build({ ...library, ...esModule }),
  await build({ ...library, ...commonJs, define: common.define }),
  await build({ ...pure, ...esModule }),
  await build({ ...pure, ...commonJs }),
];
fs.copyFileSync(path.join(root, 'src/cli/line/line.sh'), path.join(dist, 'line.sh'));
copyWindowsLocks(root, dist);
for (const name of ['main.cjs', 'line.sh']) fs.chmodSync(path.join(dist, name), 0o755);
fs.writeFileSync(
  path.join(dist, 'licences.txt'),
  licencesOf(built.flatMap(({ metafile }) => Object.keys(metafile.inputs))),
);

replacePublished();

function createFolderAside() {
  const cache = path.join(root, 'node_modules/.cache/codex-account-server');
  fs.mkdirSync(cache, { recursive: true });
  const folder = fs.mkdtempSync(path.join(cache, 'dist-'));
  fs.chmodSync(folder, 0o755);
  return folder;
}

/** Replaces the files one by one, so that none is missing at any time. Keeps the types, which `build-types.mjs` makes. */
function replacePublished() {
  const names = fs.readdirSync(dist);
  fs.mkdirSync(published, { recursive: true });
  for (const name of names) fs.renameSync(path.join(dist, name), path.join(published, name));
  fs.rmdirSync(dist);
  for (const name of fs.readdirSync(published)) {
    if (names.includes(name) || /\.d\.[cm]ts$/.test(name)) continue;
    fs.rmSync(path.join(published, name), { recursive: true, force: true });
  }
}

function entryPoints(...names) {
  return names.map((name) => path.join(root, 'src/cli', `${name}.ts`));
}

/** Returns the licences of the packages in the bundles, and of the one that is copied. */
function licencesOf(inputs) {
  const names = inputs.flatMap((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  const texts = [...new Set([...names, lockPackage])].sort().map((name) => {
    const folder = path.join(root, 'node_modules', name);
    const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} has no licence file`);
    return `${name}\n\n${fs.readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
