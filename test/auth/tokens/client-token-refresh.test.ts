import { expect, test } from 'vitest';
import type { AccountFixture } from '../../support/account-fixture.js';
import { idTokenWith } from '../../support/auth-file.js';
import { holdEndpoint } from '../../support/held-endpoint.js';
import { hostLogin, oldToken, renewedToken, tokenOf, withHostTokens } from '../../support/host-tokens.js';
import { createManualClock } from '../../support/manual-clock.js';
import { withIssuer } from '../../support/recording-issuer.js';

const ofAnotherUser = idTokenWith({ chatgpt_user_id: 'user-two' });
const good = { accessToken: renewedToken, chatgptAccountId: 'account-dev' };
const ask = {
  id: 1,
  method: 'account/chatgptAuthTokens/refresh',
  params: { reason: 'unauthorized', previousAccountId: 'account-dev' },
};

/** Only this token is taken; each use of another is a 401. */
function takeOnly({ backend }: AccountFixture, token: string): void {
  for (const endpoint of ['usage', 'consume'] as const)
    backend.script(endpoint, ({ headers }) =>
      headers.authorization === `Bearer ${token}` ? { delayMs: 0 } : { status: 401, body: '{}' },
    );
}

/** The request of the server, as the line of that index. */
async function asked({ server }: AccountFixture, index: number): Promise<unknown> {
  return JSON.parse((await server.untilLines(index + 1))[index] ?? '');
}

function answer({ server }: AccountFixture, message: object): void {
  server.write(`${JSON.stringify({ id: 1, ...message })}\n`);
}

test('a 401 asks the client, and the request is repeated with the new token', () =>
  withHostTokens({}, async (fixture) => {
    takeOnly(fixture, renewedToken);
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

test('reads that are refused at the same time ask the client once', () =>
  withHostTokens({}, async (fixture) => {
    takeOnly(fixture, renewedToken);
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
  ['no JSON web token', { result: { ...good, accessToken: 'opaque' } }],
])('when the client answers %s the old tokens stay and the 401 is the answer', (_what, reply) =>
  withHostTokens({}, async (fixture) => {
    takeOnly(fixture, renewedToken);
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
])('tokens of another %s are taken, but nothing is repeated with them', (_what, tokens) =>
  withHostTokens({}, async (fixture) => {
    takeOnly(fixture, tokens.accessToken);
    const consume = fixture.consume();
    await asked(fixture, 4);
    answer(fixture, { result: tokens });
    expect(await consume).toMatchObject({ error: { data: { kind: 'unauthorized', outcomeKnown: true } } });
    expect(fixture.backend.requests).toHaveLength(1);
    expect(await tokenOf(fixture)).toBe(tokens.accessToken);
  }),
);

test('a client that does not answer within ten seconds leaves the old tokens', () => {
  const clock = createManualClock();
  return withHostTokens({ clock }, async (fixture) => {
    takeOnly(fixture, renewedToken);
    const read = fixture.read();
    await asked(fixture, 4);
    clock.fire(10_000);
    expect(await read).toMatchObject({ error: { data: { kind: 'unauthorized' } } });
    answer(fixture, { result: good });
    expect(await tokenOf(fixture)).toBe(oldToken);
  });
});

test('discovery asks the client too', () =>
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

test('answers that nobody waits for are ignored', () =>
  withHostTokens({}, async (fixture) => {
    takeOnly(fixture, renewedToken);
    const read = fixture.read();
    await asked(fixture, 4);
    for (const id of ['"1"', '2', 'null', '1.5'])
      fixture.server.write(`{"id":${id},"result":${JSON.stringify(good)}}\n`);
    answer(fixture, { error: {} });
    answer(fixture, { result: good });
    expect(await read).toMatchObject({ error: { data: { kind: 'unauthorized' } } });
    expect(await tokenOf(fixture)).toBe(oldToken);
  }));

test('the answer is read behind any number of requests that wait for it', () =>
  withHostTokens({}, async (fixture) => {
    takeOnly(fixture, renewedToken);
    const consume = fixture.consume();
    await asked(fixture, 4);
    const status = Array.from({ length: 1_000 }, () => fixture.call('getAuthStatus', {}));
    answer(fixture, { result: good });
    expect(await consume).toMatchObject({ result: {} });
    expect(await Promise.all(status)).toHaveLength(1_000);
  }));

test('at the end of the input nobody is asked any more', () =>
  withHostTokens({}, async (fixture) => {
    takeOnly(fixture, renewedToken);
    const read = fixture.read();
    await asked(fixture, 4);
    await fixture.server.end();
    expect(await read).toMatchObject({ error: { data: { kind: 'unauthorized' } } });
  }));

test('new tokens of a logout that came first are not taken', () =>
  withHostTokens({}, async (fixture) => {
    takeOnly(fixture, renewedToken);
    const read = fixture.read();
    await asked(fixture, 4);
    await fixture.call('account/logout');
    answer(fixture, { result: good });
    expect(await read).toMatchObject({
      error: { message: 'failed to fetch codex rate limits: application network permission was revoked' },
    });
    expect(await fixture.call('getAuthStatus', {})).toMatchObject({ result: { authMethod: null } });
  }));

test('a read in flight with the old tokens goes on when the client hands over new ones', () =>
  withHostTokens({}, async (fixture) => {
    const next = holdEndpoint(fixture.backend, 'usage');
    const read = fixture.read();
    const held = await next();
    await fixture.call('account/login/start', { ...hostLogin, accessToken: renewedToken });
    held.answer({ plan_type: 'plus' });
    expect(await read).toMatchObject({ result: { rateLimits: { planType: 'plus' } } });
  }));
