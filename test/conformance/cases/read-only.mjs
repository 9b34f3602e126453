import { consume, readAccount, readLimits } from '../methods.mjs';

const usageOnly = { excludeResetCreditDetails: true };

export default [
  {
    name: 'a read-only server reads, and refuses every change',
    promise: 'Read-only mode: It refuses consume, logins, logout, the nudge and `refreshToken: true`',
    departure: 'P',
    reason: 'it has no such option',
    run: async ({ open, backend }) => {
      const server = await open({ after: ['--read-only'] });
      const { rateLimits } = await server.ask(readLimits, usageOnly);
      const changes = {
        consume: [consume, { idempotencyKey: 'key' }],
        login: ['account/login/start', { type: 'apiKey', apiKey: 'sk-new' }],
        cancel: ['account/login/cancel', { loginId: '0b2a6f1e-5f0c-4b0e-8d7e-2f3f0a3a1c55' }],
        logout: ['account/logout'],
        nudge: ['account/sendAddCreditsNudgeEmail', { creditType: 'credits' }],
        refresh: [readAccount, { refreshToken: true }],
      };
      const seen = {};
      for (const [name, request] of Object.entries(changes))
        seen[name] = (await server.ask(...request)).error;
      return { planType: rateLimits.planType, seen, sent: backend.seen() };
    },
  },
];
