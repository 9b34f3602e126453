import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { methods } from '../../src/protocol/methods.js';
import { type AccountFixture, withAccount } from '../support/account-fixture.js';

const clientInfo = { name: 'test', version: '1.0.0' };
const read = '{"id":"read","method":"account/rateLimits/read","params":{"excludeResetCreditDetails":true}}';
const status = '{"id":"status","method":"getAuthStatus","params":{}}';
const statusAnswer =
  '{"id":"status","result":{"authMethod":"chatgpt","authToken":null,"requiresOpenaiAuth":true}}';
const consume =
  '{"id":"consume","method":"account/rateLimitResetCredit/consume","params":{"idempotencyKey":""}}';

function withNewServer(act: (fixture: AccountFixture) => Promise<void>): Promise<void> {
  return withAccount({ isInitialized: false, scenario: 'at-limit' }, act);
}

/** Returns the line of an `initialize` with the id 1. */
function initialize(params: object): string {
  return JSON.stringify({ id: 1, method: 'initialize', params });
}

function refusal(id: unknown, message: string, data: object): string {
  return JSON.stringify({ error: { code: -32600, message, data }, id });
}

function unknownMethod(id: unknown, method: string): string {
  const known = Object.keys(methods).map((name) => `\`${name}\``);
  const message = `Invalid request: unknown variant \`${method}\`, expected one of ${known.join(', ')}`;
  return refusal(id, message, { kind: 'unsupported' });
}

describe('the result of initialize', () => {
  test('initialize returns the members of the server in order', () =>
    withNewServer(async ({ server, authPath }) => {
      const codexHome = JSON.stringify(dirname(authPath));
      expect(await server.ask(initialize({ clientInfo }))).toBe(
        `{"id":1,"result":{"userAgent":"test/0.171.0 (Test 1.0; x86_64) unknown (test; 1.0.0)","codexHome":${codexHome},"platformFamily":"unix","platformOs":"linux"}}`,
      );
    }));

  test.each([
    ['an empty version', 'n', '', 'n/0.171.0 (Test 1.0; x86_64) unknown (n;)'],
    ['a blank before the name', ' lead', '1', ' lead/0.171.0 (Test 1.0; x86_64) unknown (lead; 1)'],
    ['an empty name', '', '1', '/0.171.0 (Test 1.0; x86_64) unknown (; 1)'],
    ['a newline in the version', 'n', '1\n2', 'n/0.171.0 (Test 1.0; x86_64) unknown (n; 1_2)'],
    ['text beyond ASCII', 'né😀', 'ü', 'né😀/0.171.0 (Test 1.0; x86_64) unknown (né😀; ü)'],
    ['non-ASCII text and a newline', 'né😀\t', '1\n2', 'n___/0.171.0 (Test 1.0; x86_64) unknown (n___; 1_2)'],
    ['a tab in the name', 'a\tb', '1', 'a\tb/0.171.0 (Test 1.0; x86_64) unknown (a\tb; 1)'],
  ])('the user agent names a client with %s', (_what, name, version, userAgent) =>
    withNewServer(async ({ server }) => {
      const answer = await server.ask(initialize({ clientInfo: { name, version } }));
      expect(JSON.parse(answer)).toMatchObject({ result: { userAgent } });
    }),
  );
});

describe('the order of checks', () => {
  test('the method is checked before the handshake', () =>
    withNewServer(async ({ server }) => {
      expect(await server.ask('{"id":2,"method":"nope","params":5}')).toBe(unknownMethod(2, 'nope'));
    }));

  test('the params are checked before the handshake', () =>
    withNewServer(async ({ server }) => {
      expect(await server.ask('{"id":2,"method":"account/read","params":{"refreshToken":1}}')).toBe(
        refusal(2, 'Invalid request: invalid type: integer `1`, expected a boolean', {
          kind: 'invalidRequest',
          member: 'refreshToken',
        }),
      );
    }));

  test('the handshake is checked before the checks of the method', () =>
    withNewServer(async ({ server }) => {
      expect(await server.ask(consume)).toBe(
        refusal('consume', 'Not initialized', { kind: 'notInitialized', outcomeKnown: true }),
      );
    }));

  test.each([
    ['account/read', {}],
    ['getAuthStatus', {}],
    ['account/rateLimits/read', {}],
    ['account/rateLimitResetCredit/consume', { idempotencyKey: 'key-1' }],
  ])('%s before initialize is refused, and nothing is sent', (method, params) =>
    withNewServer(async ({ server, backend }) => {
      const answer = JSON.parse(await server.ask(JSON.stringify({ id: 2, method, params }))) as object;
      expect(answer).toMatchObject({
        error: { code: -32600, message: 'Not initialized', data: { kind: 'notInitialized' } },
      });
      expect(backend.requests).toEqual([]);
    }),
  );
});

