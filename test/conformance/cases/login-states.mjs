import fs from 'node:fs';
import path from 'node:path';

import { chatgptLogin, idToken, writeLogin } from '../codex-home.mjs';
import { askEach, whoIs } from '../each-login.mjs';
import { consume, readAccount, readLimits } from '../methods.mjs';

const usageOnly = { excludeResetCreditDetails: true };
const withToken = { includeToken: true };

export default [
  {
    name: 'no one is signed in',
    promise: 'account/read: `account` is null if no one is signed in',
    login: 'none',
    run: readAndConsume,
  },
  {
    name: 'an API key',
    promise: 'account/read: With an API key it is `{"type":"apiKey"}`.',
    login: 'apiKey',
    run: readAndConsume,
  },
  {
    name: 'a ChatGPT login is read from the file, whatever the workspace lookup returns',
    promise: 'account/read: The answer comes from the [stored login]',
    departure: 'D1',
    run: async ({ open, backend }) => {
      const server = await open();
      const account = await server.ask(readAccount, { refreshToken: false });
      const status = await server.ask('getAuthStatus', withToken);
      const without = await server.ask('getAuthStatus', { includeToken: null });
      return { account, status, without, sent: backend.seen() };
    },
  },
  {
    name: 'the workspace is shown once the backend has answered, and the wait for it is limited',
    promise: 'account/read: `account/read` waits at most 1.5 s for them',
    departure: 'D1',
    run: async ({ open, backend }) => {
      const workspace = { id: 'account-1', workspace_backend_origin: 'https://b.example', name: 'Team' };
      const reply = { body: { accounts: [{ ...workspace, account_routing_override: 'us' }] } };
      const release = backend.hold('accounts/check', reply);
      const server = await open();
      const startMs = performance.now();
      const early = await server.ask(readAccount, {});
      const waitedMs = performance.now() - startMs;
      release();
      const late = await server.ask(readAccount, {});
      return { early, isInTime: waitedMs > 1_400 && waitedMs < 5_000, late, sent: backend.seen() };
    },
  },
  {
    name: 'a workspace that account/read did not wait for is reported once it is known',
    promise: 'account/updated: with the reason `workspaceRoutingReady`',
    departure: 'D1',
    run: async ({ open, backend }) => {
      const workspace = { id: 'account-1', workspace_backend_origin: 'https://b.example', name: 'Team' };
      const reply = { body: { accounts: [{ ...workspace, account_routing_override: 'us' }] } };
      const release = backend.hold('accounts/check', reply);
      const server = await open();
      const { workspaceRouting } = await server.ask(readAccount, {});
      release();
      const { params } = await server.received('account/updated');
      return { workspaceRouting, reported: params, late: await server.ask(readAccount, {}) };
    },
  },
  {
    name: 'an unusable auth.json counts as signed out, and the log has the reason',
    promise: 'Reading: requests fail with `authFileInvalid`',
    departure: 'D8',
    run: async (context) => {
      const broken = {
        cut: '{"auth_mode":"chatgpt","tokens":{',
        mode: chatgptLogin({}, { auth_mode: 'ChatGPT' }),
        noKey: { auth_mode: 'apikey', OPENAI_API_KEY: null },
        idToken: chatgptLogin({ id_token: 'a.b.c' }),
      };
      return askEach(context, broken, async (server) => ({
        ...(await whoIs(server)),
        stderr: server.stderr().replace(/^\S+ +/, ''),
      }));
    },
  },
  {
    name: 'an auth.json that is a directory counts as signed out, and the log has the reason',
    promise: 'Error kinds: because `auth.json` cannot be used',
    departure: 'D8',
    login: 'none',
    run: async ({ open, home }) => {
      fs.mkdirSync(path.join(home, 'auth.json'));
      const server = await open();
      return { ...(await whoIs(server)), stderr: server.stderr().replace(/^\S+ +/, '') };
    },
  },
  {
    name: 'auth_mode decides; without it an API key takes precedence',
    promise: 'Who is signed in: then an API key wins',
    run: (context) =>
      askEach(
        context,
        {
          tokens: chatgptLogin({}, { auth_mode: undefined }),
          both: chatgptLogin({}, { auth_mode: undefined, OPENAI_API_KEY: 'sk-1' }),
          chatgpt: chatgptLogin({}, { OPENAI_API_KEY: 'sk-1' }),
          blankKey: { OPENAI_API_KEY: '  ' },
        },
        (server) => server.ask('getAuthStatus', withToken),
      ),
  },
  {
    name: 'e-mail address, user and plan come from the id token',
    promise: 'Who is signed in: E-mail address, user id and plan come from the id token.',
    departure: 'D1',
    run: async (context) => {
      const profile = { 'https://api.openai.com/profile': { email: 'profile@example.com' } };
      const tokens = {
        profile: idToken({ user_id: 'u', chatgpt_plan_type: 'hc' }, profile),
        both: idToken(
          { user_id: 'u', chatgpt_user_id: 'c', chatgpt_plan_type: 'education' },
          { ...profile, email: 'me@x.y' },
        ),
        nothing: idToken({ chatgpt_plan_type: 'PRO' }, {}),
      };
      const logins = Object.entries(tokens).map(([name, id_token]) => [name, chatgptLogin({ id_token })]);
      return askEach(context, Object.fromEntries(logins), async (server) => {
        const { account, userId } = await server.ask(readAccount, {});
        return { ...account, userId };
      });
    },
  },
  {
    name: 'an empty token is not shown by getAuthStatus, and one that was never refreshed is sent',
    promise: 'getAuthStatus: `authMethod` is null if there is no token that could be sent.',
    departure: 'D29',
    run: async (context) => {
      const logins = {
        emptyAccess: chatgptLogin({ access_token: '' }),
        neverRefreshed: chatgptLogin({}, { last_refresh: null }),
      };
      return askEach(context, logins, async (server) => {
        await server.ask(readLimits, usageOnly);
        const { headers } = context.backend.requests.at(-1);
        const status = await server.ask('getAuthStatus', withToken);
        const { authorization = null } = headers;
        return {
          status,
          authorization: authorization?.trim() ?? null,
          account: headers['chatgpt-account-id'],
        };
      });
    },
  },
  {
    name: 'a ChatGPT login without tokens',
    promise: 'account/read',
    login: '{}',
    run: async ({ open, backend }) => {
      const server = await open();
      const { error } = await server.ask(readAccount, {});
      const status = await server.ask('getAuthStatus', withToken);
      await server.ask(readLimits, usageOnly);
      const { headers } = backend.requests.at(-1);
      return {
        error,
        status,
        headers: Object.keys(headers).filter((name) => /authorization|account/.test(name)),
      };
    },
  },
  {
    name: 'a login that is stored, changed or removed applies to the next request, a half-written one does not',
    promise: 'Reading: counts from the next request on',
    departure: 'D15',
    login: 'none',
    run: async ({ open, home }) => {
      const server = await open();
      const steps = {
        none: 'none',
        stored: 'chatgpt',
        changed: chatgptLogin({ access_token: 'access-token-2', account_id: 'account-2' }),
        torn: '{"auth_mode":',
        apiKey: 'apiKey',
        removed: 'none',
      };
      const seen = {};
      for (const [name, login] of Object.entries(steps)) {
        writeLogin(home, login);
        const { authMethod, authToken } = await server.ask('getAuthStatus', withToken);
        const { error } = await server.ask(readLimits, usageOnly);
        seen[name] = [authMethod, authToken, error?.message ?? 'answered'];
      }
      return seen;
    },
  },
];

async function readAndConsume({ open, backend }) {
  const server = await open();
  const { error } = await server.ask(consume, { idempotencyKey: 'key' });
  return { ...(await whoIs(server)), consume: error, sent: backend.seen() };
}
