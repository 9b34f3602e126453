import fs from 'node:fs';
import path from 'node:path';

import { chatgptLogin } from '../codex-home.mjs';
import { askEach, whoIs } from '../each-login.mjs';

const whoami = {
  email: 'pat@example.com',
  chatgpt_user_id: 'user-2',
  chatgpt_account_id: 'account-2',
  chatgpt_plan_type: 'team',
  chatgpt_account_is_fedramp: false,
};

const tokens = chatgptLogin();
const pat = { personal_access_token: 'at-token' };
const bedrock = { bedrock_api_key: { api_key: 'key', region: 'eu-1' } };
const keys = { access_key_id: 'id', secret_access_key: 'secret', region: 'eu-1' };

/** The logins of each auth_mode that are usable, or lack something. */
const loginsByMode = {
  hostTokens: { ...tokens, auth_mode: 'chatgptAuthTokens' },
  personal: { auth_mode: 'personalAccessToken', ...pat },
  personalWithout: { auth_mode: 'personalAccessToken' },
  personalFirst: { ...tokens, ...pat, auth_mode: null, OPENAI_API_KEY: 'sk-1' },
  agentWithout: { auth_mode: 'agentIdentity' },
  headers: { ...tokens, auth_mode: 'headers' },
  bedrockKey: { auth_mode: 'bedrockApiKey', ...bedrock },
  bedrockKeys: { auth_mode: 'bedrockAccessKeys', bedrock_access_keys: keys },
  bedrockWithout: { auth_mode: 'bedrockApiKey' },
};

export default [
  {
    name: 'every auth_mode is read, and one that cannot be used is refused and stays stored',
    promise: 'Who is signed in: A login that cannot be used stays stored.',
    departure: 'D1',
    run: async (context) => {
      context.backend.replies['/v1/user-auth-credential/whoami'] = { body: whoami };
      const isStored = () => fs.existsSync(path.join(context.home, 'auth.json'));
      return askEach(
        context,
        loginsByMode,
        async (server) => ({ ...(await whoIs(server)), isStored: isStored() }),
        { env: { CODEX_AUTHAPI_BASE_URL: context.backend.url } },
      );
    },
  },
  {
    name: 'an agent identity is refused, and the log has the reason',
    promise: 'Error kinds: the stored login is of a kind without limits, and stays as it is',
    departure: 'D32',
    login: { auth_mode: 'agentIdentity', agent_identity: { agent_runtime_id: 'runtime' } },
    run: async ({ open }) => {
      const server = await open();
      return { ...(await whoIs(server)), stderr: server.stderr().replace(/^\S+ +/, '') };
    },
  },
];
