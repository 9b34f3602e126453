import { expect, test } from 'vitest';
import { withBuiltServer } from '../../support/processes/built-server.js';

// Tests what must work on every version of node: `npm run lab -- matrix` runs this on several versions of node.

const redemption = { idempotencyKey: '0b2a6f1e-5f0c-4b0e-8d7e-2f3f0a3a1c55' };

test('a client reads the limits, redeems a credit, and reads the limits again', () =>
  withBuiltServer({ scenario: 'at-limit' }, async ({ server }) => {
    const usedPercent = async (id: number) =>
      (await server.call(id, 'account/rateLimits/read')).rateLimits.primary?.usedPercent;
    const { userAgent } = await server.call(1, 'initialize', { clientInfo: { name: 'smoke', version: '1' } });
    server.send({ method: 'initialized' });
    const before = await usedPercent(2);
    const consumed = await server.call(3, 'account/rateLimitResetCredit/consume', redemption);
    const after = await usedPercent(4);
    server.child.stdin.end();
    expect({ userAgent, before, consumed, after, exit: await server.exited, log: server.stderr() }).toEqual({
      userAgent: expect.stringMatching(/^smoke\/0\.171\.0 /),
      before: 100,
      consumed: { outcome: 'reset' },
      after: 0,
      exit: { code: 0, signal: null },
      log: '',
    });
  }));

test('login status reports the login', () =>
  withBuiltServer({ args: ['login', 'status'] }, async ({ server }) => {
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(server.stderr()).toBe('Logged in using ChatGPT\n');
  }));

test('usage --json prints a report', () =>
  withBuiltServer({ args: ['usage', '--json'] }, async ({ server }) => {
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(JSON.parse(server.stdout())).toMatchObject({ version: 1, permission: 'allowed', planType: 'pro' });
  }));
