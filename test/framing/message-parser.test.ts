import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMessage } from '../../src/framing/message-parser.js';
import { spacedJson, withBlanks } from '../support/spaced-json.js';

/** A piece of the raw text between the quotes of a JSON string. */
const stringPieces = fc.oneof(
  fc.constantFrom(
    '\\ud83d',
    '\\uDE00',
    '\\ud83d\\ude00',
    '\\\\',
    '\\"',
    '\\n',
    'ud800',
    '\\u0061',
    'é',
    '😀',
  ),
  fc.integer({ min: 0xd700, max: 0xe0ff }).map((unit) => `\\u${unit.toString(16)}`),
);

test('any text is a message, and none makes the parser throw', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    spacedJson.map(({ text }) => text),
  );
  const kinds = ['request', 'notification', 'response', 'invalid'];
  fc.assert(
    fc.property(texts, (text) => {
      expect(kinds).toContain(parseMessage(text).kind);
    }),
  );
});

test('a request keeps every digit of its integer id, its method and the text of its params', () => {
  const ids = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const methods = fc.string({ unit: 'binary' });
  const params = spacedJson.filter(({ compact }) => compact !== 'null');
  fc.assert(
    fc.property(ids, methods, params, (id, method, { text }) => {
      const line = ` {"params":${text},"id": ${id} ,"method":${JSON.stringify(method)}}\r`;
      expect(parseMessage(line)).toEqual({
        kind: 'request',
        idText: `${id}`,
        method,
        paramsText: text.trim(),
      });
    }),
  );
});

test('an integer id beyond 64 bits is refused', () => {
  const beyond = fc.oneof(
    fc.bigInt({ min: 2n ** 63n, max: 10n ** 40n }),
    fc.bigInt({ min: -(10n ** 40n), max: -(2n ** 63n) - 1n }),
  );
  fc.assert(
    fc.property(beyond, (id) => {
      expect(parseMessage(`{"id":${id},"method":"m"}`)).toEqual({
        kind: 'invalid',
        reason: 'invalidRequest',
        idText: 'null',
        message: 'Invalid request: the id is neither a string nor a 64-bit integer',
      });
    }),
  );
});

test('a string id is returned as the same string', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (id) => {
      const message = parseMessage(`{"id":${JSON.stringify(id)},"method":"m"}`);
      expect(message.kind === 'request' && JSON.parse(message.idText)).toBe(id);
    }),
  );
});

test('a message is refused for a lone surrogate exactly when one of its strings holds one', () => {
  fc.assert(
    fc.property(fc.array(stringPieces), (pieces) => {
      const raw = `"${pieces.join('')}"`;
      const isWhole = !/\p{Cs}/u.test(JSON.parse(raw) as string);
      const message = parseMessage(`{"id":1,"method":"m","params":{"a":${raw}}}`);
      expect(message.kind).toBe(isWhole ? 'request' : 'invalid');
    }),
    { numRuns: 1000 },
  );
});

test('white space between the tokens has no effect', () => {
  const message = { jsonrpc: '2.0', id: 7, method: 'm', trace: null, other: [{ id: 8 }] };
  fc.assert(
    fc.property(withBlanks(fc.constant(message)), ({ text }) => {
      expect(parseMessage(text)).toEqual({
        kind: 'request',
        idText: '7',
        method: 'm',
        paramsText: undefined,
      });
    }),
  );
});

test('null params count as absent', () => {
  expect(parseMessage('{"method":"m","params":null}')).toEqual({
    kind: 'notification',
    method: 'm',
    paramsText: undefined,
  });
});

test('members inside params do not belong to the envelope', () => {
  expect(parseMessage('{"method":"m","params":{"id":1,"id":2,"method":3}}')).toEqual({
    kind: 'notification',
    method: 'm',
    paramsText: '{"id":1,"id":2,"method":3}',
  });
});

test('a method together with a result is a request', () => {
  expect(parseMessage('{"id":1,"method":"m","result":1,"error":2}')).toEqual({
    kind: 'request',
    idText: '1',
    method: 'm',
    paramsText: undefined,
  });
});

test.each([
  ['{"id":1,"result":{"a":1}}', '1', { a: 1 }],
  ['{"id":"x","error":null}', '"x"', undefined],
  ['{"id":1,"result":{"a":1},"error":null,"method":null}', '1', { a: 1 }],
  ['{"id":1,"result":null,"error":{},"method":null}', '1', undefined],
  ['{"id":1,"error":{},"method":null}', '1', undefined],
  ['{"id":9007199254740993,"result":1,"error":{}}', '9007199254740993', undefined],
  ['{"result":1}', undefined, 1],
  ['{"id":[],"error":{}}', undefined, undefined],
])('%s is a response', (line, idText, result) => {
  expect(parseMessage(line)).toEqual({ kind: 'response', idText, result });
});

test('escapes in the method and in the names of the envelope are decoded', () => {
  expect(parseMessage(String.raw`{"\u0069d":1,"m\u0065thod":"a\/b\u0063"}`)).toEqual({
    kind: 'request',
    idText: '1',
    method: 'a/bc',
    paramsText: undefined,
  });
});

/**
 * https://github.com/nodejs/node/issues/63785: V8 13.6 takes `i\u0064` for `i\` once it has parsed a member named so.
 */
test('a name with an escape is read correctly after a name with a backslash', () => {
  parseMessage(String.raw`{"method":"m","i\\":0}`);
  expect(parseMessage(String.raw`{"method":"m","i\u0064":1}`)).toEqual({
    kind: 'request',
    idText: '1',
    method: 'm',
    paramsText: undefined,
  });
});
