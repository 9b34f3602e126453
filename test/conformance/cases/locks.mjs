import fs from 'node:fs';
import path from 'node:path';

import { chatgptLogin, idToken, writeLogin } from '../codex-home.mjs';
import { readLimits } from '../methods.mjs';

const token = '/oauth/token';
const sent = (backend, resource) => backend.requests.filter((request) => request.resource === resource);

export default [
  {
    name: 'only one of two servers refreshes the same due tokens, and the lock files stay',
    promise: 'Locks: only one of several servers sends a refresh, and the others find its tokens',
    departure: 'P',
    reason: 'each server sends a refresh of its own',
    run: async ({ open, home, backend }) => {
      writeLogin(home, chatgptLogin({ access_token: idToken(undefined, { exp: 1_000_000_000 }) }));
      const release = backend.hold(token, { body: { access_token: 'access-token-2' } });
      const servers = await Promise.all([open(), open()]);
      const reads = servers.map((server) => server.ask(readLimits, { excludeResetCreditDetails: true }));
      await backend.asked(token);
      release();
      const plans = (await Promise.all(reads)).map(({ rateLimits }) => rateLimits.planType);
      const modeOf = (name) => (fs.statSync(path.join(home, name)).mode & 0o777).toString(8);
      return {
        plans,
        refreshes: sent(backend, token).length,
        bearers: sent(backend, 'usage').map(({ headers }) => headers.authorization),
        locks: ['auth.lock', 'auth.json.lock', 'auth.refresh.lock'].map((name) => [name, modeOf(name)]),
      };
    },
  },
];
