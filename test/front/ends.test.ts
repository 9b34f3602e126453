import { once } from 'node:events';
import { expect, test } from 'vitest';
import { clientInfo, initialize, linesOf, untilGone, withFront } from './front-fixture.js';
import { unixTest } from '../support/unix-test.js';

test('the end of the input ends both, when what was read is answered', () =>
  withFront({}, async ({ server, events }) => {
    await initialize(server);
    server.send({ id: 1, method: 'a/b' });
    server.send({ id: 2, method: 'account/rateLimits/read' });
    server.child.stdin.end();
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(
      linesOf(server)
        .flatMap(({ id }) => (id === undefined ? [] : [id]))
        .toSorted(),
    ).toEqual([1, 2]);
    expect(events().at(-1)).toMatchObject({ event: 'end' });
  }));

test('at the end of the input, what the real codex asks is answered in the place of the client', () =>
  withFront({}, async ({ server, received }) => {
    await initialize(server);
    server.send({ id: 1, method: 'test/ask', params: {} });
    await server.answer(1);
    server.child.stdin.end();
    await server.exited;
    expect(received().at(-1)).toEqual({ id: 0, error: { code: -32603, message: 'the client has gone' } });
  }));

test('what the real codex asks after the end of the input is answered, too', () =>
  withFront({}, async ({ server }) => {
    server.send({ id: 0, method: 'initialize', params: { clientInfo } });
    server.send({ id: 1, method: 'test/ask', params: { isAwaited: true } });
    server.child.stdin.end();
    await server.exited;
    expect(linesOf(server).at(-1)).toEqual({ id: 1, result: {} });
  }));

unixTest.each([
  ['SIGTERM', { code: 0, signal: null }],
  ['SIGINT', { code: null, signal: 'SIGINT' }],
  ['SIGHUP', { code: null, signal: 'SIGHUP' }],
] as const)('%s ends both', (signal, exit) =>
  withFront({}, async ({ server, events }) => {
    await initialize(server);
    server.send({ id: 1, method: 'a/b' });
    await server.answer(1);
    server.child.kill(signal);
    expect(await server.exited).toEqual(exit);
    await untilGone(events()[0]?.pid);
  }),
);

unixTest('SIGINT answers what the real codex owes', () =>
  withFront({}, async ({ server, events }) => {
    await initialize(server);
    server.send({ id: 1, method: 'a/b' });
    server.send({ id: 2, method: 'test/never' });
    await server.answer(1);
    server.child.kill('SIGINT');
    await server.exited;
    expect(linesOf(server).at(-1)).toMatchObject({ id: 2, error: { data: { kind: 'shuttingDown' } } });
    await untilGone(events()[0]?.pid);
  }),
);

test('SIGKILL of ours ends the real codex', () =>
  withFront({}, async ({ server, events }) => {
    await initialize(server);
    server.send({ id: 1, method: 'a/b' });
    await server.answer(1);
    server.child.kill('SIGKILL');
    await server.exited;
    await untilGone(events()[0]?.pid);
    // It ends by itself, as its input ends. Windows kills it with our server.
    expect(events().at(-1)?.event).toBe(process.platform === 'win32' ? 'message' : 'end');
  }));

test('a broken output ends both, also a real codex that goes on without input', () =>
  withFront({ standIn: { ignoresEnd: true } }, async ({ server, events }) => {
    await initialize(server);
    server.send({ id: 1, method: 'a/b' });
    await server.answer(1);
    server.child.stdout.destroy();
    await once(server.child.stdout, 'close');
    server.send({ id: 2, method: 'a/b' });
    expect((await server.exited).code).toBe(0);
    await untilGone(events()[0]?.pid);
  }));
