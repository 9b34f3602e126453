import { expect, test } from 'vitest';
import { unsignedJwt } from '../../src/dev-backend/issuer/login-tokens.js';
import { withAccount } from '../support/account-fixture.js';
import { chatgptLogin, idTokenWith } from '../support/auth-file.js';
import { pauseSkippingClock } from '../support/clocks/pause-skipping-clock.js';

const header = Buffer.from('{"alg":"none"}').toString('base64url');
const payload = Buffer.from('{"email":"canary@example.com"}').toString('base64url');

/** Returns the answer of `account/read` for a login with this id token. */
async function accountOf(idToken: string): Promise<unknown> {
  let answer: unknown;
  await withAccount({ auth: chatgptLogin({ id_token: idToken }) }, async ({ backend, call }) => {
    backend.script('accountsCheck', { status: 404 });
    answer = await call('account/read');
  });
  return answer;
}

function account(email: string | null, planType: string, userId: string | null): object {
  const chatgpt = { type: 'chatgpt', email, planType, workspaceName: null };
  return { result: { account: chatgpt, requiresOpenaiAuth: true, userId, workspaceRouting: null } };
}

/** Members of the payload, and the e-mail address of the account. */
test.each([
  [{ email: 'a@example.com' }, 'a@example.com'],
  [{ email: 'a@example.com', 'https://api.openai.com/profile': { email: 'b@example.com' } }, 'a@example.com'],
  [{ email: null, 'https://api.openai.com/profile': { email: 'b@example.com' } }, 'b@example.com'],
  [{ email: undefined, 'https://api.openai.com/profile': { email: 'b@example.com' } }, 'b@example.com'],
  [{ email: '', 'https://api.openai.com/profile': { email: 'b@example.com' } }, ''],
  [{ email: undefined, 'https://api.openai.com/profile': {} }, null],
  [{ email: undefined }, null],
  [{ email: 'é@example.com' }, 'é@example.com'],
])('the claims %j give the e-mail address %j', async (members, email) => {
  expect(await accountOf(idTokenWith({}, members))).toEqual(account(email, 'pro', 'user-dev'));
});

test.each([
  ['free', 'free'],
  ['team', 'team'],
  ['self_serve_business_usage_based', 'self_serve_business_usage_based'],
  ['ent26', 'ent26'],
  ['sci_plus', 'sci_plus'],
  ['hc', 'enterprise'],
  ['education', 'edu'],
  ['edu', 'edu'],
  ['PRO', 'unknown'],
  ['guest', 'unknown'],
  ['', 'unknown'],
  [null, 'unknown'],
  [undefined, 'unknown'],
])('the plan claim %j is shown as %j', async (plan, planType) => {
  const answer = await accountOf(idTokenWith({ chatgpt_plan_type: plan }));
  expect(answer).toEqual(account('canary@example.com', planType, 'user-dev'));
});

test.each([
  [{ chatgpt_user_id: 'a', user_id: 'b' }, 'a'],
  [{ chatgpt_user_id: null, user_id: 'b' }, 'b'],
  [{ chatgpt_user_id: undefined, user_id: 'b' }, 'b'],
  [{ chatgpt_user_id: undefined }, null],
])('the claims %j give the user id %j', async (claims, userId) => {
  expect(await accountOf(idTokenWith(claims))).toEqual(account('canary@example.com', 'pro', userId));
});

test.each([
  ['an empty object', '{}'],
  ['null as the OpenAI claim', '{"https://api.openai.com/auth":null}'],
  ['an expiry in the past', '{"exp":1}'],
])('an id token with %s gives no e-mail address and no user id', async (_what, claims) => {
  const idToken = `${header}.${Buffer.from(claims).toString('base64url')}.x`;
  expect(await accountOf(idToken)).toEqual(account(null, 'unknown', null));
});

test.each([
  ['empty', ''],
  ['one part', 'canary'],
  ['two parts', `${header}.${payload}`],
  ['four parts', `${header}.${payload}.x.y`],
  ['an empty header', `.${payload}.x`],
  ['an empty payload', `${header}..x`],
  ['an empty signature', `${header}.${payload}.`],
  ['a payload that is not base64url', `${header}.{}.x`],
  ['a payload that is not JSON', `${header}.${Buffer.from('{"a":').toString('base64url')}.x`],
  ['a payload that is a list', `${header}.${Buffer.from('[]').toString('base64url')}.x`],
  ['an e-mail address that is not text', unsignedJwt({ email: 5 })],
  ['a plan that is not text', idTokenWith({ chatgpt_plan_type: 5 })],
  ['an OpenAI claim that is text', unsignedJwt({ 'https://api.openai.com/auth': 'x' })],
])('an id token with %s makes auth.json unusable', (_what, idToken) =>
  withAccount(
    { auth: chatgptLogin({ id_token: idToken }), clock: pauseSkippingClock() },
    async ({ server, authPath, read }) => {
      expect(await read()).toEqual({
        error: {
          code: -32600,
          message: 'codex account authentication required to read rate limits',
          data: { kind: 'authFileInvalid' },
        },
      });
      expect(server.log).toEqual([`ERROR cannot use ${authPath}: tokens.id_token is not a JSON web token\n`]);
    },
  ),
);
