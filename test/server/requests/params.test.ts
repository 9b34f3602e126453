import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';

const read = 'account/read';
const limits = 'account/rateLimits/read';
const consume = 'account/rateLimitResetCredit/consume';

/** Returns the error for these params, which are sent as the given text. */
async function errorOf(method: string, params?: string): Promise<unknown> {
  let error: unknown;
  await withAccount({ isInitialized: method !== 'initialize' }, async ({ server, backend }) => {
    const member = params === undefined ? '' : `,"params":${params}`;
    const answer = await server.ask(`{"id":"x","method":"${method}"${member}}`);
    ({ error } = JSON.parse(answer) as { error: unknown });
    expect(backend.requests).toEqual([]);
  });
  return error;
}

function refusal(text: string, member: string, details: object = {}): object {
  return {
    code: -32600,
    message: `Invalid request: ${text}`,
    data: { kind: 'invalidRequest', member, ...details },
  };
}

test.each([
  ['initialize', undefined],
  ['initialize', 'null'],
  ['getAuthStatus', undefined],
  ['getAuthStatus', 'null'],
])('%s needs params, %s are missing', async (method, params) => {
  expect(await errorOf(method, params)).toEqual(refusal('missing field `params`', 'params'));
});

test.each([
  ['true', 'boolean `true`'],
  ['false', 'boolean `false`'],
  ['0', 'integer `0`'],
  ['-3', 'integer `-3`'],
  ['9007199254740993', 'integer `9007199254740993`'],
  ['9223372036854775807', 'integer `9223372036854775807`'],
  ['-9223372036854775808', 'integer `-9223372036854775808`'],
  ['18446744073709551615', 'integer `18446744073709551615`'],
  ['1.5', 'floating point `1.5`'],
  ['1.0', 'floating point `1.0`'],
  ['-0.0', 'floating point `-0.0`'],
  ['1e-7', 'floating point `1e-7`'],
  ['"x"', 'string "x"'],
])('params that are %s are not a struct', async (params, found) => {
  expect(await errorOf(limits, params)).toEqual(
    refusal(`invalid type: ${found}, expected struct GetAccountRateLimitsParams`, 'params'),
  );
});

test.each([
  ['initialize', 'InitializeParams'],
  ['account/read', 'GetAccountParams'],
  ['getAuthStatus', 'GetAuthStatusParams'],
  ['account/rateLimits/read', 'GetAccountRateLimitsParams'],
])('the params of %s must be a %s', async (method, struct) => {
  expect(await errorOf(method, '5')).toEqual(
    refusal(`invalid type: integer \`5\`, expected struct ${struct}`, 'params'),
  );
});

test.each([
  ['initialize', '{}', 'clientInfo'],
  ['initialize', '{"clientInfo":{}}', 'clientInfo.name'],
  ['initialize', '{"clientInfo":{"title":"t"}}', 'clientInfo.name'],
  ['initialize', '{"clientInfo":{"name":"n"}}', 'clientInfo.version'],
  ['initialize', '{"ClientInfo":{},"capabilities":null}', 'clientInfo'],
])('%s with %s lacks %s', async (method, params, member) => {
  const name = member.split('.').at(-1) ?? '';
  expect(await errorOf(method, params)).toEqual(refusal(`missing field \`${name}\``, member));
});

