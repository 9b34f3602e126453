import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startBuiltServer, stopServer, withBuiltServer } from '../support/processes/built-server.js';
import { answerOf, initialize, linesOf, standInPath, withFront } from './front-fixture.js';
import { unixTest } from '../support/unix-test.js';

interface UnavailableError {
  readonly code: number;
  readonly message: string;
  readonly data: { readonly kind: string; readonly stderr?: string; readonly retryAfterMs?: number };
}

/** Runs `act` with a folder for a script that a test writes. */
async function withScript(text: string, mode: number, act: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'front-script-'));
  const path = join(folder, 'codex');
  writeFileSync(path, text);
  chmodSync(path, mode);
  try {
    await act(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function unavailable(problem: string, data: object = {}): object {
  const message = `the upstream codex ${problem}`;
  return { code: -32603, message, data: { kind: 'upstreamUnavailable', ...data } };
}

/** Windows does not say that a program was killed. */
const killed = unavailable(process.platform === 'win32' ? 'has ended (exit code 1)' : 'has ended (SIGKILL)');

/** Starts the upstream with two requests, one of ours behind them, and returns the errors of the two. */
async function errorsOf(upstream: string, standIn = {}): Promise<unknown[]> {
  const errors: unknown[] = [];
  await withFront({ upstream, standIn }, async ({ server }) => {
    await initialize(server);
    server.send({ id: 1, method: 'model/list' });
    server.send({ id: 2, method: 'thread/start' });
    server.send({ id: 3, method: 'account/read' });
    errors.push((await server.answer(1)).error, (await server.answer(2)).error);
    expect(await server.answer(3)).toHaveProperty('result');
    expect(linesOf(server)).toHaveLength(3);
  });
  return errors;
}

test('a program that does not exist fails what waits for it', async () => {
  const error = unavailable('cannot be started: ENOENT');
  expect(await errorsOf('/nonexistent/codex')).toEqual([error, error]);
});

unixTest('a program that would need more open files than are left', () =>
  withScript('#!/bin/sh\n', 0o755, async (path) => {
    const args = ['app-server', '--upstream', path];
    const environment = { HOME: dirname(path), CODEX_HOME: dirname(path) };
    const usual = startBuiltServer({ args, environment });
    await initialize(usual);
    const openFiles = readdirSync(`/proc/${usual.child.pid}/fd`).length;
    await stopServer(usual);
    const launcher = ['sh', '-c', `ulimit -n ${openFiles + 3}; exec "$@"`, 'sh'];
    const server = startBuiltServer({ args, environment, launcher });
    await initialize(server);
    server.send({ id: 1, method: 'model/list' });
    expect((await server.answer(1)).error).toEqual(unavailable('cannot be started: EMFILE'));
    await stopServer(server);
  }),
);

unixTest('a file that is not executable, and a folder', async () => {
  await withScript('#!/bin/sh\n', 0o644, async (path) => {
    expect(await errorsOf(path)).toEqual(Array(2).fill(unavailable('cannot be started: EACCES')));
  });
  expect(await errorsOf(tmpdir())).toEqual(Array(2).fill(unavailable('cannot be started: EACCES')));
});

test('a program that ends at once: the error has the last lines of its stderr, without secrets', async () => {
  const stderr = `first\n\u001b[31mERROR\u001b[0m no login of canary-x me@example.org eyJhbGciOi.abc.def\n`;
  const error = unavailable('has ended (exit code 3)', {
    stderr: 'first\nERROR no login of canary-x <redacted> <redacted>',
  });
  await withFront(
    { standIn: { exitCode: 3, stderr: stderr.replace('canary-x', 'x') } },
    async ({ server }) => {
      await initialize(server);
      server.send({ id: 1, method: 'a/b' });
      const answer = await server.answer(1);
      expect(answer.error).toEqual(JSON.parse(JSON.stringify(error).replace('canary-x', 'x')));
      expect(server.stderr()).toContain('no login of x');
    },
  );
});

test('of a long stderr the error has whole lines, at most 4 KiB', () =>
  withFront({}, async ({ server }) => {
    await initialize(server);
    const text = Array.from({ length: 1000 }, (_, index) => `line ${index}\n`).join('');
    server.send({ id: 1, method: 'test/stderr', params: { text } });
    await server.answer(1);
    while (!server.stderr().includes('line 999\n')) await new Promise((done) => setImmediate(done));
    server.send({ id: 2, method: 'test/die' });
    const { data } = (await server.answer(2)).error as UnavailableError;
    expect(data.stderr).toMatch(/^line \d+\n(line \d+\n)+line 999$/);
    expect(data.stderr?.length).toBeLessThan(4096);
  }));

unixTest.each([
  ['cat', 'echoes what it gets', '#!/bin/sh\nexec cat\n'],
  ['yes', 'writes without end', '#!/bin/sh\nexec yes\n'],
])('%s is another program: it %s', (_name, _what, script) =>
  withScript(script, 0o755, async (path) => {
    const error = unavailable('does not speak the protocol of codex app-server');
    expect(await errorsOf(path)).toEqual([error, error]);
  }),
);

test('a few foreign lines before the answer are dropped', () =>
  withFront({ standIn: { garbage: 1000 } }, async ({ server }) => {
    await initialize(server);
    server.send({ id: 1, method: 'a/b' });
    expect(await server.answer(1)).toEqual(answerOf(1, 'a/b'));
  }));

test('initialize that is refused', async () => {
  const error = unavailable('has refused initialize');
  expect(await errorsOf(standInPath, { answer: 'error' })).toEqual([error, error]);
});

test('lines that are no messages are dropped later, too', () =>
  withFront({}, async ({ server }) => {
    await initialize(server);
    const text =
      'garbage\n[]\n{"method":\n{"id":"\\x","result":1}\n{"method":"a","id":"\\x"}\n{"id":null,"result":1}\n{"method":"x","params":{}\n{"result":{}}\n\n{"id":999,"result":{}}\n';
    server.send({ id: 1, method: 'test/write', params: { text } });
    await server.answer(1);
    expect(linesOf(server)).toHaveLength(2);
  }));

test('a crash fails what is owed, the next request starts it again, and late answers are dropped', () =>
  withFront({}, async ({ server, events, received }) => {
    await initialize(server);
    server.send({ id: 1, method: 'test/ask', params: { number: 1 } });
    await server.answer(1);
    server.send({ id: 2, method: 'test/never' });
    server.send({ id: 3, method: 'test/die' });
    server.send({ id: 4, method: 'account/read' });
    expect((await server.answer(2)).error).toEqual(killed);
    expect((await server.answer(3)).error).toEqual(killed);
    await server.answer(4);
    server.send({ id: 5, method: 'test/ask', params: { number: 2 } });
    await server.answer(5);
    server.send({ id: 1, result: 'of the first run' });
    server.send({ id: 2, result: 'of the second run' });
    server.send({ id: 6, method: 'a/b' });
    await server.answer(6);
    expect(events().filter(({ event }) => event === 'start')).toHaveLength(2);
    const answers = received().filter(({ method }) => method === undefined);
    expect(answers).toEqual([{ id: 0, result: 'of the second run' }]);
  }));

test('it is started at most five times in three minutes', () =>
  withFront({}, async ({ server, events }) => {
    await initialize(server);
    for (let id = 1; id <= 5; id += 1) {
      server.send({ id, method: 'test/die' });
      expect((await server.answer(id)).error).toEqual(killed);
    }
    server.send({ id: 6, method: 'test/die' });
    const { message, data } = (await server.answer(6)).error as UnavailableError;
    expect(message).toBe('the upstream codex was started too often');
    expect(data.retryAfterMs).toBeGreaterThan(0);
    expect(data.retryAfterMs).toBeLessThanOrEqual(180_000);
    expect(events().filter(({ event }) => event === 'start')).toHaveLength(5);
  }));

test('our own program as the upstream is refused', async () => {
  const own = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));
  const environment = { HOME: tmpdir(), CODEX_HOME: tmpdir(), CODEX_ACCOUNT_SERVER_UPSTREAM: own };
  const server = startBuiltServer({ args: ['app-server'], environment });
  expect(await server.exited).toEqual({ code: 2, signal: null });
  expect(server.stderr()).toBe(
    `Error: the upstream ${JSON.stringify(own)} is this program itself; name the real codex, or use auto\n`,
  );
  await stopServer(server);
});

test('a server that finds no codex on PATH serves the account, and says so', () =>
  withBuiltServer({ args: ['--version'] }, async ({ start }) => {
    const server = start(['app-server', '--upstream', 'auto'], { PATH: '/nowhere' });
    await initialize(server);
    server.send({ id: 1, method: 'model/list' });
    expect((await server.answer(1)).error).toMatchObject({ code: -32600 });
    expect(server.stderr()).toMatch(
      /^warning: only the methods of the account are served: there is no codex on PATH/,
    );
    server.child.stdin.end();
    await server.exited;
  }));

test('a read-only server takes no upstream', async () => {
  const args = ['app-server', '--read-only', '--upstream', standInPath];
  const server = startBuiltServer({ args, environment: { HOME: tmpdir(), CODEX_HOME: tmpdir() } });
  expect(await server.exited).toEqual({ code: 2, signal: null });
  expect(server.stderr()).toContain('--read-only cannot be combined with an upstream');
  await stopServer(server);
});
