import { unsignedJwt } from '../../src/dev-backend/issuer/login-tokens.js';

/** The claim of an id token with the account data of OpenAI. */
const authClaim = 'https://api.openai.com/auth';

/** The tokens of the login that `chatgptLogin` makes; no other text of a test resembles them. */
export const storedTokens = {
  id_token: idTokenWith({}),
  access_token: 'canary-access-token',
  refresh_token: 'canary-refresh-token',
  account_id: 'account-dev',
};

/** Returns the auth.json of a ChatGPT login; `tokens` and `file` replace members, undefined leaves one out. */
export function chatgptLogin(tokens: object = {}, file: object = {}): object {
  return {
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: { ...storedTokens, ...tokens },
    last_refresh: '2026-01-01T00:00:00.123456789Z',
    ...file,
  };
}

/** Returns an id token of user-dev; `claims` replace members of the OpenAI claim, `payload` of the whole. */
export function idTokenWith(claims: object, payload: object = {}): string {
  const claim = { chatgpt_plan_type: 'pro', chatgpt_user_id: 'user-dev', ...claims };
  return unsignedJwt({ email: 'canary@example.com', [authClaim]: claim, ...payload });
}
