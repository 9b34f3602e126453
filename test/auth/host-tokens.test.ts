import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Bench, type BenchOptions, withBench } from '../support/account-bench.js';
import { chatgptLogin, idTokenWith } from '../support/auth-file.js';
import { holdEndpoint } from '../support/held-endpoint.js';
import { createManualClock } from '../support/manual-clock.js';
import { completed, lineWithoutTime, updated } from '../support/news.js';
import { withIssuer } from '../support/recording-issuer.js';

const old = idTokenWith({ chatgpt_plan_type: 'plus' });
const renewed = idTokenWith({ chatgpt_plan_type: 'team' });
const ofAnotherUser = idTokenWith({ chatgpt_user_id: 'user-two' });
const login = { type: 'chatgptAuthTokens', accessToken: old, chatgptAccountId: 'account-dev' };
const good = { accessToken: renewed, chatgptAccountId: 'account-dev' };
const ask = {
  id: 1,
  method: 'account/chatgptAuthTokens/refresh',
  params: { reason: 'unauthorized', previousAccountId: 'account-dev' },
};

function withHostTokens(options: BenchOptions, act: (bench: Bench) => Promise<void>): Promise<void> {
  return withBench({ auth: 'none', capabilities: { experimentalApi: true }, ...options }, async (bench) => {
    await bench.call('account/login/start', login);
    await bench.server.untilLines(4);
    await act(bench);
  });
}

/** Only this token is taken; each use of another is a 401. */
function takeOnly({ backend }: Bench, token: string): void {
  for (const endpoint of ['usage', 'consume'] as const)
    backend.script(endpoint, ({ headers }) =>
      headers.authorization === `Bearer ${token}` ? { delayMs: 0 } : { status: 401, body: '{}' },
    );
}

/** The request of the server, as the line of that index. */
async function asked({ server }: Bench, index: number): Promise<unknown> {
  return JSON.parse((await server.untilLines(index + 1))[index] ?? '');
}

function answer({ server }: Bench, message: object): void {
  server.write(`${JSON.stringify({ id: 1, ...message })}\n`);
}

function tokenOf({ call }: Bench): Promise<unknown> {
  return call('getAuthStatus', { includeToken: true, refreshToken: true }).then(
    ({ result }) => (result as { authToken: unknown }).authToken,
  );
}

test('tokens of the client are answered, completed and told of; nothing is stored', () =>
  withHostTokens({}, async ({ server, call, authPath }) => {
    expect(server.lines.slice(1).map(lineWithoutTime)).toEqual([
      { id: 2, result: { type: 'chatgptAuthTokens' } },
      completed(),
      updated('chatgptAuthTokens', 'plus'),
    ]);
    expect(await call('getAuthStatus', { includeToken: true })).toEqual({
      result: { authMethod: 'chatgptAuthTokens', authToken: old, requiresOpenaiAuth: true },
    });
    expect(existsSync(authPath)).toBe(false);
  }));

test.each([
  ['PRO', 'pro'],
  ['gold', 'unknown'],
  [null, 'plus'],
])('the plan %j of the client is %s', (chatgptPlanType, planType) =>
  withHostTokens({}, async ({ call }) => {
    await call('account/login/start', { ...login, chatgptPlanType });
    expect(await call('account/read', {})).toMatchObject({ result: { account: { planType } } });
  }),
);

test('requests bear the token and the account of the client, not the stored ones', () =>
  withHostTokens({ auth: chatgptLogin() }, async ({ call, read, backend, authPath }) => {
    const before = readFileSync(authPath, 'utf8');
    await call('account/login/start', { ...login, chatgptAccountId: 'account-other' });
    await read();
    expect(backend.requests.map(({ headers }) => headers)).toMatchObject([
      { authorization: `Bearer ${old}`, 'chatgpt-account-id': 'account-other' },
    ]);
    expect(readFileSync(authPath, 'utf8')).toBe(before);
  }));

