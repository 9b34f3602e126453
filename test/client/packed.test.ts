import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { devEnvironment } from '../../src/dev-backend/environment.js';
import { createDevHome } from '../../src/dev-backend/home.js';
import { startDevBackend } from '../../src/dev-backend/server.js';

// The package as npm would publish it, installed in an empty folder.

const [example = '', requiring = ''] = codeBlocksOf('The client library');
const [importing = ''] = example.split('\n');

const files: Readonly<Record<string, string>> = {
  'example.mjs': example,
  'example.cjs': example.replace(importing, requiring),
  // As TypeScript, the import stays in both kinds of modules.
  'example.mts': example,
  'example.cts': example,
};

if (!existsSync('dist/client.d.mts')) throw new Error('the types are missing: run npm run build:types first');

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'codex-account-server-packed-'));
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], process.cwd());
  const [tarball = ''] = readdirSync(folder);
  run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', join(folder, tarball)]);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('it brings no other package along', () => {
  expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'codex-account-server',
  ]);
});

test("the README's example has no type error, in both kinds of modules, in TypeScript and JavaScript", () => {
  const options = {
    module: 'nodenext',
    target: 'es2023',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    allowJs: true,
    checkJs: true,
    skipLibCheck: false,
    typeRoots: [resolve('node_modules/@types')],
    types: ['node'],
  };
  const config = { compilerOptions: options, files: Object.keys(files) };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', folder]);
}, 60_000);

test.each(['example.mjs', 'example.cjs'])("the README's example redeems a credit, as %s", async (name) => {
  const backend = await startDevBackend({ scenario: 'at-limit' });
  const home = createDevHome({ backendUrl: backend.url });
  try {
    const { PATH = '' } = process.env;
    const env = { PATH, HOME: home.path, CODEX_HOME: home.path, ...devEnvironment(backend.url) };
    expect(await promisify(execFile)(process.execPath, [join(folder, name)], { env })).toEqual({
      stdout: '5 hours: 100 %\nweek: 100 %\nUse is blocked.\nThe redemption is verified.\n',
      stderr: '',
    });
    expect(backend.ledger.creditIdByKey.size).toBe(1);
  } finally {
    await backend.close();
    home.remove();
  }
});

/** @throws with its output, where it fails */
function run(command: string, args: readonly string[], cwd = folder): void {
  try {
    execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}

/** The code blocks of a section of the README. */
function codeBlocksOf(heading: string): string[] {
  const [, rest = ''] = readFileSync('README.md', 'utf8').split(`\n## ${heading}\n`);
  const [section = ''] = rest.split('\n## ');
  return [...section.matchAll(/```js\n(.*?)```/gs)].map(([, code = '']) => code);
}
