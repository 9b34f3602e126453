import { chatgptLogin, idToken, writeLogin } from '../codex-home.mjs';
import { consume, readLimits } from '../methods.mjs';

const usageOnly = { excludeResetCreditDetails: true };
const token = '/oauth/token';
const revocation = '/oauth/revoke';
const withToken = { includeToken: true };
const expired = idToken(undefined, { exp: 1_000_000_000 });
const valid = idToken(undefined, { exp: 10_000_000_000 });

const bodies = (backend, resource) =>
  backend.requests.filter((request) => request.resource === resource).map(({ body }) => JSON.parse(body));

/** Reads, consumes, and returns what was sent, with names in place of the long tokens. */
async function usedTokens({ open, backend }) {
  const server = await open();
  const first = backend.requests.length;
  await server.ask(readLimits, usageOnly);
  await server.ask(consume, { idempotencyKey: 'key' });
  const { authToken } = await server.ask('getAuthStatus', withToken);
  const named = (text) => text?.replace(expired, 'expired').replace(valid, 'valid') ?? null;
  const requests = backend.requests.slice(first);
  return {
    bearers: requests
      .filter(({ resource }) => resource !== token)
      .map(({ headers }) => named(headers.authorization)),
    authToken: named(authToken),
    refreshes: bodies({ requests }, token).map(({ refresh_reason: why }) => why),
    stderr: server.stderr().replaceAll(/^\S+ +/gm, ''),
  };
}

export default [
  {
    name: 'a good token is sent even if the file does not say when it was refreshed',
    promise:
      'Who is signed in: The access token is sent even if the file does not say when it was last refreshed.',
    departure: 'D29',
    run: async (context) => {
      context.backend.replies[token] = { body: { access_token: 'access-token-2' } };
      const seen = {};
      for (const [name, access_token] of Object.entries({ valid, opaque: 'opaque', expired })) {
        writeLogin(context.home, chatgptLogin({ access_token }, { last_refresh: undefined }));
        seen[name] = await usedTokens(context);
      }
      return seen;
    },
  },
  {
    name: 'an empty refresh token is never sent, and the expiry of the access token is reported once',
    promise: 'Refreshing: If the access token of such a login has expired, the log says so once',
    departure: 'D30',
    run: async (context) => {
      const seen = {};
      for (const [name, access_token] of Object.entries({ valid, expired })) {
        writeLogin(context.home, chatgptLogin({ access_token, refresh_token: '' }));
        seen[name] = await usedTokens(context);
      }
      return seen;
    },
  },
  {
    name: 'a new token that counts as expired already is not refreshed again',
    promise: 'Refreshing: the token is not refreshed again until the backend refuses it',
    departure: 'D31',
    run: async (context) => {
      context.backend.replies[token] = { body: { access_token: expired, refresh_token: 'refresh-token-2' } };
      writeLogin(context.home, chatgptLogin({ access_token: expired }));
      return usedTokens(context);
    },
  },
  {
    name: 'without a refresh token a logout revokes the access token, without a client id',
    promise: 'Logout: A logout revokes the refresh token, or else the access token',
    run: async ({ open, home, backend }) => {
      backend.replies[revocation] = { body: {} };
      const logins = {
        both: chatgptLogin(),
        accessOnly: chatgptLogin({ refresh_token: '' }),
        apiKey: 'apiKey',
        hostTokens: chatgptLogin({}, { auth_mode: 'chatgptAuthTokens' }),
      };
      const seen = {};
      for (const [name, login] of Object.entries(logins)) {
        writeLogin(home, login);
        const before = bodies(backend, revocation).length;
        const answer = await (await open()).ask('account/logout');
        seen[name] = [answer, ...bodies(backend, revocation).slice(before)];
      }
      return seen;
    },
  },
];
