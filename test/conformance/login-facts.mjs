// What logins leave behind: in auth.json, and with those who are told of them.
import fs from 'node:fs';
import path from 'node:path';

import { idToken } from './codex-home.mjs';

export const claims = {
  chatgpt_plan_type: 'plus',
  chatgpt_account_id: 'account-2',
  chatgpt_user_id: 'user-2',
};

/** What an issuer grants. */
export const issued = {
  id_token: idToken(claims, { email: 'web@example.com' }),
  access_token: 'access-token-2',
  refresh_token: 'refresh-token-2',
};

/** What is looked up once that account has signed in. */
export const accounts = {
  body: {
    accounts: [
      { id: 'account-2', workspace_backend_origin: 'https://b.example', account_routing_override: 'us' },
    ],
  },
};

/** What lies in auth.json, without what is new each time; and its mode. */
export function stored(home) {
  const file = path.join(home, 'auth.json');
  if (!fs.existsSync(file)) return 'nothing';
  const { tokens, last_refresh: refreshed, ...rest } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const owner = tokens?.login_owner_id;
  return {
    mode: (fs.statSync(file).mode & 0o777).toString(8),
    ...rest,
    ...(refreshed && { last_refresh: 'now' }),
    ...(tokens && { tokens: { ...tokens, ...(owner && { login_owner_id: owner.length }) } }),
  };
}

/** What the client was told of its account so far. */
export const told = (server) =>
  server.messages
    .filter(({ method, id }) => method?.startsWith('account/') && id === undefined)
    .map(({ method, params }) => [method, named(params)]);

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** With the kind of its login id. */
export function named({ loginId, ...rest }) {
  const kind = uuid.test(loginId) ? 'a uuid' : loginId;
  return { ...rest, ...(loginId !== undefined && { loginId: kind }) };
}
