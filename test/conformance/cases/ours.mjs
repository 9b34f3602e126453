// What codex does not have.
import { usageBody } from '../backend.mjs';
import { consume, readAccount, readLimits } from '../methods.mjs';

const usageOnly = { excludeResetCreditDetails: true };

export default [
  {
    name: 'a read-only server reads, and refuses whatever changes something',
    promise: 'Read-only: consume, logins, logout, the nudge and `refreshToken: true` are refused',
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
  {
    name: 'a watch reads by itself, and tells what has changed, complete and once',
    promise: 'account/rateLimits/watch, account/rateLimits/unwatch',
    departure: 'P',
    reason: 'it has no such methods',
    isPatient: true,
    limitMs: 60_000,
    run: async ({ open, backend }) => {
      const server = await open();
      await server.ask(readLimits, usageOnly);
      const begun = await server.ask('account/rateLimits/watch', { intervalSecs: 1 });
      await backend.asked('usage', 2);
      const { rate_limit: limit } = usageBody;
      const primary = { ...limit.primary_window, used_percent: 43 };
      backend.replies.usage = { body: { ...usageBody, rate_limit: { ...limit, primary_window: primary } } };
      const { params, emittedAtMs } = await server.told('account/rateLimits/updated');
      const ended = await server.ask('account/rateLimits/unwatch');
      return {
        begun,
        params,
        hasTime: Number.isInteger(emittedAtMs),
        ended,
        told: server.messages.filter(({ method }) => method !== undefined).length,
        sent: backend.seen(),
      };
    },
  },
];