test.each([
  ['initialize', '{"clientInfo":null}', 'clientInfo', 'null, expected struct ClientInfo'],
  ['initialize', '{"clientInfo":"x"}', 'clientInfo', 'string "x", expected struct ClientInfo'],
  ['initialize', '{"clientInfo":{"name":null}}', 'clientInfo.name', 'null, expected a string'],
  ['initialize', '{"clientInfo":{"title":5}}', 'clientInfo.title', 'integer `5`, expected a string'],
  [
    'initialize',
    '{"clientInfo":{"version":1.0}}',
    'clientInfo.version',
    'floating point `1.0`, expected a string',
  ],
  ['initialize', '{"capabilities":5}', 'capabilities', 'integer `5`, expected struct InitializeCapabilities'],
  [
    'initialize',
    '{"capabilities":{"experimentalApi":null}}',
    'capabilities.experimentalApi',
    'null, expected a boolean',
  ],
  [
    'initialize',
    '{"capabilities":{"requestAttestation":"x"}}',
    'capabilities.requestAttestation',
    'string "x", expected a boolean',
  ],
  [
    'initialize',
    '{"capabilities":{"optOutNotificationMethods":{}}}',
    'capabilities.optOutNotificationMethods',
    'map, expected a sequence',
  ],
  [
    'initialize',
    '{"capabilities":{"optOutNotificationMethods":["a",1]}}',
    'capabilities.optOutNotificationMethods.1',
    'integer `1`, expected a string',
  ],
  ['initialize', '{"capabilities":{"extensions":[]}}', 'capabilities.extensions', 'sequence, expected a map'],
  [read, '{"refreshToken":null}', 'refreshToken', 'null, expected a boolean'],
  [read, '{"refreshToken":0}', 'refreshToken', 'integer `0`, expected a boolean'],
  [read, '{"refreshToken":-0.5}', 'refreshToken', 'floating point `-0.5`, expected a boolean'],
  [
    read,
    '{"refreshToken":9007199254740993}',
    'refreshToken',
    'integer `9007199254740993`, expected a boolean',
  ],
  [read, '{"refreshToken":[1]}', 'refreshToken', 'sequence, expected a boolean'],
  [read, '{"refreshToken":{"a":1}}', 'refreshToken', 'map, expected a boolean'],
  ['getAuthStatus', '{"includeToken":"true"}', 'includeToken', 'string "true", expected a boolean'],
  [
    'getAuthStatus',
    '{"includeToken":null,"refreshToken":1}',
    'refreshToken',
    'integer `1`, expected a boolean',
  ],
  [limits, '{"supportsLunaReserve":null}', 'supportsLunaReserve', 'null, expected a boolean'],
  [limits, '{"excludeResetCreditDetails":1}', 'excludeResetCreditDetails', 'integer `1`, expected a boolean'],
])('%s with %s: %s is wrong', async (method, params, member, reason) => {
  expect(await errorOf(method, params)).toEqual(refusal(`invalid type: ${reason}`, member));
});

test.each([
  [undefined, 'params', 'missing field `params`'],
  ['null', 'params', 'missing field `params`'],
  ['5', 'params', 'invalid type: integer `5`, expected struct ConsumeAccountRateLimitResetCreditParams'],
  ['{}', 'idempotencyKey', 'missing field `idempotencyKey`'],
  ['{"creditId":"c"}', 'idempotencyKey', 'missing field `idempotencyKey`'],
  ['{"idempotencyKey":null}', 'idempotencyKey', 'invalid type: null, expected a string'],
  [
    '{"idempotencyKey":9007199254740993}',
    'idempotencyKey',
    'invalid type: integer `9007199254740993`, expected a string',
  ],
  ['{"idempotencyKey":"k","creditId":true}', 'creditId', 'invalid type: boolean `true`, expected a string'],
  [
    '[]',
    'idempotencyKey',
    'invalid length 0, expected struct ConsumeAccountRateLimitResetCreditParams with 2 elements',
  ],
  [
    '["k"]',
    'creditId',
    'invalid length 1, expected struct ConsumeAccountRateLimitResetCreditParams with 2 elements',
  ],
  ['["k",5]', 'creditId', 'invalid type: integer `5`, expected a string'],
  ['["k","c","d"]', 'params', 'invalid length 3, expected 2 elements in sequence'],
])('a consume with %s: %s is wrong, and its outcome is known', async (params, member, text) => {
  expect(await errorOf(consume, params)).toEqual(refusal(text, member, { outcomeKnown: true }));
});

