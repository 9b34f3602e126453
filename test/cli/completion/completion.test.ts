import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { completionScripts } from '../../../src/cli/completion/scripts.js';
import { completedCommands, lineOptions, shells } from '../../../src/cli/completion/words.js';
import { startBuiltServer } from '../../support/processes/built-server.js';
import { unixTest } from '../../support/unix-test.js';

const run = promisify(execFile);
const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;
/** The shells that a terminal of this machine can drive. */
const drivenShells = shells.filter((shell) => shell !== 'powershell');
const missing = drivenShells.filter((shell) => !isInstalled(shell));
if (missing.length > 0) process.stderr.write(`${missing.join(', ')}: not installed, so not completed in\n`);

const lines = [
  ['usa', 'usage'],
  ['usage --fo', 'usage --format'],
  ['usage --wat', 'usage --watch'],
  ['usage --preset wa', 'usage --preset waybar'],
  ['login st', 'login status'],
  ['dev-backend --scenario at', 'dev-backend --scenario at-limit'],
  ['completion fi', 'completion fish'],
  ['codex-account-line --max', '--max-age'],
] as const;

const cases = drivenShells
  .filter(isInstalled)
  .flatMap((shell) => lines.map((line) => [shell, ...line] as const));

test.each(cases)('%s completes "%s" to "%s"', async (shell, typed, completed) => {
  const folder = mkdtempSync(join(tmpdir(), 'codex-account-server-completion-'));
  try {
    const script = join(folder, 'completion');
    writeFileSync(script, completionScripts[shell]());
    const line = typed.startsWith('codex-account-line') ? typed : `codex-account-server ${typed}`;
    const { stdout } = await run('python3', ['test/cli/completion/complete.py', shell, script, line], {
      env: { PATH: process.env.PATH, HOME: folder },
    });
    expect(stdout).toBe(`${completed}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function outputOf(...args: string[]) {
  const command = startBuiltServer({ args, environment: { HOME: tmpdir() } });
  command.child.stdin.end();
  const { code } = await command.exited;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

test.each(completedCommands)(
  'the completions of $name are what its help names',
  async ({ name, options, words = [] }) => {
    const { stdout } = await outputOf(name, '--help');
    const named = new Set(ownPart(name, stdout).match(/--[a-z][a-z-]*/g) ?? []);
    const completed = new Set(options.map((option) => option.name));
    expect(new Set([...named].filter((option) => !completed.has(option)))).toEqual(new Set());
    for (const word of [...completed].filter((option) => option !== '--help')) expect(named).toContain(word);
    for (const word of words) expect(stdout).toContain(word);
  },
);

/** Returns the help of one command. The options of the server are in the help of the program; `--version` is not completed. */
function ownPart(name: string, help: string): string {
  if (name !== 'app-server') return help;
  return (/^Options of the server:\n.*?\n\n/ms.exec(help)?.[0] ?? '').replace(/^.*--version.*\n/m, '');
}

unixTest('the completions of codex-account-line are what its help names', () => {
  const { stdout } = spawnSync('sh', ['dist/line.sh', '--help'], { encoding: 'utf8' });
  const named = [...stdout.matchAll(/^  (?:-h, )?(--[a-z-]+)/gm)].map(([, name]) => name);
  expect(lineOptions.map(({ name }) => name)).toEqual(named);
});

test('every command of the help is completed', async () => {
  const { stdout } = await outputOf('--help');
  const named = [...stdout.matchAll(/codex-account-server \[?([a-z-]+)/g)].map(([, name]) => name);
  expect(named.toSorted()).toEqual(completedCommands.map(({ name }) => name).toSorted());
});

test.each(shells)('completion %s prints its script', async (shell) => {
  expect(await outputOf('completion', shell)).toEqual({
    code: 0,
    stdout: completionScripts[shell](),
    stderr: '',
  });
});

test.each([[[]], [['tcsh']], [['bash', 'zsh']]])('completion %j is wrong usage', async (args) => {
  const { code, stdout, stderr } = await outputOf('completion', ...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('Usage: codex-account-server completion bash|zsh|fish|powershell');
});
