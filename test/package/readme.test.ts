import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import '../support/processes/built-server.js';
import { completedCommands } from '../../src/cli/completion/words.js';
import { methods } from '../../src/protocol/methods.js';
import { devEnvironment } from '../../src/dev-backend/environment.js';
import { createDevHome } from '../../src/dev-backend/home.js';
import { startDevBackend } from '../../src/dev-backend/server.js';

// Runs the command lines of the pages, and compares the page of the commands with each `--help`.

type Shell = (typeof shells)[number];
interface Example {
  readonly shell: Shell;
  readonly line: string;
}

const shells = ['sh', 'zsh', 'fish'] as const;
const commandsPage = readFileSync('src/cli/README.md', 'utf8');
const rulePage = readFileSync('src/cli/redeem/rule/README.md', 'utf8');
const usagePage = readFileSync('src/cli/usage/README.md', 'utf8');
const programs = /(?:node dist\/main\.cjs|codex-account-(?:server|line))(?: |$)/;
const installing = /^(npm|npx|cd|git|python3?) /;

const written = [readFileSync('README.md', 'utf8'), commandsPage, usagePage].flatMap(examplesIn);
const examples = written.filter(({ line }) => !installing.test(line));

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'readme-'));
  mkdirSync(join(folder, 'bin'));
  symlinkSync(resolve('dist/main.cjs'), join(folder, 'bin/codex-account-server'));
  symlinkSync(resolve('dist/line.sh'), join(folder, 'bin/codex-account-line'));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Returns the lines of the shell blocks of a page. A line that ends with a backslash is joined with the next. */
function examplesIn(page: string): Example[] {
  return [...page.matchAll(/^```(sh|zsh|fish)\n(.*?)^```/gms)].flatMap(([, shell = '', block = '']) =>
    block
      .replaceAll(/ *\\\n */g, ' ')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ shell: shell as Shell, line })),
  );
}

interface Ending {
  readonly how: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a line in its shell, with an account on the embedded backend; presses Ctrl-C if the line or its output mentions it. */
async function run({ shell, line }: Example): Promise<Ending> {
  const backend = await startDevBackend();
  const home = createDevHome({ backendUrl: backend.url });
  const links = [...line.matchAll(/--home ~\/(\S+)/g)].map(([, name = '']) => join(folder, name));
  for (const link of links) symlinkSync(home.path, link);
  const child = spawn(
    shell === 'sh' ? 'bash' : shell,
    ['-c', shell === 'zsh' ? `autoload -U compinit; compinit -D -u; ${line}` : line],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: `${join(folder, 'bin')}:${dirname(process.execPath)}:${process.env.PATH}`,
        HOME: folder,
        TMPDIR: tmpdir(),
        CODEX_HOME: home.path,
        OPENAI_API_KEY: 'sk-example',
        ...(line.includes('CODEX_ACCESS_TOKEN') && { CODEX_ACCESS_TOKEN: 'at-example' }),
        ...devEnvironment(backend.url),
      },
    },
  );
  const output = { stdout: '', stderr: '' };
  let isStopped = false;
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
      if (isStopped || !(line + output[stream]).includes('Ctrl-C')) return;
      isStopped = true;
      child.kill('SIGINT');
    });
  }
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    return { how: code ?? signal, ...output };
  } finally {
    child.kill('SIGKILL');
    await backend.close();
    for (const link of links) rmSync(link);
    home.remove();
  }
}

/** Returns the word after the program's name, or the name of the other program. */
function commandOf({ line }: Example): string | undefined {
  return /(?:dist\/main\.cjs|codex-account-server) ([a-z][\w-]*)|(codex-account-line)/
    .exec(line)
    ?.slice(1)
    .find(Boolean);
}

describe('the examples of README.md and of the pages of the commands', () => {
  test('are about installing, or start the program', () => {
    expect(examples.filter(({ line }) => !programs.test(line))).toEqual([]);
  });

  test('have each command of the program', () => {
    expect(new Set(examples.map(commandOf))).toEqual(
      new Set([...completedCommands.map(({ name }) => name), 'codex-account-line']),
    );
  });
});