test.each(['opaque', '', 'a.b', 'a.!!.c'])(
  'the access token %j is refused, and the old one stays',
  (accessToken) =>
    withHostTokens({}, async (bench) => {
      expect(await bench.call('account/login/start', { ...login, accessToken })).toEqual({
        error: {
          code: -32603,
          message: 'failed to set external auth: invalid ID token format',
          data: { kind: 'loginFailed' },
        },
      });
      expect(await tokenOf(bench)).toBe(old);
    }),
);

test.each([{ type: 'apiKey', apiKey: 'sk' }, { type: 'chatgpt' }, { type: 'chatgptDeviceCode' }])(
  'a login of the type $type is refused while the client owns the tokens',
  (params) =>
    withHostTokens({}, async ({ call, authPath }) => {
      expect(await call('account/login/start', params)).toEqual({
        error: {
          code: -32600,
          message:
            'External auth is active. Use account/login/start (chatgptAuthTokens) to update it or account/logout to clear it.',
          data: { kind: 'invalidRequest' },
        },
      });
      expect(existsSync(authPath)).toBe(false);
    }),
);

test.each([
  ['forced_login_method = "api"', 'External ChatGPT auth is disabled. Use API key login instead.'],
  [
    'forced_chatgpt_workspace_id = ["a", "b"]',
    'External auth must use one of workspace(s) ["a", "b"], but received "account-dev".',
  ],
  [
    'forced_chatgpt_workspace_id = "ws-9"',
    'External auth must use one of workspace(s) ["ws-9"], but received "account-dev".',
  ],
])('with %s tokens of the client are refused', (config, message) =>
  withBench(
    { auth: 'none', capabilities: { experimentalApi: true }, config: `${config}\n` },
    async ({ call }) => {
      expect(await call('account/login/start', login)).toEqual({
        error: { code: -32600, message, data: { kind: 'unsupported' } },
      });
    },
  ),
);

test('a logout forgets the tokens, revokes nothing, and deletes auth.json too', () =>
  withIssuer(({ url, calls }) =>
    withHostTokens(
      { auth: chatgptLogin(), authEnvironment: { revokeTokenUrl: url } },
      async ({ call, server, authPath }) => {
        await call('account/logout');
        const status = await call('getAuthStatus', {});
        expect(status).toMatchObject({ result: { authMethod: null } });
        expect([calls, existsSync(authPath)]).toEqual([[], false]);
        expect(server.lines.slice(5).map(lineWithoutTime)).toEqual([updated(null), { id: 4, ...status }]);
      },
    ),
  ));

test('a 401 asks the client, and the request is repeated with the new token', () =>
  withHostTokens({}, async (bench) => {
    takeOnly(bench, renewed);
    const consume = bench.consume();
    expect(await asked(bench, 4)).toEqual(ask);
    answer(bench, { result: good });
    expect(await consume).toMatchObject({ result: {} });
    expect(bench.backend.requests.map(({ body }) => body)).toEqual([
      '{"redeem_request_id":"key-1"}',
      '{"redeem_request_id":"key-1"}',
    ]);
    expect(await tokenOf(bench)).toBe(renewed);
  }));

test('reads that are refused at the same time ask the client once', () =>
  withHostTokens({}, async (bench) => {
    takeOnly(bench, renewed);
    const reads = [bench.read(), bench.read({ supportsLunaReserve: true, excludeResetCreditDetails: true })];
    await asked(bench, 4);
    answer(bench, { result: good });
    expect(await Promise.all(reads)).toMatchObject([{ result: {} }, { result: {} }]);
    expect(bench.server.lines.filter((line) => line.includes('"method":"account/chatgpt'))).toHaveLength(1);
  }));

test.each([
  ['an error', { error: { code: -32000, message: 'no' } }],
  ['another shape', { result: { other: 1 } }],
  ['nothing', { result: null }],
  ['no JSON web token', { result: { ...good, accessToken: 'opaque' } }],
])('when the client answers %s the old tokens stay and the 401 is the answer', (_what, reply) =>
  withHostTokens({}, async (bench) => {
    takeOnly(bench, renewed);
    const read = bench.read();
    await asked(bench, 4);
    answer(bench, reply);
    expect(await read).toMatchObject({ error: { code: -32603, data: { kind: 'unauthorized' } } });
    expect(await tokenOf(bench)).toBe(old);
  }),
);

