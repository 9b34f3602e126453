import fs from 'node:fs';
import path from 'node:path';

import { chatgptLogin, idToken, writeLogin } from '../codex-home.mjs';

const status = ['getAuthStatus', { includeToken: true }];
const authText = (home) => fs.readFileSync(path.join(home, 'auth.json'), 'utf8');

export default [
  {
    name: 'a login that config.toml forbids counts as signed out, and stays stored',
    promise: 'Restrictions: Such a login stays stored.',
    departure: 'D1',
    run: async ({ open, home, backend }) => {
      const settings = {
        api: 'forced_login_method = "api"',
        chatgpt: 'forced_login_method = "chatgpt"',
        workspace: 'forced_chatgpt_workspace_id = ["account-1", "account-9"]',
        otherWorkspace: 'forced_chatgpt_workspace_id = "account-9"',
      };
      const before = authText(home);
      const seen = {};
      for (const [name, line] of Object.entries(settings)) {
        fs.writeFileSync(path.join(home, 'config.toml'), `chatgpt_base_url = "${backend.url}"\n${line}\n`);
        const server = await open();
        const { authMethod } = await server.ask(...status);
        const login = { type: 'apiKey', apiKey: 'sk-new' };
        const { error } = name === 'chatgpt' ? await server.ask('account/login/start', login) : {};
        seen[name] = [authMethod, ...(error ? [error.message] : [])];
      }
      return { seen, isSame: authText(home) === before };
    },
  },
  {
    name: 'workspace ids are trimmed, blank ones restrict nothing, and the claim counts without an account id',
    promise: 'Restrictions: If there is none, it is that of the id token.',
    departure: 'D1',
    run: async ({ open, home, backend }) => {
      const values = ['" account-1 "', '" "', '""', '[]', '["", " "]', '[" account-1 ", ""]', '"ACCOUNT-1"'];
      const seen = {};
      for (const value of values) {
        fs.writeFileSync(
          path.join(home, 'config.toml'),
          `chatgpt_base_url = "${backend.url}"\nforced_chatgpt_workspace_id = ${value}\n`,
        );
        seen[value] = (await (await open()).ask(...status)).authMethod;
      }
      const id_token = idToken({ chatgpt_account_id: 'ACCOUNT-1' });
      for (const account_id of [null, '']) {
        writeLogin(home, chatgptLogin({ id_token, account_id }));
        seen[`account_id ${JSON.stringify(account_id)}`] = (await (await open()).ask(...status)).authMethod;
      }
      return seen;
    },
  },
];
