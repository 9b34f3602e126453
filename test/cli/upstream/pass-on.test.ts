import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtProgram, createStandIns, type StandIns } from '../../support/processes/stand-in-codex.js';
import { casesOf, unixTest } from '../../support/unix-test.js';

let standIns: StandIns;

beforeAll(() => {
  standIns = createStandIns();
});
afterAll(() => standIns.remove());

function commandFor(upstream: string, ...args: readonly string[]): string[] {
  return [process.execPath, builtProgram, '--upstream', upstream, ...args];
}

test('every argument arrives as it was', async () => {
  const args = [
    'exec',
    'two  blanks',
    '',
    "it's",
    '"quoted"',
    '$HOME `x` \\',
    'ünï 🦀',
    'a\nb',
    '*',
    '--',
    '-c',
  ];
  const { stdout } = await standIns.run(commandFor(standIns.real, ...args));
  expect(Buffer.from(stdout, 'latin1').toString('utf8')).toBe(args.map((arg) => `[${arg}]`).join(''));
});

unixTest('bytes pass on stdin, stdout and stderr', async () => {
  const cat = standIns.writeScript('cat', 'echo warning >&2', 'exec cat');
  const input = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
  const { code, stdout, stderr } = await standIns.run(commandFor(cat, 'exec'), { input });
  expect([code, stderr]).toEqual([0, 'warning\n']);
  expect(Buffer.from(stdout, 'latin1').equals(input)).toBe(true);
});

unixTest('the environment passes, without variables of .env', async () => {
  const show = standIns.writeScript(
    'show',
    'echo "$GREETING $SECRET_OF_DOT_ENV$NODE_TLS_REJECT_UNAUTHORIZED"',
  );
  writeFileSync(join(standIns.folder, '.env'), 'SECRET_OF_DOT_ENV=read\n');
  const environment = { GREETING: 'hello', CODEX_HOME: standIns.folder, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  expect(await standIns.run(commandFor(show, 'exec'), { environment })).toMatchObject({
    stdout: 'hello 0\n',
    stderr: '',
  });
});

unixTest('codex takes the place of this process, or is its child if node cannot do that', async () => {
  const ids = standIns.writeScript('ids', 'echo $$ $PPID; cat');
  const [command = '', ...args] = commandFor(ids, 'exec');
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [chunk] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  child.stdin.end();
  expect(await once(child, 'close')).toEqual([0, null]);
  const [pid, parent] = chunk.trim().split(' ').map(Number);
  expect('execve' in process ? pid : parent).toBe(child.pid);
});

unixTest.each([0, 1, 7, 255])('exit code %i is the exit code', async (code) => {
  const exits = standIns.writeScript(`exits-${code}`, `exit ${code}`);
  expect(await standIns.run(commandFor(exits, 'exec'))).toEqual({
    code,
    signal: null,
    stdout: '',
    stderr: '',
  });
});

unixTest.each(['TERM', 'INT', 'HUP', 'KILL', 'USR2', 'ABRT'])(
  'a death by SIG%s is a death by it',
  async (name) => {
    const dies = standIns.writeScript(`dies-${name}`, 'ulimit -c 0', `kill -${name} $$`);
    expect(await standIns.run(commandFor(dies, 'exec'))).toMatchObject({ code: null, signal: `SIG${name}` });
  },
);

unixTest(
  'a death by a signal that node ignores is its exit code, unless codex has taken the place',
  async () => {
    const dies = standIns.writeScript('dies-PIPE', 'kill -PIPE $$');
    expect(await standIns.run(commandFor(dies, 'exec'))).toMatchObject(
      'execve' in process ? { code: null, signal: 'SIGPIPE' } : { code: 141, signal: null },
    );
  },
);

unixTest.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
  '%s reaches the real codex, which decides',
  async (signal) => {
    const name = signal.slice('SIG'.length);
    const waits = standIns.writeScript(
      `waits-${name}`,
      `trap 'echo got it; exit 9' ${name}`,
      'echo ready',
      'read line',
    );
    // A session of its own has no terminal, so that no key could have sent the signal.
    const [command = '', ...args] = commandFor(waits, 'exec');
    const child = spawn(command, args, { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
    let written = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      written += chunk;
      if (chunk.includes('ready')) child.kill(signal);
    });
    expect(await once(child, 'close')).toEqual([9, null]);
    expect(written).toBe('ready\ngot it\n');
  },
);

