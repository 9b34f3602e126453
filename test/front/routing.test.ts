import { expect, test } from 'vitest';
import { withBuiltServer } from '../support/processes/built-server.js';
import {
  answerOf,
  clientInfo,
  greeting,
  initialize,
  linesOf,
  standInPath,
  withFront,
} from './front-fixture.js';

test('account methods never start the real codex', () =>
  withFront({}, async ({ server, events }) => {
    await initialize(server);
    server.send({ method: 'initialized' });
    server.send({ method: 'some/notification' });
    await server.call(1, 'account/read', {});
    await server.call(2, 'account/rateLimits/read');
    await server.call(3, 'config/read', {});
    expect(events()).toEqual([]);
    server.child.stdin.end();
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(events()).toEqual([]);
  }));

test('the first other method starts it with the arguments and the initialize of the client', () => {
  const args = ['-c', 'model=x', '-a', 'untrusted', '-s', 'read-only', 'app-server', '--stdio', '--upstream'];
  const more = [standInPath, '--unknown', 'word', '--strict-config'];
  return withFront({ args: [...args, ...more] }, async ({ server, events, received }) => {
    const params = { clientInfo, capabilities: { optOutNotificationMethods: ['a/b'] }, further: [1.1, null] };
    server.write(`{"id":0,"method":"initialize","params": ${JSON.stringify(params)}}\n`);
    server.send({ method: 'initialized', params: null });
    server.send({ id: 1, method: 'thread/start', params: { cwd: '/é😀' } });
    await server.answer(1);
    expect(events()[0]).toMatchObject({
      args: ['--config=model=x', '--sandbox=read-only', 'app-server', '--strict-config'],
      cwd: process.cwd(),
    });
    expect(received()).toEqual([
      { id: 1, method: 'initialize', params },
      { method: 'initialized', params: null },
      { id: 2, method: 'thread/start', params: { cwd: '/é😀' } },
    ]);
    expect(linesOf(server)).toEqual([greeting, answerOf(1, 'thread/start', { cwd: '/é😀' })]);
  });
});

test('initialized and other notifications are passed on in their place', () =>
  withFront({}, async ({ server, received }) => {
    await initialize(server);
    server.send({ method: 'dropped/before' });
    server.send({ id: 1, method: 'one' });
    server.send({ method: 'initialized' });
    server.send({ method: '$/cancelRequest', params: { id: 1 } });
    server.send({ method: 'behind/one', params: [] });
    server.send({ id: 2, method: 'two' });
    await server.answer(2);
    server.send({ method: 'behind/two' });
    server.send({ id: 3, method: 'three' });
    await server.answer(3);
    const names = received().map(({ method }) => method);
    expect(names).toEqual(['initialize', 'one', 'initialized', 'behind/one', 'two', 'behind/two', 'three']);
  }));

test('before initialize nothing is passed on', () =>
  withFront({}, async ({ server, events }) => {
    server.send({ id: 1, method: 'thread/start' });
    expect(await server.answer(1)).toMatchObject({ error: { code: -32600, message: 'Not initialized' } });
    server.send({ id: 2, method: 'initialize', params: {} });
    server.send({ id: 3, method: 'thread/start' });
    expect(await server.answer(3)).toMatchObject({ error: { message: 'Not initialized' } });
    expect(events()).toEqual([]);
  }));

test('ids are those of the client, also if it uses one for both servers at a time', () =>
  withFront({}, async ({ server }) => {
    await initialize(server);
    server.write(
      ['7', '"7"', '9007199254740993', '7', '"\\u0041"', '-0']
        .map(
          (id) => `{"method":"a/b","params":{"of":${id}},"id":${id}}\n{"id":${id},"method":"account/read"}\n`,
        )
        .join(''),
    );
    server.send({ id: 'last', method: 'a/b' });
    await server.answer('last');
    const passed = server.lines
      .filter((line) => line.includes('"of"'))
      .map((line) => /"id":([^,]+)/.exec(line)?.[1]);
    expect(passed).toEqual(['7', '"7"', '9007199254740993', '7', '"A"', '0']);
    const own = server.lines
      .filter((line) => line.includes('"account"'))
      .map((line) => /"id":([^,]+)/.exec(line)?.[1]);
    expect(own).toEqual(passed);
  }));

