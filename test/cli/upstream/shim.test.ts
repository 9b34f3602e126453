import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { windowsShimText } from '../../../src/cli/upstream/shim/shim-text.js';
import { builtProgram, createStandIns, type StandIns } from '../../support/processes/stand-in-codex.js';
import { casesOf, unixTest } from '../../support/unix-test.js';

const isWindows = process.platform === 'win32';

let standIns: StandIns;
let folder = '';
let shim = '';
let realFolder = '';

beforeEach(() => {
  standIns = createStandIns();
  folder = join(standIns.folder, "our bin's");
  shim = join(folder, isWindows ? 'codex.cmd' : 'codex');
  realFolder = join(standIns.folder, 'real');
});
afterEach(() => standIns.remove());

function run(args: readonly string[], path: readonly string[] = [realFolder]) {
  return standIns.run([process.execPath, builtProgram, 'shim', ...args], { path });
}

const install = ['install', '--dir'];

unixTest('install writes a program, says how to find it, and changes nothing else', async () => {
  expect(await run([...install, folder])).toEqual({
    code: 0,
    signal: null,
    stdout: `Wrote ${shim}.
The real codex is ${standIns.real}.
To use it, put the folder first on PATH, as in ~/.profile:
  export PATH='${folder.replace("'", "'\\''")}':"$PATH"
`,
    stderr: '',
  });
  expect(statSync(shim).mode & 0o7777).toBe(0o755);
  expect(readdirSync(folder)).toEqual(['codex']);
  // HOME of the command.
  expect(readdirSync(standIns.folder).sort()).toEqual(["our bin's", 'real']);
});

test('the shim passes every argument on, and runs our own commands', async () => {
  await run([...install, folder]);
  const path = [folder, realFolder];
  const all = ['exec', 'two  blanks', '', "it's", '"quoted"', '$HOME `x` \\', 'a\nb', '*', '--upstream'];
  const args = casesOf(all, (arg) => !arg.includes('\n'));
  const { code, stdout } = await standIns.run(['codex', ...args], { path });
  expect([code, stdout]).toEqual([0, args.map((arg) => `[${arg}]`).join('')]);
  expect(await standIns.run(['codex'], { path })).toMatchObject({ code: 0, stdout: '' });
  expect(await standIns.run(['codex', '--version'], { path })).toMatchObject({ stdout: '[--version]' });
  const usage = await standIns.run(['codex', 'usage', '--help'], { path });
  expect(usage.stdout).toMatch(/^Usage: codex-account-server usage/);
});

/** Has cmd.exe, which runs batch files. */
const systemFolders = process.env.SystemRoot ? [join(process.env.SystemRoot, 'System32')] : [];

test('two shims on PATH find the real codex behind both', async () => {
  const second = join(standIns.folder, 'second');
  await run([...install, folder]);
  await run([...install, second]);
  for (const path of [
    [folder, second, realFolder],
    [second, folder, realFolder],
  ]) {
    expect(await standIns.run(['codex', 'exec'], { path })).toMatchObject({ code: 0, stdout: '[exec]' });
  }
  const noReal = await standIns.run([shim, 'exec'], {
    environment: { PATH: [folder, second, ...systemFolders].join(delimiter) },
  });
  expect([noReal.code, noReal.stderr]).toEqual([
    2,
    'Error: there is no codex on PATH other than this program; install it, or name its path with --upstream\n',
  ]);
});

unixTest('install --upstream fixes the path, whole and checked', async () => {
  const other = standIns.writeScript("other's/tool", 'echo other');
  expect(await run([...install, folder, '--upstream', other])).toMatchObject({ code: 0 });
  const ended = await standIns.run(['codex', 'exec'], { path: [folder, realFolder] });
  expect(ended.stdout).toBe('other\n');
  expect(await run(['status'], [folder, realFolder])).toMatchObject({
    code: 0,
    stdout: `codex on PATH: ${shim} (this program)\nupstream:      ${other}\nreal codex:    ${other}\n`,
  });
  for (const upstream of ['/no/such/codex', shim]) {
    const refused = await run(['install', '--dir', join(folder, 'new'), '--upstream', upstream]);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain(`Error: the upstream "${upstream}" `);
  }
  expect(existsSync(join(folder, 'new'))).toBe(false);
});

unixTest('install without a real codex warns, and install again replaces the shim', async () => {
  const environment = { PATH: '/nowhere' };
  const command = [process.execPath, builtProgram, 'shim', ...install, folder];
  const { code, stdout } = await standIns.run(command, { environment });
  expect(code).toBe(0);
  expect(stdout).toContain('Until there is one, other commands fail: there is no codex on PATH');
  const other = standIns.writeScript('other', 'echo other');
  const again = await run([...install, folder, '--upstream', other], [folder]);
  expect(again).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('It is the first codex on your PATH.\n'),
  });
  expect((await standIns.run([shim, 'exec'])).stdout).toBe('other\n');
  expect(readdirSync(folder)).toEqual(['codex']);
});

