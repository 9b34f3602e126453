import { describe, expect, test } from 'vitest';
import { type ClientFixture, withBuiltServer } from '../../support/processes/built-server.js';

// Programs that show limits in a bar or a panel. A timeout in a test is that of the program.

const asCodexBar = ['-s', 'read-only', '-a', 'untrusted', 'app-server'];
const clientInfo = { name: 'bar', version: '1.2.3' };
const initialized = { method: 'initialized' };
const limits = 'account/rateLimits/read';

function lines(...messages: object[]): string {
  return messages.map((message) => `${JSON.stringify(message)}\n`).join('');
}

async function shakeHands({ server }: ClientFixture): Promise<void> {
  await server.call(1, 'initialize', { clientInfo });
  server.send(initialized);
}

describe('CodexBar', () => {
  test('CodexBar reads the account, then the limits', { timeout: 14_000 }, () =>
    withBuiltServer({ args: asCodexBar, scenario: 'at-limit' }, async (fixture) => {
      const { server } = fixture;
      await shakeHands(fixture);
      const { rateLimits } = await server.call(2, limits, {});
      const { account } = await server.call(3, 'account/read', {});
      expect(rateLimits).toMatchObject({
        primary: { usedPercent: 100, windowDurationMins: 300, resetsAt: expect.any(Number) },
        secondary: { usedPercent: 100, windowDurationMins: 10080, resetsAt: expect.any(Number) },
        planType: 'pro',
      });
      expect(account).toMatchObject({ type: 'chatgpt', email: 'dev@example.com', planType: 'pro' });
    }),
  );

  test('CodexBar finds the JSON of a failed reply after "body=" in the error message', () =>
    withBuiltServer({ args: asCodexBar }, async (fixture) => {
      const { server, backend } = fixture;
      const body = { plan_type: 'go', rate_limit: { primary_window: { used_percent: 7 } } };
      backend.script('usage', { status: 403, body });
      await shakeHands(fixture);
      server.send({ id: 2, method: limits, params: {} });
      const { error } = await server.answer(2);
      expect(JSON.parse(error?.message.split('body=')[1] ?? '')).toEqual(body);
    }));

  test('CodexBar has its response within 3 s although the credit details hang', { timeout: 14_000 }, () =>
    withBuiltServer({ args: asCodexBar }, async (fixture) => {
      const { server, backend } = fixture;
      backend.script('credits', () => 'handled');
      await shakeHands(fixture);
      const outcome = await Promise.race([
        server.call(2, limits, {}).then((result) => result.rateLimitResetCredits),
        new Promise((resolve) => setTimeout(resolve, 3000, 'too late').unref()),
      ]);
      expect(outcome).toEqual({ availableCount: 1, credits: null });
    }),
  );
});

test('the omarchy widgets read account and limits with empty params', { timeout: 12_000 }, () =>
  withBuiltServer({ args: asCodexBar, scenario: 'one-window' }, async (fixture) => {
    const { server } = fixture;
    await shakeHands(fixture);
    const { account } = await server.call(2, 'account/read', {});
    const { rateLimits } = await server.call(3, limits, {});
    expect(account).toMatchObject({ type: 'chatgpt', planType: 'pro' });
    expect(rateLimits).toMatchObject({ primary: { windowDurationMins: 10080 }, secondary: null });
  }),
);

describe('AiOverviewControl', () => {
  test('AiOverviewControl writes four lines at once, the first with the id 0', { timeout: 8000 }, () =>
    withBuiltServer({ args: ['app-server', '--stdio'] }, async ({ server }) => {
      server.write(
        lines(
          { id: 0, method: 'initialize', params: { clientInfo } },
          initialized,
          { id: 1, method: 'account/read', params: {} },
          { id: 2, method: limits },
        ),
      );
      expect(await server.result('initialize', 0)).toMatchObject({
        platformFamily: process.platform === 'win32' ? 'windows' : 'unix',
      });
      expect(await server.result('account/read', 1)).toMatchObject({ account: { type: 'chatgpt' } });
      expect(await server.result(limits, 2)).toMatchObject({ accountId: 'account-dev' });
    }),
  );

  test('AiOverviewControl gets no "not authenticated" while the backend fails', () =>
    withBuiltServer({ args: ['app-server', '--stdio'], scenario: 'server-error' }, async ({ server }) => {
      server.write(
        lines({ id: 0, method: 'initialize', params: { clientInfo } }, initialized, {
          id: 1,
          method: 'account/read',
          params: {},
        }),
      );
      expect(await server.result('account/read', 1)).toMatchObject({ account: { email: 'dev@example.com' } });
    }));
});

test('codex-waybar writes three lines at once and takes windows of 300 and 10080 minutes', () =>
  withBuiltServer({ scenario: 'no-credits' }, async ({ server }) => {
    server.write(
      lines({ id: 1, method: 'initialize', params: { clientInfo } }, initialized, { id: 2, method: limits }),
    );
    const { primary, secondary } = (await server.result(limits, 2)).rateLimits;
    const percentByMinutes = new Map(
      [primary, secondary].map((window) => [window?.windowDurationMins, window?.usedPercent]),
    );
    expect(percentByMinutes).toEqual(
      new Map([
        [300, 40],
        [10080, 25],
      ]),
    );
  }));

test('codex-quota-linux pipelines two requests, params null, and never sends "initialized"', () =>
  withBuiltServer({ args: ['-s', 'read-only', '-a', 'never', 'app-server'] }, async ({ server }) => {
    server.write(
      lines(
        { id: 1, method: 'initialize', params: { clientInfo, capabilities: null } },
        { id: 2, method: limits, params: null },
      ),
    );
    expect((await server.result(limits, 2)).rateLimits.primary).toMatchObject({ usedPercent: 0 });
  }));

describe('the GNOME extension', () => {
  test('the GNOME extension asks for the login first and wants the limit "codex"', () =>
    withBuiltServer({ args: ['login', 'status'], scenario: 'one-window' }, async ({ server, start }) => {
      expect(await server.exited).toEqual({ code: 0, signal: null });
      expect([server.stdout(), server.stderr()]).toEqual(['', 'Logged in using ChatGPT\n']);
      const serving = start(['app-server']);
      await serving.call(1, 'initialize', { clientInfo });
      const { rateLimits, rateLimitsByLimitId } = await serving.call(2, limits);
      expect(rateLimits.limitId).toBe('codex');
      expect(rateLimitsByLimitId?.codex).toEqual(rateLimits);
    }));

  test.each([
    ['429', 'chatgpt', { status: 429, body: { detail: 'slow down' } }],
    ['auth', 'none', undefined],
    ['auth', 'chatgpt', { status: 401, body: { detail: 'Unauthorized' } }],
  ] as const)('the GNOME extension finds "%s" in the error of a login %s', (word, auth, reply) =>
    withBuiltServer({ auth }, async ({ server, backend }) => {
      backend.script('usage', reply);
      await server.call(1, 'initialize', { clientInfo });
      server.send({ id: 2, method: limits });
      expect((await server.answer(2)).error?.message.toLowerCase()).toContain(word);
    }),
  );
});