test.each([
  ['account', { accessToken: renewed, chatgptAccountId: 'account-two' }],
  ['user', { accessToken: ofAnotherUser, chatgptAccountId: 'account-dev' }],
])('tokens of another %s are taken, but nothing is repeated with them', (_what, tokens) =>
  withHostTokens({}, async (bench) => {
    takeOnly(bench, tokens.accessToken);
    const consume = bench.consume();
    await asked(bench, 4);
    answer(bench, { result: tokens });
    expect(await consume).toMatchObject({ error: { data: { kind: 'unauthorized', outcomeKnown: true } } });
    expect(bench.backend.requests).toHaveLength(1);
    expect(await tokenOf(bench)).toBe(tokens.accessToken);
  }),
);

test('a client that does not answer within ten seconds leaves the old tokens', () => {
  const clock = createManualClock();
  return withHostTokens({ clock }, async (bench) => {
    takeOnly(bench, renewed);
    const read = bench.read();
    await asked(bench, 4);
    clock.fire(10_000);
    expect(await read).toMatchObject({ error: { data: { kind: 'unauthorized' } } });
    answer(bench, { result: good });
    expect(await tokenOf(bench)).toBe(old);
  });
});

test('discovery asks the client too', () =>
  withIssuer(
    ({ url }) =>
      withHostTokens({ baseUrl: () => url }, async (bench) => {
        const account = bench.call('account/read', {});
        expect(await asked(bench, 4)).toEqual(ask);
        answer(bench, { result: good });
        expect(await account).toMatchObject({ result: { account: { planType: 'team' } } });
      }),
    (response) => response.writeHead(401).end('{}'),
  ));

test('answers that nobody waits for are ignored', () =>
  withHostTokens({}, async (bench) => {
    takeOnly(bench, renewed);
    const read = bench.read();
    await asked(bench, 4);
    for (const id of ['"1"', '2', 'null', '1.5'])
      bench.server.write(`{"id":${id},"result":${JSON.stringify(good)}}\n`);
    answer(bench, { error: {} });
    answer(bench, { result: good });
    expect(await read).toMatchObject({ error: { data: { kind: 'unauthorized' } } });
    expect(await tokenOf(bench)).toBe(old);
  }));

test('the answer is read behind any number of requests that wait for it', () =>
  withHostTokens({}, async (bench) => {
    takeOnly(bench, renewed);
    const consume = bench.consume();
    await asked(bench, 4);
    const status = Array.from({ length: 1_000 }, () => bench.call('getAuthStatus', {}));
    answer(bench, { result: good });
    expect(await consume).toMatchObject({ result: {} });
    expect(await Promise.all(status)).toHaveLength(1_000);
  }));

test('at the end of the input nobody is asked any more', () =>
  withHostTokens({}, async (bench) => {
    takeOnly(bench, renewed);
    const read = bench.read();
    await asked(bench, 4);
    await bench.server.end();
    expect(await read).toMatchObject({ error: { data: { kind: 'unauthorized' } } });
  }));

test('new tokens of a logout that came first are not taken', () =>
  withHostTokens({}, async (bench) => {
    takeOnly(bench, renewed);
    const read = bench.read();
    await asked(bench, 4);
    await bench.call('account/logout');
    answer(bench, { result: good });
    expect(await read).toMatchObject({
      error: { message: 'failed to fetch codex rate limits: application network permission was revoked' },
    });
    expect(await bench.call('getAuthStatus', {})).toMatchObject({ result: { authMethod: null } });
  }));

test('a read in flight with the old tokens goes on when the client hands over new ones', () =>
  withHostTokens({}, async (bench) => {
    const next = holdEndpoint(bench.backend, 'usage');
    const read = bench.read();
    const held = await next();
    await bench.call('account/login/start', { ...login, accessToken: renewed });
    held.answer({ plan_type: 'plus' });
    expect(await read).toMatchObject({ result: { rateLimits: { planType: 'plus' } } });
  }));