// The account has credits and nothing that they could reset; `redeem` has no terminal to ask on.
const endings: readonly (readonly [RegExp, how: number, stdout: RegExp, stderr: RegExp])[] = [
  [/ app-server/, 0, /"result".*"result"/s, /^$/],
  [/ redeem +#/, 2, /^$/, /--yes/],
  [/ redeem .*--(force|json)/, 3, /credit/i, /^$/],
  [/ redeem .*--yes/, 3, /^$/, /--force/],
  [/ redeem .*--abandon/, 3, /^$/, /No attempt is open/],
  [/ login --with-api-key/, 0, /^$/, /API key saved/],
  [/ login --with-access-token/, 0, /^$/, /Successfully logged in/],
  [/ redeem --when/, 2, /^$/, /You have not agreed to this rule/],
  [/ redeem --evidence/, 3, /^$/, /No redemption is recorded/],
  [/ usage --cached/, 4, /^$/, /No read of the limits of this login is stored/],
  [/ login status --check/, 0, /accepts this login/, /Logged in using ChatGPT/],
  [/ login status/, 0, /^$/, /Logged in using ChatGPT/],
  [/ login/, 1, /^$/, /Ctrl-C/],
  [/ logout/, 0, /^$/, /Successfully logged out/],
  [/ shim status/, 1, /^codex on PATH: /, /^$/],
  [/\$\(codex-account-server completion|completion \w+(\)| \|)/, 0, /^$/, /^$/],
  [/./, 0, /./, /^$/],
];

const installed = shells.filter((shell) => shell === 'sh' || spawnSync(shell, ['-c', 'true']).status === 0);

test.each(examples.filter(({ shell }) => installed.includes(shell)))('$line', async (example) => {
  const [, how, stdout, stderr] = endings.find(([pattern]) => pattern.test(example.line)) ?? [];
  expect(await run(example)).toEqual({
    how,
    stdout: expect.stringMatching(stdout ?? '') as string,
    stderr: expect.stringMatching(stderr ?? '') as string,
  });
});

test('the Python program of README.md prints each window', async () => {
  const [, program = ''] = /^```python\n(.*?)^```/ms.exec(readFileSync('README.md', 'utf8')) ?? [];
  expect(await run({ shell: 'sh', line: `python3 - <<'END'\n${program}END` })).toEqual({
    how: 0,
    stdout: 'codex 300 minutes: 0 %\ncodex 10080 minutes: 0 %\ncodex_extra 300 minutes: 10 %\n',
    stderr: '',
  });
});

describe('the page of a command', () => {
  // The options of the server are on the page of the protocol.
  const commands = completedCommands.filter(({ name }) => name !== 'app-server');
  test.each(commands)('has the options and fields that $name --help names', ({ name }) => {
    const { stdout: help } = spawnSync(process.execPath, ['dist/main.cjs', name, '--help'], {
      encoding: 'utf8',
    });
    const options = help.match(/--[a-z][a-z-]*/g) ?? [];
    const fields = [...help.matchAll(/\{(\w+)(:\d+)?\}/g)].map(
      ([, field = '', length]) => `{${field}${length ? ':MINUTES' : ''}}`,
    );
    const part = new RegExp(`^## ${name}\n(.*?)(?=^## |(?![^]))`, 'ms').exec(commandsPage)?.[1] ?? '';
    const section = name === 'usage' ? usagePage : name === 'redeem' ? part + rulePage : part;
    const missing = [...options, ...fields].filter((word) => word !== '--help' && !section.includes(word));
    expect(missing).toEqual([]);
    expect(section).not.toBe('');
  });
});

test.each(Object.keys(methods))('the list of methods has %s', (method) => {
  const [, list = ''] = /^## Methods$(.*?)^## /ms.exec(readFileSync('README.md', 'utf8')) ?? [];
  expect([`\`${method}\``, `\`…/${method.split('/').at(-1)}\``].some((name) => list.includes(name))).toBe(
    true,
  );
});
