import { expect, test } from 'vitest';
import { type AccountFixture, withAccount, writeJson } from '../../support/account-fixture.js';
import { chatgptLogin, idTokenWith } from '../../support/auth-file.js';
import { holdEndpoint } from '../../support/network/held-endpoint.js';

const consume = 'account/rateLimitResetCredit/consume';
const reset = { code: 'reset' };

/** A login that is not due for a refresh. */
const loginOf = (tokens: object = {}): object =>
  chatgptLogin(tokens, { last_refresh: new Date().toISOString() });
const own = loginOf();
const otherAccount = loginOf({ access_token: 'canary-other-token', account_id: 'account-other' });
const otherUser = loginOf({
  access_token: 'canary-other-token',
  id_token: idTokenWith({ chatgpt_user_id: 'user-other' }),
});
const noUser = loginOf({ id_token: idTokenWith({ chatgpt_user_id: undefined }) });
const noAccountHeader = loginOf({
  account_id: undefined,
  id_token: idTokenWith({ chatgpt_account_id: 'account-dev' }),
});
const noAccount = loginOf({
  account_id: undefined,
  id_token: idTokenWith({ chatgpt_account_id: undefined }),
});
const noTokens = chatgptLogin({}, { tokens: null });

const ownAccount = { expectedAccountId: 'account-dev' };
const ownUser = { expectedUserId: 'user-dev' };
const both = { ...ownAccount, ...ownUser };

function refused(outcomeKnown = true): object {
  const data = { kind: 'accountChanged', outcomeKnown };
  return { error: { code: -32600, message: expect.any(String) as unknown, data } };
}

function bodiesOf({ backend }: AccountFixture): string[] {
  return backend.requests.map(({ body }) => body);
}

test.each([
  ['account', own, ownAccount],
  ['user', own, ownUser],
  ['account and user', own, both],
  ['account, which null leaves open', otherAccount, { expectedAccountId: null, expectedUserId: null }],
  ['account of a login that does not name its user', noUser, ownAccount],
  ['account of a login that names it only in the id token', noAccountHeader, ownAccount],
  ['user of a login that does not name its account', noAccount, ownUser],
])('a consume for the expected %s is sent, with its key and credit only', (_what, auth, expected) =>
  withAccount({ auth }, async (fixture) => {
    fixture.backend.script('consume', { body: reset });
    const params = { idempotencyKey: 'k', creditId: 'c', ...expected };
    expect(await fixture.call(consume, params)).toEqual({ result: { outcome: 'reset' } });
    expect(bodiesOf(fixture)).toEqual(['{"redeem_request_id":"k","credit_id":"c"}']);
  }),
);

test.each([
  ['another account', otherAccount, ownAccount],
  ['another account of the same user', otherAccount, both],
  ['another user of the same account', otherUser, both],
  ['another user', otherUser, ownUser],
  ['a user that the login does not name', noUser, both],
  ['an account that the login does not name', noAccount, ownAccount],
  ['a login without tokens', noTokens, ownAccount],
])('a consume is not sent as %s', (_what, auth, expected) =>
  withAccount({ auth }, async (fixture) => {
    const answer = await fixture.call(consume, { idempotencyKey: 'k', ...expected });
    expect(answer).toEqual(refused());
    expect(JSON.stringify(answer)).not.toMatch(/account-|user-/);
    expect(fixture.backend.requests).toEqual([]);
  }),
);

test('without a login the error is the same as ever', () =>
  withAccount({ auth: 'none' }, async ({ call }) => {
    expect(await call(consume, { idempotencyKey: 'k', ...both })).toMatchObject({
      error: { code: -32600, data: { kind: 'authRequired', outcomeKnown: true } },
    });
  }));

test('a consume that waits in the queue is refused if the account changes meanwhile', () =>
  withAccount({ auth: own }, async (fixture) => {
    const { backend, server, authPath } = fixture;
    const nextConsume = holdEndpoint(backend, 'consume');
    const first = server.request(consume, { idempotencyKey: 'first', ...both });
    const second = server.request(consume, { idempotencyKey: 'second', ...both });
    const running = await nextConsume();
    writeJson(authPath, otherAccount);
    running.answer(reset);
    expect(await first).toMatchObject({ result: { outcome: 'reset' } });
    expect(await second).toMatchObject(refused());
    expect(bodiesOf(fixture)).toEqual(['{"redeem_request_id":"first"}']);
  }));