test('10,000 requests in one write for both are answered once each', () =>
  withFront({}, async ({ server }) => {
    await initialize(server);
    const ids = Array.from({ length: 10_000 }, (_, index) => index + 1);
    server.write(
      ids
        .map(
          (id) => `${JSON.stringify({ id, method: id % 2 === 0 ? 'a/b' : 'getAuthStatus', params: {} })}\n`,
        )
        .join(''),
    );
    server.child.stdin.end();
    await server.exited;
    const answered = linesOf(server).flatMap(({ id }) => (id === undefined ? [] : [id as number]));
    expect(answered.toSorted((one, other) => one - other)).toEqual(ids);
    const passed = answered.filter((id) => id % 2 === 0);
    expect(passed).toEqual(ids.filter((id) => id % 2 === 0));
  }));

test('an answer is passed as it is', () =>
  withFront({}, async ({ server }) => {
    await initialize(server);
    const text = '{ "result" : {"a":1.10,"b":"}\\"{","c":12345678901234567890} , "id" : 2,"x":[ ] }';
    server.send({ id: 'mine', method: 'test/never' });
    server.send({
      id: 3,
      method: 'test/write',
      params: { text: `${text.replace('"id" : 2', '"id" : 2')}\n` },
    });
    await server.answer(3);
    expect(server.lines[2]).toBe(text.replace('"id" : 2', '"id" : "mine"'));
    server.send({ id: 4, method: 'test/refuse' });
    expect(await server.answer(4)).toEqual({
      id: 4,
      error: { code: -32601, message: 'refused', data: { a: [1, '}'] } },
    });
  }));

test('requests of the real codex get ids of ours, and its answers go back under its own', () =>
  withFront({}, async ({ server, received }) => {
    await initialize(server);
    server.send({ id: 1, method: 'test/ask', params: { number: 1 } });
    server.send({ id: 2, method: 'test/ask', params: { number: 2 } });
    await server.answer(2);
    const asked = linesOf(server).filter(({ method }) => method === 'item/tool/requestUserInput');
    expect(asked.map(({ id, params }) => [id, params])).toEqual([
      [1, { number: 1 }],
      [2, { number: 2 }],
    ]);
    server.send({ id: 3, method: 'test/resolve', params: { requestId: 0 } });
    await server.answer(3);
    expect(linesOf(server)).toContainEqual({
      method: 'serverRequest/resolved',
      params: { threadId: 't', requestId: 1 },
    });
    server.send({ id: 1, result: 'too late' });
    server.send({ id: 'unknown', result: 'dropped' });
    server.send({ id: 2, error: { code: 1, message: 'no' } });
    expect(await server.notification('test/answered')).toMatchObject({
      params: { answer: { id: 1, error: { code: 1, message: 'no' } } },
    });
    expect(received().filter(({ method }) => method === undefined)).toHaveLength(1);
  }));

test('with Content-Length framing the real codex gets lines, and the client gets frames', () =>
  withFront({}, async ({ server, received }) => {
    const send = (message: object): void => {
      const body = JSON.stringify({ jsonrpc: '2.0', ...message }, null, 1);
      server.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    };
    send({ id: 0, method: 'initialize', params: { clientInfo } });
    send({ id: 1, method: 'a/b', params: { c: ['é'] } });
    server.child.stdin.end();
    await server.exited;
    const bodies = server
      .stdout()
      .split(/Content-Length: \d+\r\n\r\n/)
      .slice(1);
    expect(bodies.map((body) => JSON.parse(body) as unknown).slice(1)).toEqual([
      { jsonrpc: '2.0', ...greeting },
      { jsonrpc: '2.0', ...answerOf(1, 'a/b', { c: ['é'] }) },
    ]);
    expect(received()[1]).toEqual({ jsonrpc: '2.0', id: 2, method: 'a/b', params: { c: ['é'] } });
  }));

test('without an upstream the variable being empty, another method is refused', () =>
  withBuiltServer({ environment: { CODEX_ACCOUNT_SERVER_UPSTREAM: '' } }, async ({ server }) => {
    await initialize(server);
    server.send({ id: 1, method: 'model/list' });
    expect(await server.answer(1)).toMatchObject({ error: { code: -32600, data: { kind: 'unsupported' } } });
  }));

test('the variable names the upstream, too', () =>
  withFront(
    { args: ['app-server'], environment: { CODEX_ACCOUNT_SERVER_UPSTREAM: standInPath } },
    async ({ server }) => {
      await initialize(server);
      server.send({ id: 1, method: 'model/list' });
      expect(await server.answer(1)).toEqual(answerOf(1, 'model/list'));
    },
  ));