test.each([
  [read, '[false,1]', 'params', 'invalid length 2, expected 1 element in sequence'],
  [read, '[null]', 'refreshToken', 'invalid type: null, expected a boolean'],
  [
    'getAuthStatus',
    '[]',
    'includeToken',
    'invalid length 0, expected struct GetAuthStatusParams with 2 elements',
  ],
  [limits, '[true,false,1]', 'params', 'invalid length 3, expected 2 elements in sequence'],
  ['initialize', '[]', 'clientInfo', 'invalid length 0, expected struct InitializeParams with 2 elements'],
  [
    'initialize',
    '[["n"],null]',
    'clientInfo.title',
    'invalid length 1, expected struct ClientInfo with 3 elements',
  ],
  [
    'initialize',
    '[["n",null,"1"],[]]',
    'capabilities.optOutNotificationMethods',
    'invalid length 5, expected struct InitializeCapabilities with 7 elements',
  ],
])('%s by position, %s: %s is wrong', async (method, params, member, text) => {
  expect(await errorOf(method, params)).toEqual(refusal(text, member));
});

test.each([
  ['the first one in the order of the wire', '{"refreshToken":1,"includeToken":2}', 'refreshToken', '1'],
  ['the last value of a repeated one', '{"includeToken":"x","includeToken":4}', 'includeToken', '4'],
])('the error for several wrong members names %s', async (_what, params, member, integer) => {
  expect(await errorOf('getAuthStatus', params)).toEqual(
    refusal(`invalid type: integer \`${integer}\`, expected a boolean`, member),
  );
});

test('a wrong member is named before a missing one', async () => {
  expect(await errorOf('initialize', '{"clientInfo":{"version":5}}')).toEqual(
    refusal('invalid type: integer `5`, expected a string', 'clientInfo.version'),
  );
});

test.each([
  [String.raw`"a\"b"`, String.raw`"a\"b"`],
  [String.raw`"a\\b"`, String.raw`"a\\b"`],
  [String.raw`"a\nb\t\r"`, String.raw`"a\nb\t\r"`],
  [String.raw`"\u0000\u0001"`, String.raw`"\0\u{1}"`],
  [String.raw`"\u007f\u0085\u200b\ufeff"`, String.raw`"\u{7f}\u{85}\u{200b}\u{feff}"`],
  ['"it\'s `é` 😀 "', '"it\'s `é` 😀 "'],
  ['""', '""'],
])('the string %s is quoted as in Rust', async (text, quoted) => {
  expect(await errorOf(read, `{"refreshToken":${text}}`)).toEqual(
    refusal(`invalid type: string ${quoted}, expected a boolean`, 'refreshToken'),
  );
});

test('a long string is quoted completely', async () => {
  const text = `"${'x'.repeat(1_000_000)}"`;
  expect(await errorOf(read, `{"refreshToken":${text}}`)).toEqual(
    refusal(`invalid type: string ${text}, expected a boolean`, 'refreshToken'),
  );
});

test.each([
  [read, undefined],
  [read, 'null'],
  [read, '{}'],
  [read, '[]'],
  [read, '[true]'],
  [read, '{"RefreshToken":5,"refresh_token":5,"":null}'],
  [read, '{"__proto__":{"refreshToken":5},"constructor":1}'],
  [read, '{"x":1e999,"y":[-1e-999,{"refreshToken":5}]}'],
  [read, '{"refreshToken":5,"refreshToken":false}'],
  ['getAuthStatus', '{}'],
  ['getAuthStatus', '[null,null]'],
  ['getAuthStatus', '{"includeToken":null,"refreshToken":null}'],
])('%s accepts %s', (method, params) =>
  withAccount({ auth: 'none' }, async ({ server }) => {
    const member = params === undefined ? '' : `,"params":${params}`;
    expect(await server.ask(`{"id":"x","method":"${method}"${member}}`)).toMatch(/^\{"id":"x","result":/);
  }),
);