test.each([
  ['account', otherAccount],
  ['user', otherUser],
])('after a 401 a consume is not sent again as another %s', (_what, login) =>
  withAccount({ auth: own }, async ({ backend, call, authPath }) => {
    backend.script('consume', () => {
      writeJson(authPath, login);
      return { status: 401, body: '' };
    });
    expect(await call(consume, { idempotencyKey: 'k', ...both })).toMatchObject({
      error: { data: { kind: 'unauthorized', outcomeKnown: true } },
    });
    expect(backend.requests).toHaveLength(1);
  }),
);

test('after a 401 a consume is sent again with the new token of the expected account', () =>
  withAccount({ auth: own }, async ({ backend, call, authPath }) => {
    backend.script('consume', ({ headers }) => {
      if (headers.authorization === 'Bearer canary-new-token') return { body: reset };
      writeJson(authPath, loginOf({ access_token: 'canary-new-token' }));
      return { status: 401, body: '' };
    });
    expect(await call(consume, { idempotencyKey: 'k', ...both })).toEqual({ result: { outcome: 'reset' } });
    expect(backend.requests).toHaveLength(2);
  }));

test('a consume for another account does not share the outcome of one with the same key', () =>
  withAccount({ auth: own }, async (fixture) => {
    const { backend, server } = fixture;
    const nextConsume = holdEndpoint(backend, 'consume');
    const first = server.request(consume, { idempotencyKey: 'k', ...both });
    const running = await nextConsume();
    const second = server.request(consume, { idempotencyKey: 'k', expectedAccountId: 'account-other' });
    running.answer(reset);
    expect(await first).toMatchObject({ result: { outcome: 'reset' } });
    // The first one has used a credit with this key.
    expect(await second).toMatchObject(refused(false));
    expect(backend.requests).toHaveLength(1);
  }));

test('two consumes with the same key and the same expectations share one request', () =>
  withAccount({ auth: own }, async ({ backend, server }) => {
    const nextConsume = holdEndpoint(backend, 'consume');
    const first = server.request(consume, { idempotencyKey: 'k', ...both });
    const second = server.request(consume, { ...both, creditId: null, idempotencyKey: 'k' });
    (await nextConsume()).answer(reset);
    const outcomes = [await first, await second].map(({ result }) => result);
    expect(outcomes).toEqual([{ outcome: 'reset' }, { outcome: 'reset' }]);
    expect(backend.requests).toHaveLength(1);
  }));

test('after an unclear attempt the outcome stays unknown if the account has changed', () =>
  withAccount({ auth: own }, async ({ backend, call, authPath }) => {
    backend.script('consume', { status: 500, body: '' });
    await call(consume, { idempotencyKey: 'k', ...both });
    writeJson(authPath, otherAccount);
    expect(await call(consume, { idempotencyKey: 'k', ...both })).toEqual(refused(false));
    expect(await call(consume, { idempotencyKey: 'other', ...both })).toEqual(refused());
    expect(backend.requests).toHaveLength(1);
  }));

test.each([
  ['expectedAccountId', 5, 'integer `5`, expected a string'],
  ['expectedUserId', true, 'boolean `true`, expected a string'],
])('an %s that is not text is refused', (member, value, reason) =>
  withAccount({}, async ({ call }) => {
    expect(await call(consume, { idempotencyKey: 'k', [member]: value })).toMatchObject({
      error: {
        code: -32600,
        message: `Invalid request: invalid type: ${reason}`,
        data: { kind: 'invalidRequest', member, outcomeKnown: true },
      },
    });
  }),
);

test.each([
  ['["k"]', 'invalid length 1, expected struct ConsumeAccountRateLimitResetCreditParams with 2 elements'],
  ['["k","c","account-dev"]', 'invalid length 3, expected 2 elements in sequence'],
])('an array of params has no place for an expected account: %s', (params, reason) =>
  withAccount({}, async ({ call }) => {
    expect(await call(consume, JSON.parse(params))).toMatchObject({
      error: { message: `Invalid request: ${reason}` },
    });
  }),
);
