import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isLab } from '../support/lab-options.js';
import { devEnvironment } from '../../src/dev-backend/environment.js';
import { createDevHome } from '../../src/dev-backend/home.js';
import { type DevBackend, startDevBackend } from '../../src/dev-backend/server.js';

// The package as npm would publish it, installed in an empty folder.

const examples = { ...codeBlocksIn('README.md'), ...codeBlocksIn('src/client/README.md') };
const [importing = ''] = /^import .*/m.exec(examples['example.mjs'] ?? '') ?? [];

const files: Readonly<Record<string, string>> = {
  ...examples,
  'example.cjs': (examples['example.mjs'] ?? '').replace(importing, examples['example.cjs'] ?? ''),
  // As TypeScript, the import stays in both kinds of modules.
  'example.mts': examples['example.mjs'] ?? '',
  'example.cts': examples['example.mjs'] ?? '',
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

test('it installs no other package', () => {
  expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'codex-account-server',
  ]);
});

test('the pages contain the examples', () => {
  expect(Object.keys(examples)).toEqual([
    'readme.mjs',
    'example.mjs',
    'example.cjs',
    'wait.mjs',
    'watch.mjs',
    'extension.mjs',
    'vite.config.mjs',
    'once.mjs',
  ]);
});

const compilers = { 'TypeScript 5.4': 'typescript-5.4', 'TypeScript 7.0': 'typescript-7' };
const moduleKinds = ['node16', 'nodenext', 'bundler'] as const;
// Each compiler takes seconds, so that only the long form tries all pairs.
const builds = Object.entries(compilers)
  .flatMap(([title, compiler]) => moduleKinds.map((kind) => ({ title, compiler, kind })))
  .filter(({ compiler, kind }) => isLab || (compiler === 'typescript-7') === (kind === 'nodenext'));

test.each(builds)(
  'the examples have no type error with $title and $kind, in both kinds of modules',
  ({ compiler, kind }) => {
    const options = {
      module: kind === 'bundler' ? 'esnext' : kind,
      moduleResolution: kind,
      target: 'es2022',
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
    run(process.execPath, [resolve('node_modules', compiler, 'bin/tsc'), '-p', folder]);
  },
  60_000,
);

test.each(['readme.mjs', 'example.mjs', 'example.cjs'])('%s shows the limits and redeems a credit', (name) =>
  withDevBackend(async ({ backend, start }) => {
    expect(await outputOf(start(name))).toEqual({
      code: 0,
      stdout: '5 hours: 100 %\nweek: 100 %\nUse is blocked.\nThe redemption is verified.\n',
      stderr: '',
    });
    expect(backend.ledger.creditIdByKey.size).toBe(1);
  }),
);

test('watch.mjs shows the limits until Ctrl-C', () =>
  withDevBackend(async ({ start }) => {
    const child = start('watch.mjs');
    const output = outputOf(child);
    child.stdout.on('data', (text: string) => {
      if (text.includes('use is blocked')) child.kill('SIGINT');
    });
    expect(await output).toEqual({
      code: 0,
      stdout: 'Watching. Press Ctrl-C to stop.\n5 hours 100 %, week 100 %, use is blocked\n',
      stderr: '',
    });
  }));

test('once.mjs redeems one credit, even if it is started twice', () =>
  withDevBackend(async ({ backend, start }) => {
    const runs = [await outputOf(start('once.mjs')), await outputOf(start('once.mjs'))];
    expect(runs.map(({ stdout, stderr }) => stdout + stderr)).toEqual([
      'The redemption is verified.\n',
      'There was a redemption since the read.\n',
    ]);
    expect(backend.ledger.creditIdByKey.size).toBe(1);
  }));

/** Runs `work` with an account at its limit and a function that starts an example signed in to it. */
async function withDevBackend(
  work: (fixture: {
    backend: DevBackend;
    start: (name: string) => ChildProcessWithoutNullStreams;
  }) => Promise<void>,
): Promise<void> {
  const backend = await startDevBackend({ scenario: 'at-limit' });
  const home = createDevHome({ backendUrl: backend.url });
  const { PATH = '' } = process.env;
  const env = { PATH, HOME: home.path, CODEX_HOME: home.path, ...devEnvironment(backend.url) };
  const children: ChildProcessWithoutNullStreams[] = [];
  const start = (name: string): ChildProcessWithoutNullStreams => {
    const child = spawn(process.execPath, [join(folder, name)], { cwd: folder, env });
    children.push(child);
    return child;
  };
  try {
    await work({ backend, start });
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await backend.close();
    home.remove();
  }
}

async function outputOf(
  child: ChildProcessWithoutNullStreams,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

/** Runs a command. @throws Error with its output if it fails */
function run(command: string, args: readonly string[], cwd = folder): void {
  try {
    execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}

/** Returns the code blocks of a page by the file names in their first lines. */
function codeBlocksIn(path: string): Record<string, string> {
  const blocks = readFileSync(path, 'utf8').matchAll(/```js\n\/\/ ([\w.]+)\n(.*?)```/gs);
  return Object.fromEntries([...blocks].map(([, name = '', code = '']) => [name, code]));
}
