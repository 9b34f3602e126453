import { expect, test } from 'vitest';
import type { AccountFixture } from '../../support/account-fixture.js';
import { idTokenWith } from '../../support/auth-file.js';
import { holdEndpoint } from '../../support/network/held-endpoint.js';
import { hostLogin, oldToken, renewedToken, tokenOf, withHostTokens } from '../../support/host-tokens.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';
import { withIssuer } from '../../support/network/recording-issuer.js';

const ofAnotherUser = idTokenWith({ chatgpt_user_id: 'user-two' });
const good = { accessToken: renewedToken, chatgptAccountId: 'account-dev' };
const ask = {
  id: 1,
  method: 'account/chatgptAuthTokens/refresh',
  params: { reason: 'unauthorized', previousAccountId: 'account-dev' },
};

/** Makes the backend accept only this token, and answer any other with 401. */
function acceptOnly({ backend }: AccountFixture, token: string): void {
  for (const endpoint of ['usage', 'consume'] as const)
    backend.script(endpoint, ({ headers }) =>
      headers.authorization === `Bearer ${token}` ? { delayMs: 0 } : { status: 401, body: '{}' },
    );
}

/** Returns the line with this index, which is a request of the server. */
async function asked({ server }: AccountFixture, index: number): Promise<unknown> {
  return JSON.parse((await server.untilLines(index + 1))[index] ?? '');
}

function answer({ server }: AccountFixture, message: object): void {
  server.write(`${JSON.stringify({ id: 1, ...message })}\n`);
}

test('after a 401 the server requests new tokens from the client, and repeats the request with them', () =>
  withHostTokens({}, async (fixture) => {
    acceptOnly(fixture, renewedToken);
    const consume = fixture.consume();
    expect(await asked(fixture, 4)).toEqual(ask);
    answer(fixture, { result: good });
    expect(await consume).toMatchObject({ result: {} });
    expect(fixture.backend.requests.map(({ body }) => body)).toEqual([
      '{"redeem_request_id":"key-1"}',
      '{"redeem_request_id":"key-1"}',
    ]);
    expect(await tokenOf(fixture)).toBe(renewedToken);
  }));

test('several reads with a 401 at the same time request new tokens once', () =>
  withHostTokens({}, async (fixture) => {
    acceptOnly(fixture, renewedToken);
    const reads = [
      fixture.read(),
      fixture.read({ supportsLunaReserve: true, excludeResetCreditDetails: true }),
    ];
    await asked(fixture, 4);
    answer(fixture, { result: good });
    expect(await Promise.all(reads)).toMatchObject([{ result: {} }, { result: {} }]);
    expect(fixture.server.lines.filter((line) => line.includes('"method":"account/chatgpt'))).toHaveLength(1);
  }));

test.each([
  ['an error', { error: { code: -32000, message: 'no' } }],
  ['another shape', { result: { other: 1 } }],
  ['nothing', { result: null }],
  ['a token that is not a JWT', { result: { ...good, accessToken: 'opaque' } }],
])('if the client answers %s the old tokens stay and the 401 is the answer', (_what, reply) =>
  withHostTokens({}, async (fixture) => {
    acceptOnly(fixture, renewedToken);
    const read = fixture.read();
    await asked(fixture, 4);
    answer(fixture, reply);
    expect(await read).toMatchObject({ error: { code: -32603, data: { kind: 'unauthorized' } } });
    expect(await tokenOf(fixture)).toBe(oldToken);
  }),
);

test.each([
  ['account', { accessToken: renewedToken, chatgptAccountId: 'account-two' }],
  ['user', { accessToken: ofAnotherUser, chatgptAccountId: 'account-dev' }],
])('tokens of another %s are used from then on, but no request is repeated with them', (_what, tokens) =>
  withHostTokens({}, async (fixture) => {
    acceptOnly(fixture, tokens.accessToken);
    const consume = fixture.consume();
    await asked(fixture, 4);
    answer(fixture, { result: tokens });
    expect(await consume).toMatchObject({ error: { data: { kind: 'unauthorized', outcomeKnown: true } } });
    expect(fixture.backend.requests).toHaveLength(1);
    expect(await tokenOf(fixture)).toBe(tokens.accessToken);
  }),
);

test('if the client does not answer within ten seconds the old tokens stay', () => {
  const clock = createManualClock();
  return withHostTokens({ clock }, async (fixture) => {
    acceptOnly(fixture, renewedToken);
    const read = fixture.read();
    await asked(fixture, 4);
    clock.fire(10_000);
    expect(await read).toMatchObject({ error: { data: { kind: 'unauthorized' } } });
    answer(fixture, { result: good });
    expect(await tokenOf(fixture)).toBe(oldToken);
  });
});

test('a 401 during discovery requests new tokens too', () =>
  withIssuer(
    ({ url }) =>
      withHostTokens({ baseUrl: () => url }, async (fixture) => {
        const account = fixture.call('account/read', {});
        expect(await asked(fixture, 4)).toEqual(ask);
        answer(fixture, { result: good });
        expect(await account).toMatchObject({ result: { account: { planType: 'team' } } });
      }),
    (response) => response.writeHead(401).end('{}'),
  ));

test('answers to no open request are ignored', () =>
  withHostTokens({}, async (fixture) => {
    acceptOnly(fixture, renewedToken);
    const read = fixture.read();
    await asked(fixture, 4);
    for (const id of ['"1"', '2', 'null', '1.5'])
      fixture.server.write(`{"id":${id},"result":${JSON.stringify(good)}}\n`);
    answer(fixture, { error: {} });
    answer(fixture, { result: good });
    expect(await read).toMatchObject({ error: { data: { kind: 'unauthorized' } } });
    expect(await tokenOf(fixture)).toBe(oldToken);
  }));

test('the answer of the client is read even after many requests that wait for it', () =>
  withHostTokens({}, async (fixture) => {
    acceptOnly(fixture, renewedToken);
    const consume = fixture.consume();
    await asked(fixture, 4);
    const status = Array.from({ length: 1_000 }, () => fixture.call('getAuthStatus', {}));
    answer(fixture, { result: good });
    expect(await consume).toMatchObject({ result: {} });
    expect(await Promise.all(status)).toHaveLength(1_000);
  }));

test('a read that waits for new tokens fails at the end of the input', () =>
  withHostTokens({}, async (fixture) => {
    acceptOnly(fixture, renewedToken);
    const read = fixture.read();
    await asked(fixture, 4);
    await fixture.server.end();
    expect(await read).toMatchObject({ error: { data: { kind: 'unauthorized' } } });
  }));

test('new tokens that arrive after a logout are not used', () =>
  withHostTokens({}, async (fixture) => {
    acceptOnly(fixture, renewedToken);
    const read = fixture.read();
    await asked(fixture, 4);
    await fixture.call('account/logout');
    answer(fixture, { result: good });
    expect(await read).toMatchObject({
      error: { message: 'failed to fetch codex rate limits: application network permission was revoked' },
    });
    expect(await fixture.call('getAuthStatus', {})).toMatchObject({ result: { authMethod: null } });
  }));

test('a read in flight with the old tokens succeeds although the client sends new ones', () =>
  withHostTokens({}, async (fixture) => {
    const next = holdEndpoint(fixture.backend, 'usage');
    const read = fixture.read();
    const held = await next();
    await fixture.call('account/login/start', { ...hostLogin, accessToken: renewedToken });
    held.answer({ plan_type: 'plus' });
    expect(await read).toMatchObject({ result: { rateLimits: { planType: 'plus' } } });
  }));