describe('repeated and failed initialize', () => {
  test('a second initialize is refused, even with another name, and the first stays in force', () =>
    withNewServer(async ({ server, backend }) => {
      await server.ask(initialize({ clientInfo }));
      expect(await server.ask(initialize({ clientInfo: { name: 'other\n', version: '2' } }))).toBe(
        refusal(1, 'Already initialized', { kind: 'invalidRequest' }),
      );
      await server.ask(read);
      expect(backend.requests.map(({ headers }) => headers['user-agent'])).toEqual([
        'test/0.171.0 (Test 1.0; x86_64) unknown (test; 1.0.0)',
      ]);
    }));

  test('a second initialize with malformed params is refused because of the params', () =>
    withNewServer(async ({ server }) => {
      await server.ask(initialize({ clientInfo }));
      expect(await server.ask(initialize({}))).toBe(
        refusal(1, 'Invalid request: missing field `clientInfo`', {
          kind: 'invalidRequest',
          member: 'clientInfo',
        }),
      );
    }));

  test.each([
    ['a newline', 'a\nb'],
    ['NUL', 'a\0b'],
    ['DEL', 'a\u007fb'],
  ])('a client name with %s is refused', (_what, name) =>
    withNewServer(async ({ server }) => {
      expect(await server.ask(initialize({ clientInfo: { name, version: '1' } }))).toBe(
        refusal(1, `Invalid clientInfo.name: '${name}'. Must be a valid HTTP header value.`, {
          kind: 'invalidRequest',
          member: 'clientInfo.name',
        }),
      );
    }),
  );

  test('a failed initialize can be repeated', () =>
    withNewServer(async ({ server }) => {
      await server.ask(initialize({ clientInfo: { name: '\n', version: '1' } }));
      await server.ask(initialize({ clientInfo: {} }));
      expect(await server.ask(status)).toBe(refusal('status', 'Not initialized', { kind: 'notInitialized' }));
      await server.ask(initialize({ clientInfo }));
      expect(await server.ask(status)).toBe(statusAnswer);
    }));

  test('an initialize without an id gets no response and has no effect', () =>
    withNewServer(async ({ server }) => {
      server.write(`${JSON.stringify({ method: 'initialize', params: { clientInfo } })}\n`);
      expect(await server.ask(status)).toBe(refusal('status', 'Not initialized', { kind: 'notInitialized' }));
    }));

  test('requests in the same write as initialize are answered', () =>
    withNewServer(async ({ server }) => {
      server.write(`${initialize({ clientInfo })}\n{"method":"initialized"}\n${status}\n`);
      expect((await server.untilLines(2))[1]).toBe(statusAnswer);
    }));
});

describe('unknown methods', () => {
  test('initialized with an id is an unknown method', () =>
    withNewServer(async ({ server }) => {
      await server.ask(initialize({ clientInfo }));
      expect(await server.ask('{"id":2,"method":"initialized"}')).toBe(unknownMethod(2, 'initialized'));
    }));

  test.each([
    '',
    ' account/read',
    'GetAuthStatus',
    'account',
    'toString',
    '__proto__',
    '$/cancelRequest',
    'rpc.discover',
    'a`b\n"\\\u0001',
    'é😀',
  ])('%j is an unknown method, shown unchanged', (method) =>
    withNewServer(async ({ server }) => {
      await server.ask(initialize({ clientInfo }));
      expect(await server.ask(JSON.stringify({ id: 2, method }))).toBe(unknownMethod(2, method));
    }),
  );

  test('initialize is the first method in the list of known methods', () => {
    expect(Object.keys(methods)[0]).toBe('initialize');
  });
});

test.each([
  ['the value null', null],
  ['no members', {}],
  ['unknown members', { other: 1 }],
  ['null lists and maps', { optOutNotificationMethods: null, extensions: null }],
  [
    'opt-outs of methods that the test calls',
    { optOutNotificationMethods: ['getAuthStatus', 'initialize', ''] },
  ],
  ['all members', { experimentalApi: true, requestAttestation: true, extensions: { a: [1] } }],
  ['members by position', [true, true, true, true, true, null, null]],
])('capabilities with %s do not change the responses', (_what, capabilities) =>
  withNewServer(async ({ server }) => {
    const answer = await server.ask(initialize({ clientInfo, capabilities }));
    expect(JSON.parse(answer)).toMatchObject({ id: 1, result: { platformFamily: 'unix' } });
    expect(await server.ask(status)).toBe(statusAnswer);
  }),
);
