import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import '../support/processes/built-server.js';
import { createDevHome } from '../../src/dev-backend/home.js';
import { startDevBackend } from '../../src/dev-backend/server.js';

// Tests the result of `npm pack`, installed into an empty folder: `npm run lab -- matrix` does so on several versions
// of node.

interface Manifest {
  readonly license: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: object;
  readonly exports?: Readonly<Record<string, unknown>>;
}

// npm and the command run on the same node as the test.
const environment = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
const temp = mkdtempSync(join(tmpdir(), 'package-'));
const folder = join(temp, 'empty');
const installed = join(folder, 'node_modules/codex-account-server');
const ours = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

beforeAll(() => {
  mkdirSync(folder);
  // `dist/` is there already. The script that builds it before a release would remove it while other tests use it.
  npm(resolve('.'), 'pack', '--ignore-scripts', '--pack-destination', temp);
  npm(
    folder,
    'install',
    '--offline',
    join(temp, readdirSync(temp).find((name) => name.endsWith('.tgz')) ?? ''),
  );
}, 60_000);

afterAll(() => rmSync(temp, { recursive: true }));

function npm(cwd: string, ...words: string[]): void {
  execFileSync('npm', words, { cwd, env: environment, stdio: 'pipe' });
}

/** Runs an installed command with the embedded backend until it exits. */
async function command(args: readonly string[], input = '', name = 'codex-account-server') {
  const backend = await startDevBackend();
  const home = createDevHome({ backendUrl: backend.url });
  try {
    const running = promisify(execFile)(join(folder, 'node_modules/.bin', name), args, {
      env: { PATH: environment.PATH, HOME: temp, CODEX_HOME: home.path },
    });
    running.child.stdin?.end(input);
    return await running;
  } finally {
    await backend.close();
    home.remove();
  }
}

function allFiles(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('one package is installed, without its development dependencies', () => {
  expect(readdirSync(join(folder, 'node_modules')).sort()).toEqual([
    '.bin',
    '.package-lock.json',
    'codex-account-server',
  ]);
  expect(readdirSync(installed).sort()).toEqual([
    ...['LICENSE', 'README.md', 'dist', 'package.json', 'schema', 'src'],
  ]);
  expect(allFiles(join(installed, 'src'))).toEqual([join(installed, 'src/client/README.md')]);
});

test('it is below 300 files and 2.5 MB', () => {
  const files = allFiles(installed);
  const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0);
  expect(files.length).toBeLessThan(300);
  expect(bytes).toBeLessThan(2_500_000);
});

test('it depends on nothing and runs nothing when it is installed', () => {
  const { dependencies, scripts } = JSON.parse(
    readFileSync(join(installed, 'package.json'), 'utf8'),
  ) as Manifest;
  const atInstall = ['preinstall', 'install', 'postinstall', 'prepare'].filter((name) => name in scripts);
  expect({ dependencies, atInstall }).toEqual({ dependencies: undefined, atInstall: [] });
});

test('it contains its licence and those of the bundled packages', () => {
  expect(readFileSync(join(installed, 'LICENSE'), 'utf8')).toMatch(new RegExp(`^${ours.license} License`));
  expect(readFileSync(join(installed, 'dist/licences.txt'), 'utf8')).toContain('undici');
});

test('the installed command serves a client', async () => {
  const { stdout, stderr } = await command(
    ['app-server'],
    '{"id":1,"method":"initialize","params":{"clientInfo":{"name":"me","version":"1"}}}\n' +
      '{"id":2,"method":"account/rateLimits/read"}\n',
  );
  const answers = stdout.split('\n').map((line) => line && (JSON.parse(line) as unknown));
  expect({ answers, stderr }).toEqual({
    answers: [
      { id: 1, result: expect.objectContaining({ platformFamily: 'unix' }) },
      { id: 2, result: expect.objectContaining({ accountId: 'account-dev' }) },
      '',
    ],
    stderr: '',
  });
});

test('the installed command reports the usage', async () => {
  const { stdout, stderr } = await command(['usage', '--json']);
  expect({ report: JSON.parse(stdout) as unknown, stderr }).toEqual({
    report: expect.objectContaining({ version: 1 }),
    stderr: '',
  });
});

test('the installed codex-account-line runs the program beside it', async () => {
  expect(await command(['{plan} {window:300}%'], '', 'codex-account-line')).toEqual({
    stdout: 'pro 0%\n',
    stderr: '',
  });
});

test.runIf(ours.exports?.['./client'])('the client library can be loaded by import and by require', () => {
  const imported = exportsOf('module', "import * as client from 'codex-account-server/client'");
  const required = exportsOf('commonjs', "const client = require('codex-account-server/client')");
  expect(required).toEqual(imported);
  expect(required).not.toEqual([]);
});

/** Runs a program in that folder that lists the exports. Omits those that node adds to an imported CommonJS module. */
function exportsOf(kind: string, load: string): string[] {
  const words = [`--input-type=${kind}`, '-e', `${load}; console.log(JSON.stringify(Object.keys(client)))`];
  const names = JSON.parse(
    execFileSync(process.execPath, words, { cwd: folder, encoding: 'utf8' }),
  ) as string[];
  return names.filter((name) => !['default', 'module.exports'].includes(name)).sort();
}