const notShims: [what: string, make: () => void][] = [
  ['a program of someone else', () => writeFileSync(shim, '#!/bin/sh\necho real\n')],
  ['a link to a shim', () => symlinkSync(join(standIns.folder, 'shims/codex'), shim)],
  ['a link to nothing', () => symlinkSync('/nowhere', shim)],
  ['a folder', () => mkdirSync(shim)],
];

test.each(casesOf(notShims, ([what]) => !what.startsWith('a link')))(
  '%s is neither overwritten nor removed',
  async (_what, make) => {
    await run([...install, join(standIns.folder, 'shims')]);
    mkdirSync(folder);
    make();
    const before = readdirSync(folder, { withFileTypes: true }).map(({ name }) => name);
    const said = `${JSON.stringify(shim)} was not written by shim install`;
    expect(await run([...install, folder])).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: `Error: ${said}; it is not overwritten\n`,
    });
    expect(await run(['remove', '--dir', folder])).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: `Error: ${said}; it is not removed\n`,
    });
    expect(readdirSync(folder, { withFileTypes: true }).map(({ name }) => name)).toEqual(before);
    expect(existsSync(join(standIns.folder, 'shims', basename(shim)))).toBe(true);
  },
);

test('remove removes the shim, and says so if there is none', async () => {
  await run([...install, folder]);
  expect(await run(['remove', '--dir', folder])).toMatchObject({
    code: 0,
    stdout: `Removed ${shim}. Take ${folder} off PATH if nothing else is in it.\n`,
  });
  expect(readdirSync(folder)).toEqual([]);
  expect(await run(['remove', '--dir', folder])).toMatchObject({
    code: 1,
    stderr: `Error: ${JSON.stringify(shim)} does not exist\n`,
  });
});

unixTest('a folder that cannot be made is exit code 1', async () => {
  expect(await run([...install, join(standIns.real, 'sub')])).toMatchObject({
    code: 1,
    stderr: `Error: cannot write "${standIns.real}/sub/codex": Not a directory (os error 20)\n`,
  });
});

test('status without a shim is exit code 1', async () => {
  expect(await run(['status'])).toEqual({
    code: 1,
    signal: null,
    stdout: `codex on PATH: ${standIns.real} (not this program)\nupstream:      auto\nreal codex:    ${standIns.real}\n`,
    stderr: '',
  });
});

unixTest('a shim outlives its node, and says what to do if the program has gone', async () => {
  await run([...install, folder]);
  const text = readFileSync(shim, 'utf8');
  writeFileSync(shim, text.replace(process.execPath, '/no/longer/node'));
  const path = [folder, realFolder, join(process.execPath, '..')];
  expect(await standIns.run(['codex', 'exec'], { path })).toMatchObject({ code: 0, stdout: '[exec]' });
  writeFileSync(shim, text.replace(builtProgram, '/no/longer/main.cjs'));
  expect(await standIns.run(['codex', 'exec'], { path })).toMatchObject({
    code: 127,
    stderr: `codex: /no/longer/main.cjs has gone; remove this file: ${shim}\n`,
  });
});

test.each([
  [[], 'install, remove or status is missing'],
  [['install'], 'shim install needs --dir DIR'],
  [['remove', '--dir', ''], 'shim remove needs --dir DIR'],
  [['remove', '--dir', 'x', '--upstream', 'auto'], '--upstream is for shim install'],
  [['status', '--dir', 'x'], '--dir is for shim install and shim remove'],
  [['nope'], "Unexpected argument 'nope'"],
  [['install', 'nope'], "Unexpected argument 'nope'"],
  [['install', '--dri', 'x'], "Unknown option '--dri'; did you mean --dir?"],
  [['install', '--read-only', '--dir', 'x'], "Unknown option '--read-only'"],
])('shim %j is wrong usage', async (args, reason) => {
  const stderr = `codex-account-server shim: ${reason}${reason.endsWith('?') ? '' : '.'} See --help.\n`;
  expect(await run(args)).toEqual({ code: 2, signal: null, stdout: '', stderr });
});

test('the shim for Windows quotes its paths', () => {
  const text = windowsShimText({ node: 'C:\\node.exe', script: 'C:\\100% ours\\main.cjs', upstream: 'auto' });
  expect(text.split('\r\n')).toEqual([
    '@echo off',
    'rem codex-account-server-shim: written by "codex-account-server shim install"; "shim remove" removes it.',
    '"C:\\node.exe" "C:\\100%% ours\\main.cjs" --upstream "auto" %*',
    '',
  ]);
});
