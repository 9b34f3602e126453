import { describe, expect, test } from 'vitest';
import { chatgptLogin, idTokenWith } from '../support/auth-file.js';
import { bareAnswer } from '../support/bare-answer.js';
import { hostLogin } from '../support/host-tokens.js';
import { invalid, withLayers } from './layers/layers-fixture.js';

const signedOut = {
  error: {
    code: -32600,
    message: 'codex account authentication required to read rate limits',
    data: { kind: 'authRequired' },
  },
};
const apiKey = { auth_mode: 'apikey', OPENAI_API_KEY: 'sk-canary' };

describe('a stored login that the administrator does not allow', () => {
  test.each([
    ['of another method', 'requirements', 'allowed_login_methods = ["api"]'],
    ['of another account', 'requirements', 'allowed_chatgpt_workspaces = [" other ", "b"]'],
    ['of any account', 'requirements', 'allowed_chatgpt_workspaces = []'],
    ['by config.toml', 'system', 'forced_login_method = "api"'],
    ['by managed_config.toml', 'managed', 'forced_chatgpt_workspace_id = "other"'],
  ] as const)('%s counts as signed out, and the log names the file', (_what, layer, text) =>
    withLayers({ auth: chatgptLogin() }, async ({ write, read, server, backend }) => {
      const path = write(layer, `${text}\n`);
      expect(await read()).toEqual(signedOut);
      await read();
      expect(backend.requests).toEqual([]);
      expect(server.log).toEqual([
        `ERROR the stored login is not allowed, so it is not used. The administrator of this machine requires this in ${path}.\n`,
      ]);
    }),
  );

  test('counts again when it is allowed', () =>
    withLayers({ auth: chatgptLogin() }, async ({ write, read }) => {
      write('requirements', 'allowed_chatgpt_workspaces = []\n');
      await read();
      write('requirements', 'allowed_chatgpt_workspaces = ["x", " account-dev "]\n');
      expect(await read()).toEqual(bareAnswer());
    }));
});

test.each([
  [null, bareAnswer()],
  ['', signedOut],
])('with %j as the stored account id, the account of the id token is compared or not', (account_id, answer) =>
  withLayers(
    { auth: chatgptLogin({ account_id, id_token: idTokenWith({ chatgpt_account_id: 'account-dev' }) }) },
    async ({ write, read }) => {
      write('requirements', 'allowed_chatgpt_workspaces = ["account-dev", ""]\n');
      expect(await read()).toEqual(answer);
    },
  ),
);

describe('a login that the administrator does not allow', () => {
  test.each([
    [
      { type: 'apiKey', apiKey: 'sk-canary' },
      'allowed_login_methods = ["chatgpt"]',
      'API key login is disabled. Use ChatGPT login instead.',
    ],
    [
      { type: 'chatgpt' },
      'allowed_login_methods = ["api"]',
      'ChatGPT login is disabled. Use API key login instead.',
    ],
    [
      { type: 'chatgptDeviceCode' },
      'allowed_chatgpt_workspaces = [" "]',
      'ChatGPT login is disabled. Use API key login instead.',
    ],
  ])('%j with %s is refused, and the file is named', (params, text, message) =>
    withLayers({ auth: 'none' }, async ({ write, call }) => {
      const path = write('requirements', `${text}\n`);
      expect(await call('account/login/start', params)).toEqual({
        error: {
          code: -32600,
          message: `${message} The administrator of this machine requires this in ${path}.`,
          data: { kind: 'unsupported' },
        },
      });
    }),
  );

  test('tokens of another account are refused, and the file is named', () =>
    withLayers({ auth: 'none', capabilities: { experimentalApi: true } }, async ({ write, call }) => {
      const path = write('requirements', 'allowed_chatgpt_workspaces = ["a", "b"]\n');
      write('user', 'forced_chatgpt_workspace_id = [" b ", "c"]\n');
      expect(await call('account/login/start', { ...hostLogin, chatgptAccountId: 'c' })).toEqual({
        error: {
          code: -32600,
          message: `External auth must use one of workspace(s) ["b"], but received "c". The administrator of this machine requires this in ${path}.`,
          data: { kind: 'unsupported' },
        },
      });
    }));

  test('an API key may be stored when no account of ChatGPT is allowed', () =>
    withLayers({ auth: 'none' }, async ({ write, call }) => {
      write('requirements', 'allowed_chatgpt_workspaces = []\n');
      const params = { type: 'apiKey', apiKey: 'sk-canary' };
      expect(await call('account/login/start', params)).toEqual({ result: { type: 'apiKey' } });
    }));
});

