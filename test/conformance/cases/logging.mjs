import { consume, readLimits } from '../methods.mjs';

const usual = [/access-token/, /refresh-token/, /me@example\.com/, /secret-key/, /a-client/];

export default [
  {
    name: 'a debug log has more lines, and no secret',
    promise: [
      'Logging: No line holds a token, an e-mail address, text that a client sent,',
      'Process: The log has no tokens, no e-mail addresses and no client input.',
    ],
    departure: 'P',
    reason: 'its log shows what a client sends',
    run: async ({ open }) => {
      const seen = {};
      for (const RUST_LOG of ['off', 'debug', 'codex_account_server=debug']) {
        const server = await open({ env: { RUST_LOG } });
        await server.ask(readLimits);
        await server.ask(consume, { idempotencyKey: 'secret-key' });
        await server.ask('a-client-method');
        await server.end();
        const log = server.stderr();
        seen[RUST_LOG] = [log !== '', ...usual.filter((secret) => secret.test(log)).map(String)];
      }
      return seen;
    },
  },
];
