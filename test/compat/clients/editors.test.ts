import { describe, expect, test } from 'vitest';
import { withBuiltServer } from '../../support/processes/built-server.js';

// Programs around Codex: editors, agents, session managers. Each test sends what the program sends.

const limits = 'account/rateLimits/read';
const consume = 'account/rateLimitResetCredit/consume';
const clientInfo = { name: 't3code_desktop', title: 'T3 Code', version: '0.1.0' };

/** The values of each enum that t3code decodes. It rejects an answer with any other value. */
const closed = {
  planTypes:
    'free go plus pro prolite team self_serve_business_usage_based business enterprise_cbp_usage_based enterprise edu unknown'.split(
      ' ',
    ),
  statuses: ['available', 'redeeming', 'redeemed', 'unknown'],
  resetTypes: ['codexRateLimits', 'unknown'],
};

describe('t3code', () => {
  test('t3code gets answers that its closed enums decode', { timeout: 5000 }, () =>
    withBuiltServer({ scenario: 'at-limit' }, async ({ server, backend }) => {
      const credit = { granted_at: '2026-01-01T00:00:00Z', reset_type: 'later', status: 'expired' };
      backend.script('credits', { body: { available_count: 1, credits: [{ id: 'credit-1', ...credit }] } });
      backend.script('usage', { body: { plan_type: 'gold', rate_limit_reached_type: { type: 'later' } } });
      await server.call(1, 'initialize', { clientInfo, capabilities: { experimentalApi: true } });
      server.send({ method: 'initialized' });
      const { account } = await server.call(2, 'account/read', {});
      expect(closed.planTypes).toContain(account?.type === 'chatgpt' && account.planType);
      const { rateLimits, rateLimitResetCredits } = await server.call(3, limits);
      expect(closed.planTypes).toContain(rateLimits.planType);
      expect(rateLimits.rateLimitReachedType).toBeNull();
      const row = rateLimitResetCredits?.credits?.[0];
      expect(closed.statuses).toContain(row?.status);
      expect(closed.resetTypes).toContain(row?.resetType);
    }),
  );

  test('t3code redeems with a key only', () =>
    withBuiltServer({ scenario: 'at-limit' }, async ({ server }) => {
      await server.call(1, 'initialize', { clientInfo, capabilities: { experimentalApi: true } });
      server.send({ method: 'initialized' });
      expect(await server.call(2, consume, { idempotencyKey: 'key-1' })).toEqual({ outcome: 'reset' });
      const { rateLimits, rateLimitResetCredits } = await server.call(3, limits);
      expect(rateLimits.primary).toMatchObject({ usedPercent: 0 });
      expect(rateLimitResetCredits?.availableCount).toBe(1);
    }));
});

describe('openclaw', () => {
  test('openclaw finds a server with a supported version', () =>
    withBuiltServer({ args: ['app-server', '--listen', 'stdio://'] }, async ({ server }) => {
      const { userAgent } = await server.call(1, 'initialize', {
        clientInfo: { name: 'openclaw', title: 'OpenClaw', version: '2026.1.1' },
        capabilities: { experimentalApi: true, extensions: { openclaw: { version: 1 } } },
      });
      const version = /^[^/]+\/(\d+\.\d+\.\d+)[\s(]/.exec(userAgent)?.[1] ?? '';
      expect(Number(version.split('.')[0]) * 1000 + Number(version.split('.')[1])).toBeGreaterThanOrEqual(
        149,
      );
      server.send({ method: 'initialized' });
      expect(await server.call(2, 'account/read', { refreshToken: false })).toMatchObject({
        requiresOpenaiAuth: true,
      });
      expect(await server.call(3, limits)).toMatchObject({ rateLimits: { limitId: 'codex' } });
    }));

  test('openclaw does not take a failed read for an unsupported method', () =>
    withBuiltServer({ auth: 'none' }, async ({ server }) => {
      await server.call(1, 'initialize', { clientInfo, capabilities: { extensions: {} } });
      server.send({ id: 2, method: limits });
      server.send({ id: 3, method: 'thread/list', params: {} });
      const codes = [await server.answer(2), await server.answer(3)].map(({ error }) => error?.code);
      expect(codes).toEqual([-32600, -32600]);
    }));
});

test.each([
  [
    'CodexMonitor',
    [
      'app-server',
      '-c',
      'approval_policy="never"',
      '-c',
      'sandbox_mode="danger-full-access"',
      '-c',
      'features.memories=true',
    ],
  ],
  ['codex_sdk', ['-s', 'read-only', '-a', 'on-request', 'app-server']],
])('%s sends params null', (name, args) =>
  withBuiltServer({ args }, async ({ server }) => {
    await server.call(1, 'initialize', { clientInfo: { name, title: name, version: '1' } });
    server.send({ method: 'initialized', params: null });
    expect(await server.call(2, 'account/read', null)).toMatchObject({ account: { type: 'chatgpt' } });
    expect(await server.call(3, limits, null)).toMatchObject({ accountId: 'account-dev' });
    expect(server.stderr()).toBe('');
  }),
);

test('AutoMaker runs one process per call, several at once on one CODEX_HOME', () =>
  withBuiltServer({ environment: { TERM: 'dumb' } }, async ({ server, start }) => {
    const servers = [server, start(), start(), start()];
    const answers = servers.map(async ({ call, send, child, exited }) => {
      const { userAgent } = await call(1, 'initialize', { clientInfo: { name: 'automaker', version: '1' } });
      send({ method: 'initialized' });
      const { rateLimits } = await call(2, limits);
      child.stdin.end();
      return { userAgent, plan: rateLimits.planType, exit: await exited };
    });
    const answer = {
      userAgent: expect.stringMatching(/\) dumb \(automaker; 1\)$/),
      plan: 'pro',
      exit: { code: 0, signal: null },
    };
    expect(await Promise.all(answers)).toEqual([answer, answer, answer, answer]);
  }));
