import { describe, expect, test } from 'vitest';
import { type AccountFixture, withAccount } from '../../support/account-fixture.js';

const statusResult = '{"authMethod":"chatgpt","authToken":null,"requiresOpenaiAuth":true}';
const next = '{"id":"next","method":"getAuthStatus","params":{}}';
const nextAnswer = `{"id":"next","result":${statusResult}}`;

/** Returns the line of a `getAuthStatus`; the id is JSON. */
function status(id: string): string {
  return `{"id":${id},"method":"getAuthStatus","params":{}}`;
}

/** Returns the response to a line that is not a usable request; the id is JSON. */
function refusal(message: string, id = 'null'): string {
  return `{"error":{"code":-32600,"message":"Invalid request: ${message}","data":{"kind":"invalidRequest"}},"id":${id}}`;
}

function parseError(message: string): string {
  return `{"error":{"code":-32700,"message":"Parse error: ${message}","data":{"kind":"parseError"}},"id":null}`;
}

/** Returns a line with a value in its params that nests this deep. */
function nested(id: number, depth: number): string {
  return `{"id":${id},"method":"getAuthStatus","params":{"x":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
}

/** Writes a text that is not a message and then a request; resolves with the received lines. */
async function linesAfter(
  { server }: AccountFixture,
  bytes: string | Uint8Array,
  count: number,
): Promise<string[]> {
  server.write(bytes);
  server.write(`\n${next}\n`);
  return (await server.untilLines(1 + count)).slice(1);
}

describe('ids', () => {
  test.each([
    '0',
    '-1',
    '9007199254740993',
    '-9223372036854775808',
    '9223372036854775807',
    '""',
    '"1"',
    '"null"',
    String.raw`"\u0000\n\"\\"`,
    '"é😀\u2028\u007f"',
  ])('the id %s is returned unchanged', (id) =>
    withAccount({}, async ({ server }) => {
      expect(await server.ask(status(id))).toBe(`{"id":${id},"result":${statusResult}}`);
    }),
  );

  test('an id may be long', () =>
    withAccount({}, async ({ server }) => {
      const id = `"${'x'.repeat(1_000_000)}"`;
      expect(await server.ask(status(id))).toBe(`{"id":${id},"result":${statusResult}}`);
    }));

  test('an id with needless escapes is returned as the same string', () =>
    withAccount({}, async ({ server }) => {
      expect(await server.ask(status(String.raw`"\u0061\/\ud83d\ude00"`))).toBe(
        `{"id":"a/😀","result":${statusResult}}`,
      );
    }));

  test('two concurrent requests with the same id get a response each', () =>
    withAccount({}, async ({ server }) => {
      server.write(`${status('1')}\n${status('"1"')}\n${status('1')}\n`);
      expect((await server.untilLines(4)).slice(1)).toEqual(
        ['1', '"1"', '1'].map((id) => `{"id":${id},"result":${statusResult}}`),
      );
    }));
});

describe('requests', () => {
  test('the error comes before the id, its code first and its data last', () =>
    withAccount({}, async ({ server }) => {
      expect(await server.ask('{"jsonrpc":"2.0","id":5,"method":"account/read","params":[1]}')).toBe(
        '{"error":{"code":-32600,"message":"Invalid request: invalid type: integer `1`, expected a boolean","data":{"kind":"invalidRequest","member":"refreshToken"}},"id":5}',
      );
    }));

  test.each([
    ['a jsonrpc member', `{"jsonrpc":"2.0",${next.slice(1)}`],
    ['another jsonrpc version', `{"jsonrpc":{},${next.slice(1)}`],
    ['unknown members', `{"a":{"id":1},"":[],${next.slice(1)}`],
    ['another order', '{"params":{},"method":"getAuthStatus","id":"next"}'],
    ['a result and an error', `{"result":1,"error":{},${next.slice(1)}`],
    ['no trace', `{"trace":null,${next.slice(1)}`],
    ['an empty trace', `{"trace":{},${next.slice(1)}`],
    ['a trace', `{"trace":{"traceparent":"x","tracestate":null,"a":1},${next.slice(1)}`],
    ['blanks and a CR around it', ` \t\r${next} \t\r\r`],
    ['a byte order mark', `\ufeff${next}`],
  ])('a request with %s gets an ordinary response', (_what, line) =>
    withAccount({}, async ({ server }) => {
      expect(await server.ask(line)).toBe(nextAnswer);
    }),
  );

  test('a request is read byte by byte, with its characters split', () =>
    withAccount({}, async ({ server }) => {
      for (const byte of Buffer.from(`${status('"é😀"')}\n`)) server.write(Uint8Array.of(byte));
      expect((await server.untilLines(2))[1]).toBe(`{"id":"é😀","result":${statusResult}}`);
    }));
});

describe('lines that are not requests', () => {
  test.each([
    'nope',
    "{'id':1}",
    '{"id":1,"method":"getAuthStatus","params":{}',
    `${status('1')} x`,
    `${status('1')} ${status('2')}`,
    `${status('1')},`,
    `${status('1')} // x`,
    '{"id":01,"method":"getAuthStatus"}',
    '{"id":1,"method":"getAuthStatus","params":NaN}',
    '{"id":1,"method":"a\tb"}',
    `\u00a0${status('1')}`,
    `\f${status('1')}`,
    `\0${status('1')}`,
  ])('%j is a parse error, and the next request works', (line) =>
    withAccount({}, async (fixture) => {
      expect(await linesAfter(fixture, line, 2)).toEqual([parseError('not JSON'), nextAnswer]);
    }),
  );

  test('every line of a message that spans several lines gets a response', () =>
    withAccount({}, async (fixture) => {
      expect(await linesAfter(fixture, '{\n"id":1\n}', 4)).toEqual([
        parseError('not JSON'),
        parseError('not JSON'),
        parseError('not JSON'),
        nextAnswer,
      ]);
    }));

  test.each([String.raw`\ud800`, String.raw`\udc00`, String.raw`\ud83d\ud83d\ude00`])(
    'a line with the lone surrogate %s is a parse error',
    (escape) =>
      withAccount({}, async (fixture) => {
        const line = `{"id":1,"method":"getAuthStatus","params":{"x":"${escape}"}}`;
        expect(await linesAfter(fixture, line, 2)).toEqual([
          parseError('lone surrogate in a string'),
          nextAnswer,
        ]);
      }),
  );

  test('a line that is not UTF-8 is a parse error, and the next request works', () =>
    withAccount({}, async (fixture) => {
      const line = Buffer.concat([Buffer.from('{"id":1,"method":"'), Buffer.of(0xff), Buffer.from('"}')]);
      expect(await linesAfter(fixture, line, 2)).toEqual([parseError('not UTF-8'), nextAnswer]);
    }));

  test.each([
    [`[${status('1')},${status('2')}]`, refusal('batches are not supported')],
    ['[]', refusal('batches are not supported')],
    ['5', refusal('not an object')],
    ['"x"', refusal('not an object')],
    ['null', refusal('not an object')],
    ['true', refusal('not an object')],
    ['{}', refusal('missing field `method`')],
    ['{"params":{}}', refusal('missing field `method`')],
    ['{"id":7,"params":{}}', refusal('missing field `method`', '7')],
    ['{"id":"x"}', refusal('missing field `method`', '"x"')],
    ['{"id":9007199254740993,"method":5}', refusal('`method` is not a string', '9007199254740993')],
    ['{"id":7,"method":null}', refusal('`method` is not a string', '7')],
    ['{"id":7,"method":["getAuthStatus"]}', refusal('`method` is not a string', '7')],
    ['{"method":5}', refusal('`method` is not a string')],
    [`{"id":6,${status('7').slice(1)}`, refusal('duplicate field `id`')],
    [`{"method":"x",${status('7').slice(1)}`, refusal('duplicate field `method`')],
    [`{"params":null,${status('7').slice(1)}`, refusal('duplicate field `params`')],
    [`{"trace":5,${status('7').slice(1)}`, refusal('`trace` is not a trace context', '7')],
    [`{"trace":[],${status('7').slice(1)}`, refusal('`trace` is not a trace context', '7')],
    [`{"trace":{"tracestate":5},${status('7').slice(1)}`, refusal('`trace` is not a trace context', '7')],
  ])('%s gets one error, and the next request works', (line, answer) =>
    withAccount({}, async (fixture) => {
      expect(await linesAfter(fixture, line, 2)).toEqual([answer, nextAnswer]);
    }),
  );

  test.each([
    ...['null', 'true', '1.5', '1.0', '1e3', '[]', '[1]', '{}'],
    ...['9223372036854775808', '-9223372036854775809', '18446744073709551616'],
  ])('a consume with the id %s is refused and not sent', (id) =>
    withAccount({ scenario: 'at-limit' }, async (fixture) => {
      const line = `{"id":${id},"method":"account/rateLimitResetCredit/consume","params":{"idempotencyKey":"key-1"}}`;
      const answer = refusal('the id is neither a string nor a 64-bit integer');
      expect(await linesAfter(fixture, line, 2)).toEqual([answer, nextAnswer]);
      expect(fixture.backend.requests).toEqual([]);
    }),
  );
});

describe('nesting', () => {
  test('a value in params may nest 125 deep', () =>
    withAccount({}, async ({ server }) => {
      expect(await server.ask(nested(7, 125))).toBe(`{"id":7,"result":${statusResult}}`);
    }));

  test.each([126, 100_000])('a value in params that nests %i deep is refused', (depth) =>
    withAccount({}, async (fixture) => {
      const answer = refusal('nested deeper than 127 levels', '7');
      expect(await linesAfter(fixture, nested(7, depth), 2)).toEqual([answer, nextAnswer]);
    }),
  );
});

test.each([
  [
    'a consume without an id',
    '{"method":"account/rateLimitResetCredit/consume","params":{"idempotencyKey":"key-1"}}',
  ],
  ['a read without an id', '{"method":"account/rateLimits/read"}'],
  ['an unknown notification', '{"method":"nope","params":5}'],
  ['a cancellation', '{"method":"$/cancelRequest","params":{"id":"next"}}'],
  ['exit', '{"method":"exit"}'],
  ['a result', '{"id":1,"result":{}}'],
  ['a result with an unusable id', '{"id":null,"result":null}'],
  ['an error', '{"id":"x","error":{"code":1,"message":"m"}}'],
  ['an empty line', ''],
  ['a blank line', ' \t\r'],
])('%s gets no response and has no effect', (_what, line) =>
  withAccount({ scenario: 'at-limit' }, async (fixture) => {
    expect(await linesAfter(fixture, line, 1)).toEqual([nextAnswer]);
    expect(await fixture.server.end()).toHaveLength(2);
    expect(fixture.backend.requests).toEqual([]);
  }),
);
