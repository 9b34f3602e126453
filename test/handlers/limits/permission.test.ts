import { describe, expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { chatgptLogin, idTokenWith } from '../../support/auth-file.js';
import { bareAnswer } from '../../support/bare-answer.js';

const matching = { account_id: 'account-dev', user_id: 'user-dev' };
const shown = { ordinaryUsageAllowed: true, rateLimitUpsell: { offer: 1 } };
const hidden = { ordinaryUsageAllowed: null, rateLimitUpsell: null };
const userIdAlone = { chatgpt_user_id: undefined, user_id: 'user-dev' };

describe('permission', () => {
  /** The ids of the body, the login, and the permission and upsell of the result. */
  test.each([
    ['both ids match', matching, chatgptLogin(), shown],
    ['the user claim has its old name', matching, loginWithClaims(userIdAlone), shown],
    ['both user claims are there', matching, loginWithClaims({ user_id: 'user-other' }), shown],
    [
      'fedramp is claimed to be false',
      matching,
      loginWithClaims({ chatgpt_account_is_fedramp: false }),
      shown,
    ],
    ['the account is another', { ...matching, account_id: 'account-x' }, chatgptLogin(), hidden],
    ['the account differs in case', { ...matching, account_id: 'Account-dev' }, chatgptLogin(), hidden],
    ['the user is another', { ...matching, user_id: 'user-x' }, chatgptLogin(), hidden],
    ['the body names no account', { user_id: 'user-dev' }, chatgptLogin(), hidden],
    ['the body names no user', { account_id: 'account-dev' }, chatgptLogin(), hidden],
    ['the body names no account and no user', {}, chatgptLogin(), hidden],
    ['the login names no account', matching, chatgptLogin({ account_id: null }), hidden],
    ['neither names an account', { user_id: 'user-dev' }, chatgptLogin({ account_id: null }), hidden],
    [
      'neither names a user',
      { account_id: 'account-dev' },
      loginWithClaims({ chatgpt_user_id: null }),
      hidden,
    ],
    ['the account is fedramp', matching, loginWithClaims({ chatgpt_account_is_fedramp: true }), hidden],
  ])('permission and upsell depend on the ids: %s', (_when, ids, auth, expected) =>
    withAccount({ auth }, async ({ backend, read }) => {
      const body = { ...ids, rate_limit: { allowed: true }, rate_limit_upsell: { offer: 1 } };
      backend.script('usage', { body });
      const accountId = (ids as { account_id?: string }).account_id ?? null;
      expect(await read()).toEqual(bareAnswer({ accountId, ...expected }));
    }),
  );

  test('two empty account ids match', () =>
    withAccount({ auth: chatgptLogin({ account_id: '' }) }, async ({ backend, read }) => {
      backend.script('usage', {
        body: { account_id: '', user_id: 'user-dev', rate_limit: { allowed: false } },
      });
      expect(await read()).toEqual(bareAnswer({ accountId: '', ordinaryUsageAllowed: false }));
    }));

  test('without a rate limit the permission is null', () =>
    withAccount({ auth: chatgptLogin() }, async ({ backend, read }) => {
      backend.script('usage', { body: { ...matching, allowed: true, ordinary_usage_allowed: true } });
      expect(await read()).toEqual(bareAnswer({ accountId: 'account-dev' }));
    }));
});

describe('upsell', () => {
  test.each([
    ['null', 'null'],
    ['false', 'false'],
    ['0', '0'],
    ['-0', '0'],
    ['-0.0', '-0.0'],
    ['1.10', '1.10'],
    ['1.0', '1.0'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['1e5', '1e+5'],
    ['1E+400', '1e+400'],
    ['5e-7', '5e-7'],
    ['"1e5 \\u00e9 \\/"', '"1e5 é /"'],
    ['[ 1.10 , [ ] , { } ]', '[1.10,[],{}]'],
    ['{"b_b":1.0, "2":2, "1":{"x":1e5}}', '{"b_b":1.0,"2":2,"1":{"x":1e+5}}'],
    ['{"a":1, "b":2, "a":{"c":-0}}', '{"a":{"c":0},"b":2}'],
    ['{"__proto__":1}', '{"__proto__":1}'],
  ])('the upsell %s is sent as %s', (text, expected) =>
    withAccount({ auth: chatgptLogin() }, async ({ backend, server, read }) => {
      backend.script('usage', {
        body: `{"account_id":"account-dev","user_id":"user-dev","rate_limit_upsell": ${text}\n}`,
      });
      await read();
      expect(/"rateLimitUpsell":(.*)\}\}$/.exec(server.lines.at(-1) ?? '')?.[1]).toBe(expected);
    }),
  );

  test('the last of two upsells counts, and one inside another object does not', () =>
    withAccount({ auth: chatgptLogin() }, async ({ backend, read }) => {
      const ids = '"account_id":"account-dev","user_id":"user-dev"';
      const upsells =
        '"rate_limit_upsell":1,"other":{"rate_limit_upsell":3},"rate_limit_upsell":2,"last":[4]';
      backend.script('usage', { body: `{${ids},${upsells}}` });
      expect(await read()).toEqual(bareAnswer({ accountId: 'account-dev', rateLimitUpsell: 2 }));
    }));
});

function loginWithClaims(claims: object): object {
  return chatgptLogin({ id_token: idTokenWith(claims) });
}
