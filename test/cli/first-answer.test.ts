import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPlainInitialize } from '../../src/protocol/plain-initialize.js';
import { paramShapes } from '../../src/protocol/param-shapes.js';
import { valueFromText } from '../../src/server/params-reader.js';
import { parseMessage } from '../../src/framing/message-parser.js';
import { tmpdir } from 'node:os';
import { startBuiltServer, stopServer, withBuiltServer } from '../support/built-server.js';

const clientInfo = { name: 'test', title: null, version: '1.0.0' };
const plain = JSON.stringify({ id: 1, method: 'initialize', params: { clientInfo } });

test.each([
  ['as editors write it', plain],
  ['with blanks, as Python writes it', plain.replaceAll(/([,:])/g, '$1 ')],
  ['with an id of text', plain.replace('"id":1', '"id":"a"')],
  ['with the version of JSON-RPC', plain.replace('{', '{"jsonrpc":"2.0",')],
  ['with capabilities', plain.replace('}}', '},"capabilities":{"experimentalApi":true}}')],
])('a line %s is read without the whole server', (_what, line) => {
  expect(readPlainInitialize(line)?.params.clientInfo).toEqual(clientInfo);
});

test.each([
  ['another method', plain.replace('initialize', 'account/read')],
  ['a member twice', plain.replace('"method"', '"id":2,"method"')],
  ['a name twice in the params', plain.replace('"version"', '"name":"other","version"')],
  ['an id with a fraction', plain.replace('"id":1', '"id":1.5')],
  ['an id beyond 2^53', plain.replace('"id":1', '"id":9007199254740993')],
  ['no id', plain.replace('"id":1,', '')],
  ['a version that is a number', plain.replace('"1.0.0"', '1')],
  ['params by position', plain.replace(JSON.stringify({ clientInfo }), '[["test",null,"1"],null]')],
  ['a capability of the wrong type', plain.replace('}}', '},"capabilities":{"experimentalApi":1}}')],
  ['a letter outside ASCII', plain.replace('test', 'tést')],
  ['half a line', plain.slice(0, -4)],
])('a line with %s is left to the whole server', (_what, line) => {
  expect(readPlainInitialize(line)).toBeUndefined();
});

test('whatever is read without the whole server, the whole server reads the same', () => {
  const value = fc.oneof(
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.constant([]),
    fc.constant({}),
  );
  const object = (names: readonly string[]) =>
    fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
  const message = fc.record({
    id: fc.oneof(fc.integer(), fc.string()),
    method: fc.constant('initialize'),
    params: fc.record({
      clientInfo: fc.oneof(
        { weight: 3, arbitrary: fc.record({ name: fc.string(), version: fc.string(), title: value }) },
        { weight: 1, arbitrary: object(['name', 'version']) },
      ),
      capabilities: fc.option(
        object(['experimentalApi', 'requestAttestation', 'optOutNotificationMethods', 'extensions', 'other']),
      ),
    }),
  });
  fc.assert(
    fc.property(message, fc.constantFrom(0, 1), (request, indent) => {
      const line = JSON.stringify(request, null, indent).replaceAll('\n', '');
      const read = readPlainInitialize(line);
      if (!read) return;
      const parsed = parseMessage(line);
      if (parsed.kind !== 'request') throw new Error('the whole server reads no request');
      expect({
        idText: parsed.idText,
        params: valueFromText(paramShapes.initialize, parsed.paramsText ?? ''),
      }).toEqual({
        idText: read.idText,
        params: expect.objectContaining({}) as unknown,
      });
      expect(valueFromText(paramShapes.initialize, JSON.stringify(read.params))).toEqual(
        valueFromText(paramShapes.initialize, parsed.paramsText ?? ''),
      );
    }),
  );
});

test('what comes with the first line is answered behind it', () =>
  withBuiltServer({}, async ({ server }) => {
    server.write(`${plain}\n{"method":"initialized"}\n{"id":2,"method":"getAuthStatus","params":{}}\n`);
    await server.answer(2);
    expect(server.lines.map((line) => (JSON.parse(line) as { id: unknown }).id)).toEqual([1, 2]);
  }));

test('a second initialize is refused, also where the first one was answered early', () =>
  withBuiltServer({}, async ({ server }) => {
    server.write(`${plain}\n`);
    await server.answer(1);
    server.write(`${plain.replace('"id":1', '"id":2')}\n`);
    expect((await server.answer(2)).error).toMatchObject({ message: 'Already initialized' });
  }));

test('after a first line, a Content-Length header is a line like any other', () =>
  withBuiltServer({}, async ({ server }) => {
    server.write(`${plain}\nContent-Length: 2\n{"id":3,"method":"getAuthStatus","params":{}}\n`);
    await server.answer(3);
    expect(server.lines.map((line) => (JSON.parse(line) as { id: unknown }).id)).toEqual([1, null, 3]);
  }));

test('a client that closes its input at once ends the server', async () => {
  const server = startBuiltServer({ environment: { HOME: tmpdir(), CODEX_HOME: process.env.CODEX_HOME } });
  server.child.stdin.end();
  expect(await server.exited).toEqual({ code: 0, signal: null });
  await stopServer(server);
});
