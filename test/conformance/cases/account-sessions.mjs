import fs from 'node:fs';
import path from 'node:path';

import { chatgptLogin, idToken } from '../codex-home.mjs';

const experimental = { clientInfo: { name: 'suite', version: '1' }, capabilities: { experimentalApi: true } };
const list = 'accountSession/list';
const swap = 'accountSession/switch';

const accounts = [
  { id: 'account-1', name: 'Own', structure: 'personal' },
  { id: 'account-2', name: 'Team', structure: 'workspace', profile_picture_url: 'https://b.example/p.png' },
  { id: 'account-3', is_deactivated: true },
  { id: 'account-4', can_access_with_session: false },
];

const routed = {
  accounts: accounts.map((account) => ({
    workspace_backend_origin: 'https://b.example',
    account_routing_override: 'NO_CONSTRAINT',
    ...account,
  })),
};

/** The login of the usual user; the token of another workspace. */
const login = chatgptLogin();
const switched = idToken({
  chatgpt_plan_type: 'business',
  chatgpt_user_id: 'user-1',
  chatgpt_account_id: 'account-2',
});

/** Returns the list without the time of the answer. */
const withoutTime = (answer) =>
  answer.sessions
    ? { ...answer, sessions: answer.sessions.map(({ lastUsedAt: _, ...session }) => session) }
    : answer;

async function opened({ start, backend }) {
  backend.replies['accounts/check'] = { body: routed };
  const server = start();
  await server.initialize(experimental);
  return server;
}

export default [
  {
    name: 'both methods need experimentalApi',
    promise: 'accountSession/list: Needs `experimentalApi`.',
    run: async ({ open }) => {
      const server = await open();
      const params = { sessionId: 'user-1', accountId: 'account-2' };
      return [await server.ask(list, {}), await server.ask(swap, params), await server.ask(list, 5)];
    },
  },
  {
    name: 'the list has the stored login, and the workspaces if asked for',
    promise: 'accountSession/list: asks the backend for all workspaces of the login',
    login,
    run: async (context) => {
      const server = await opened(context);
      const own = withoutTime(await server.ask(list, {}));
      const all = withoutTime(await server.ask(list, { refreshWorkspaceMetadata: true }));
      return { own, all };
    },
  },
  {
    name: 'without a stored login that names its user the list is empty',
    promise: 'accountSession/list: the list is empty',
    login: 'apiKey',
    run: async (context) => {
      const server = await opened(context);
      const params = { sessionId: 'user-1', accountId: 'account-2' };
      return [await server.ask(list, {}), await server.ask(swap, params)];
    },
  },
  {
    name: 'a switch stores the token of the other workspace',
    promise: 'Another workspace: replaces `access_token` and `account_id` of the stored login',
    departure: 'D39',
    login,
    run: async (context) => {
      const { backend, home } = context;
      const server = await opened(context);
      backend.replies['/accounts/switch-workspace-token'] = { body: { access_token: switched } };
      const from = server.messages.length;
      const answer = await server.ask(swap, { sessionId: 'user-1', accountId: 'account-2' });
      const order = server.messages.slice(from).map(({ method = 'answer' }) => method);
      const reported = await server.received('account/updated');
      const { tokens } = JSON.parse(fs.readFileSync(path.join(home, 'auth.json'), 'utf8'));
      const exchange = backend.requests.find(({ method }) => method === 'POST');
      return {
        answer: withoutTime(answer),
        order,
        reported: reported.params,
        exchange: [exchange.path, exchange.body, exchange.headers['chatgpt-account-id'] ?? 'no account'],
        isStored: tokens.access_token === switched,
        stored: [tokens.refresh_token, tokens.account_id],
      };
    },
  },
  {
    name: 'a switch that is refused changes nothing',
    promise: 'accountSession/switch: Nothing is changed if the workspace is unavailable',
    login,
    run: async (context) => {
      const { backend, home } = context;
      const server = await opened(context);
      backend.replies['/accounts/switch-workspace-token'] = { status: 403 };
      const refused = {};
      for (const accountId of ['', 'account-1', 'account-2', 'account-3', 'account-4', 'account-5']) {
        const { error = 'answered' } = await server.ask(swap, { sessionId: 'user-1', accountId });
        refused[accountId] = error;
      }
      const other = await server.ask(swap, { sessionId: 'user-2', accountId: 'account-2' });
      const { tokens } = JSON.parse(fs.readFileSync(path.join(home, 'auth.json'), 'utf8'));
      return { refused, other, stored: tokens.access_token };
    },
  },
];