test.each([
  ['allowed_login_methods = []', ''],
  ['allowed_login_methods = ["api"]', 'forced_login_method = "chatgpt"\n'],
])('requirements that allow no login (%s) stop every request', (text, user) =>
  withLayers({ auth: apiKey }, async ({ write, call, backend }) => {
    const path = write('requirements', `${text}\n`);
    write('user', user);
    const message = `invalid configuration at ${path}: authentication requirements do not permit any usable login method`;
    expect(await call('account/logout')).toEqual(invalid(message));
    expect(await call('account/read')).toEqual({
      result: { account: null, requiresOpenaiAuth: true, userId: null, workspaceRouting: null },
    });
    expect(backend.requests).toEqual([]);
  }),
);

/** The table `application.network`, and whether it allows `localhost`. */
describe('the network policy', () => {
  test.each([
    ['enabled = true\ndomains = { localhost = "allow" }', true],
    ['domains = { LocalHost = "allow", "chatgpt.com" = "deny" }', true],
    ['enabled = false\ndomains = { localhost = "deny" }', true],
    ['enabled = true', false],
    ['domains = { localhost = "deny" }', false],
    ['domains = { localhost = "allow", LOCALHOST = "deny" }', false],
    ['domains = { "host" = "allow", "localhost.example" = "allow" }', false],
  ])('%j allows localhost: %j', (text, isAllowed) =>
    withLayers({ baseUrl: (url) => url.replace('127.0.0.1', 'localhost') }, async (fixture) => {
      const path = fixture.write('requirements', `[application.network]\n${text}\n`);
      const answer = await fixture.read();
      const denied = `destination denied by application network policy: localhost is not allowed in ${path}`;
      expect(answer).toEqual(
        isAllowed ? bareAnswer() : invalid(`failed to fetch codex rate limits: ${denied}`),
      );
      expect(fixture.backend.requests.length).toBe(isAllowed ? 1 : 0);
    }),
  );

  test('it never allows an address', () =>
    withLayers({}, async ({ write, read, consume, backend }) => {
      const path = write('requirements', '[application.network.domains]\n"127.0.0.1" = "allow"\n');
      const denied = `destination denied by application network policy: 127.0.0.1 is not allowed in ${path}`;
      expect(await read()).toEqual(invalid(`failed to fetch codex rate limits: ${denied}`));
      expect(await consume()).toEqual(
        invalid(`failed to consume rate limit reset: ${denied}`, { outcomeKnown: true }),
      );
      expect(backend.requests).toEqual([]);
    }));

  test('it holds for the issuer', () =>
    withLayers({ auth: 'none', hasIssuer: true }, async ({ write, call, backend }) => {
      write('requirements', '[application.network.domains]\nlocalhost = "allow"\n');
      expect(await call('account/login/start', { type: 'chatgptDeviceCode' })).toMatchObject({
        error: {
          code: -32603,
          message: expect.stringContaining('destination denied by application network policy'),
        },
      });
      expect(backend.requests).toEqual([]);
    }));

  test.each(['"*"', '"*.chatgpt.com"', '"localhost:443"', '"https://localhost"', '""'])(
    'the name %s is a mistake',
    (name) =>
      withLayers({}, async ({ write, read }) => {
        const path = write('requirements', `[application.network.domains]\n${name} = "allow"\n`);
        expect(await read()).toEqual(
          invalid(`invalid configuration at ${path}: application.network.domains`),
        );
      }),
  );
});