const unusable: [what: string, name: string, reason: string][] = [
  ['a path that does not exist', 'nothing', 'does not exist'],
  ['a folder', '.', 'is a folder; name the program in it'],
  ['a file that is not executable', 'plain', 'is not an executable file'],
  ['this program', 'us', 'is this program itself; name the real codex, or use auto'],
  ['a copy of this program', 'copy', 'is this program itself; name the real codex, or use auto'],
];

// Windows has no files that are not executable, and Wine no links.
test.each(casesOf(unusable, ([, name]) => name !== 'plain' && name !== 'us'))(
  '%s as the upstream is exit code 2, and a sentence with the path',
  async (_what, name, reason) => {
    writeFileSync(join(standIns.folder, 'plain'), 'text\n');
    const path = join(standIns.folder, name);
    if (name === 'us') symlinkSync(builtProgram, path);
    if (name === 'copy') standIns.writeScript('copy', '// codex-account-server-program');
    expect(await standIns.run(commandFor(path, 'exec'))).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: `Error: the upstream ${JSON.stringify(path)} ${reason}\n`,
    });
  },
);

unixTest('an interpreter that does not exist is exit code 2', async () => {
  const path = join(standIns.folder, 'broken');
  writeFileSync(path, '#!/no/such/interpreter\n');
  chmodSync(path, 0o755);
  const { code, stdout, stderr } = await standIns.run(commandFor(path, 'exec'));
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toBe(`Error: cannot start the upstream "${path}": No such file or directory (os error 2)\n`);
});

unixTest.each([
  ['starts', ''],
  ['becomes', 'exec '],
])('an upstream that %s this program again comes to an end', async (name, start) => {
  const path = join(standIns.folder, name);
  const count = join(standIns.folder, `${name}-count`);
  const again = [process.execPath, builtProgram, '--upstream', path].map((word) => `'${word}'`).join(' ');
  standIns.writeScript(name, `echo once >>'${count}'`, `${start}${again} "$@"`);
  const { code, stderr } = await standIns.run(commandFor(path, 'exec'));
  expect(code).toBe(2);
  expect(stderr).toBe(
    `Error: the upstream "${path}" starts this program again: 8 processes were started within each other; name the real codex\n`,
  );
});

unixTest('auto takes the next codex on PATH that is not this program', async () => {
  const linked = join(standIns.folder, 'linked');
  mkdirSync(linked);
  symlinkSync(builtProgram, join(linked, 'codex'));
  const folders = ['unusable', 'linked', 'real'].map((name) => join(standIns.folder, name));
  mkdirSync(join(standIns.folder, 'unusable/codex'), { recursive: true });
  const { code, stdout } = await standIns.run(['codex', '--upstream', 'auto', 'exec'], {
    path: folders.slice(1),
  });
  expect([code, stdout]).toEqual([0, '[exec]']);
  expect(await standIns.run(commandFor('auto', 'exec'), { path: folders })).toMatchObject({
    stdout: '[exec]',
  });
});

test('auto without another codex is exit code 2', async () => {
  const environment = { PATH: join(standIns.folder, 'linked') };
  expect(await standIns.run(commandFor('auto', 'exec'), { environment })).toEqual({
    code: 2,
    signal: null,
    stdout: '',
    stderr:
      'Error: there is no codex on PATH other than this program; install it, or name its path with --upstream\n',
  });
});
