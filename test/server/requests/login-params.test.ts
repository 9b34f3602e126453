import { describe, expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';

const types =
  '`apiKey`, `chatgpt`, `chatgptDeviceCode`, `chatgptAuthTokens`, `amazonBedrock`, `amazonBedrockAccessKeys`';

describe('account/login/start', () => {
  /** The params of `account/login/start` as JSON, the message after `Invalid request: `, and the member. */
  test.each([
    ['null', 'missing field `params`', 'params'],
    ['5', 'invalid type: integer `5`, expected internally tagged enum LoginAccountParams', 'params'],
    ['"x"', 'invalid type: string "x", expected internally tagged enum LoginAccountParams', 'params'],
    ['{}', 'missing field `type`', 'type'],
    ['[]', 'missing field `type`', 'type'],
    ['{"type":"x"}', `unknown variant \`x\`, expected one of ${types}`, 'type'],
    ['{"apiKey":5,"type":"x"}', `unknown variant \`x\`, expected one of ${types}`, 'type'],
    ['{"type":null}', 'invalid type: null, expected variant identifier', 'type'],
    ['{"type":true}', 'invalid type: boolean `true`, expected variant identifier', 'type'],
    ['{"type":{}}', 'invalid type: map, expected variant identifier', 'type'],
    ['{"type":9}', 'invalid value: integer `9`, expected variant index 0 <= i < 6', 'type'],
    ['{"type":"apiKey"}', 'missing field `apiKey`', 'apiKey'],
    ['{"type":0}', 'missing field `apiKey`', 'apiKey'],
    ['["apiKey",5]', 'invalid type: integer `5`, expected a string', 'apiKey'],
    ['{"type":"apiKey","apiKey":null}', 'invalid type: null, expected a string', 'apiKey'],
    ['{"type":"chatgpt","appBrand":"x"}', 'unknown variant `x`, expected `codex` or `chatgpt`', 'appBrand'],
    [
      '{"type":"chatgpt","codexStreamlinedLogin":null}',
      'invalid type: null, expected a boolean',
      'codexStreamlinedLogin',
    ],
    [
      '{"type":"chatgptAuthTokens","accessToken":"a"}',
      'missing field `chatgptAccountId`',
      'chatgptAccountId',
    ],
    ['{"type":"amazonBedrock","apiKey":"a"}', 'missing field `region`', 'region'],
  ])('login params %s are refused', (params, reason, member) =>
    withAccount({ auth: 'none', isInitialized: false }, async ({ server }) => {
      const answer = await server.ask(`{"id":1,"method":"account/login/start","params":${params}}`);
      expect(JSON.parse(answer)).toEqual({
        error: {
          code: -32600,
          message: `Invalid request: ${reason}`,
          data: { kind: 'invalidRequest', member },
        },
        id: 1,
      });
    }),
  );

  test.each(['{"type":0,"apiKey":"sk"}', '["apiKey","sk"]', '{"apiKey":"sk","other":1,"type":"apiKey"}'])(
    'login params %s are accepted',
    (params) =>
      withAccount({ auth: 'none' }, async ({ server }) => {
        const answer = await server.ask(`{"id":1,"method":"account/login/start","params":${params}}`);
        expect(answer).toBe('{"id":1,"result":{"type":"apiKey"}}');
      }),
  );

  const experimental = [
    { type: 'chatgptAuthTokens', accessToken: 'a', chatgptAccountId: 'a' },
    { type: 'amazonBedrock', apiKey: 'a', region: 'r' },
    { type: 'amazonBedrockAccessKeys', accessKeyId: 'a', secretAccessKey: 's', region: 'r' },
  ] as const;

  test.each(experimental)('a login of the type $type needs the capability', (params) =>
    withAccount({ auth: 'none' }, async ({ call }) => {
      expect(await call('account/login/start', params)).toEqual({
        error: {
          code: -32600,
          message: `account/login/start.${params.type} requires experimentalApi capability`,
          data: { kind: 'unsupported', member: 'type' },
        },
      });
    }),
  );

  test.each(experimental.slice(1))('a login of the type $type is not supported', (params) =>
    withAccount({ auth: 'none', capabilities: { experimentalApi: true } }, async ({ call }) => {
      expect(await call('account/login/start', params)).toEqual({
        error: {
          code: -32600,
          message: `account/login/start.${params.type} is not supported: Amazon Bedrock has no rate limits to read`,
          data: { kind: 'unsupported' },
        },
      });
    }),
  );
});

const uuid = '0123abcd-0123-4123-8123-0123456789ab';

describe('account/login/cancel', () => {
  test.each([uuid, uuid.toUpperCase(), uuid.replaceAll('-', ''), `{${uuid}}`, `urn:uuid:${uuid}`])(
    'the login id %s is unknown',
    (loginId) =>
      withAccount({ auth: 'none' }, async ({ call }) => {
        expect(await call('account/login/cancel', { loginId })).toEqual({ result: { status: 'notFound' } });
      }),
  );

  test.each(['x', '', `${uuid}0`])('%j is not a login id', (loginId) =>
    withAccount({ auth: 'none' }, async ({ call }) => {
      expect(await call('account/login/cancel', { loginId })).toEqual({
        error: {
          code: -32600,
          message: `invalid login id: ${loginId}`,
          data: { kind: 'invalidRequest', member: 'loginId' },
        },
      });
    }),
  );
});
