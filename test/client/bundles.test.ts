import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import '../support/processes/built-server.js';
import { devEnvironment } from '../../src/dev-backend/environment.js';
import { createDevHome } from '../../src/dev-backend/home.js';
import { startDevBackend } from '../../src/dev-backend/server.js';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';

// Follows the section "In an extension" of the page: its files, its commands.

const [, section = ''] = readFileSync('src/client/README.md', 'utf8').split('\n## In an extension\n');
const blocks = [...section.matchAll(/^```(\w+)\n(?:\/\/ ([\w.]+)\n)?(.*?)^```/gms)];
const commands = blocks.find(([, language]) => language === 'bash')?.[3] ?? '';

const folder = mkdtempSync(join(tmpdir(), 'codex-account-server-bundles-'));
const bin = join(folder, 'bin');
const env = { PATH: `${bin}:${dirname(process.execPath)}:${process.env.PATH}`, HOME: folder };

/** Calls the extension as an editor does, and prints what it prints. */
const host = `import { join } from 'node:path';
const { activate } = await import(process.argv[2]);
const client = await activate({ asAbsolutePath: (path) => join(import.meta.dirname, path) });
await client.close();
`;

const redeemingHost = host.replace(
  'await client.close',
  `console.log((await client.redeem()).redemption.state);
await client.close`,
);

/** Makes the process look like one of Electron: its own program is Node only if a variable says so. */
const electron = `process.execPath = ${JSON.stringify(join(bin, 'electron'))};
Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: '40.0.0' } });
`;

/** Makes the process look like one on Windows, where the locks are in a library. Its stand-in grants each lock. */
const windows = `import { basename, dirname } from 'node:path';
process.dlopen = (module, path) => {
  console.log('loaded', basename(dirname(path)), basename(path));
  module.exports = { tryLock: () => undefined };
};
Object.defineProperty(process, 'platform', { value: 'win32' });
`;

beforeAll(() => {
  const installed = join(folder, 'node_modules/codex-account-server');
  mkdirSync(installed, { recursive: true });
  cpSync('dist', join(installed, 'dist'), { recursive: true });
  copyFileSync('package.json', join(installed, 'package.json'));
  for (const [, , name, text = ''] of blocks) if (name) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'host.mjs'), host);
  writeFileSync(join(folder, 'electron.mjs'), electron);
  writeFileSync(join(folder, 'windows.mjs'), windows);
  writeFileSync(join(folder, 'redeem.mjs'), redeemingHost);
  mkdirSync(bin);
  program('npx', 'exec "$@"');
  program('electron', `[ "$ELECTRON_RUN_AS_NODE" = 1 ] || exit 9\nexec "${process.execPath}" "$@"`);
  symlinkSync(resolve('node_modules/.bin/esbuild'), join(bin, 'esbuild'));
  const vite = createRequire(createRequire(import.meta.url).resolve('vitest')).resolve('vite/package.json');
  symlinkSync(join(dirname(vite), 'bin/vite.js'), join(bin, 'vite'));
  bash(commands);
});

afterAll(() => rmSync(folder, { recursive: true }));

function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

function bash(command: string): void {
  execFileSync('bash', ['-ec', command], { cwd: folder, env, stdio: 'pipe' });
}

/** Runs a bundle of the extension with the embedded backend. */
async function run(
  name: string,
  nodeOptions: readonly string[] = [],
  hostName = 'host.mjs',
): Promise<string> {
  const backend = await startDevBackend({ scenario: 'at-limit' });
  const home = createDevHome({ backendUrl: backend.url });
  try {
    const variables = { ...env, CODEX_HOME: home.path, ...devEnvironment(backend.url) };
    const words = [...nodeOptions, join(folder, hostName), `./${name}`];
    const { stdout } = await promisify(execFile)(process.execPath, words, { env: variables });
    return stdout;
  } finally {
    await backend.close();
    home.remove();
  }
}

test('the bundle of the page starts the server that was copied', async () => {
  expect(await run('dist/extension.cjs')).toBe('Use is blocked.\n');
});

test.each([
  [
    'an ES module of esbuild',
    'npx esbuild extension.mjs --bundle --platform=node --format=esm --outfile=dist/e.mjs',
    'e.mjs',
  ],
  ['CommonJS of vite', 'npx vite build', 'extension.cjs'],
  [
    'an ES module of vite',
    `sed "s/'cjs'/'es'/; s/extension.cjs/v.mjs/" vite.config.mjs >es.mjs && npx vite build -c es.mjs`,
    'v.mjs',
  ],
])('%s starts it too', async (_what, command, name) => {
  bash(command);
  expect(await run(`dist/${name}`)).toBe('Use is blocked.\n');
});

test('in Electron the program itself runs the server', async () => {
  expect(await run('dist/extension.cjs', ['--import', join(folder, 'electron.mjs')])).toBe(
    'Use is blocked.\n',
  );
  expect(spawnSync(join(bin, 'electron'), { env }).status).toBe(9);
});

test('on Windows the bundle redeems with the library of locks beside the server', async () => {
  const printed = await run('dist/extension.cjs', ['--import', join(folder, 'windows.mjs')], 'redeem.mjs');
  expect(printed).toBe(`Use is blocked.\nloaded server locks-win32-${process.arch}.node\nverified\n`);
});
