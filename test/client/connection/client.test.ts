import { expect, test } from 'vitest';
import type { ClientOptions } from '../../../src/client/client-options.js';
import { listen, withStandIn } from './stand-in-fixture.js';

const read = 'account/rateLimits/read';
const usage = 'account/usage/read';

test('answers out of order, notifications in between and a slow exit work, as with codex', async () => {
  const notifications: unknown[] = [];
  await withStandIn('codex', async (client) => {
    client.onNotification('account/rateLimits/updated', (params) => notifications.push(params));
    const [limits, tokens] = await Promise.all([
      client.request(read, { supportsLunaReserve: true }),
      client.request(usage),
    ]);
    expect([limits.rateLimits.primary?.usedPercent, tokens]).toEqual([1, { received: {} }]);
    await client.close();
  });
  const primary = { usedPercent: 50, windowDurationMins: 300, resetsAt: null };
  const rateLimits = { limitId: 'codex', primary, secondary: null };
  expect(notifications).toEqual(Array(2).fill({ rateLimits }));
});

test('a removed handler is not called again', async () => {
  const notifications: string[] = [];
  await withStandIn('codex', async (client) => {
    await new Promise<void>((resolve) => {
      const stop = client.onNotification('account/rateLimits/updated', () => {
        notifications.push('first');
        stop();
        resolve();
      });
      void Promise.all([client.request(read), client.request(usage)]);
    });
    await Promise.all([client.request(read), client.request(usage)]);
  });
  expect(notifications).toEqual(['first']);
});

test('after a crash the same call is sent to a new server', async () => {
  const reports: unknown[] = [];
  const options: Partial<ClientOptions> = {
    onRetry: ({ method, count, delayMs }) => reports.push([method, count, delayMs]),
    onRestart: () => reports.push('restart'),
  };
  await withStandIn(
    'dies',
    async (client) => {
      expect(await client.request(read)).toMatchObject({ rateLimits: { limitId: 'codex' } });
    },
    options,
  );
  expect(reports).toEqual([[read, 1, 250], 'restart']);
});

test('a call that must not be repeated is not sent again', async () => {
  await withStandIn('dies', async (client) => {
    const nudge = client.request('account/sendAddCreditsNudgeEmail', { creditType: 'credits' });
    await expect(nudge).rejects.toMatchObject({ kind: 'serverExited' });
  });
});

test('the error of a server without error data has its code and text', async () => {
  await withStandIn('fails', async (client) => {
    await expect(client.request(read)).rejects.toMatchObject({
      name: 'RequestError',
      method: read,
      code: -32603,
      message: 'failed to fetch',
      kind: 'unknown',
      details: {},
    });
  });
});

test('an aborted call throws the reason of its signal, and later calls work', async () => {
  await withStandIn('late', async (client) => {
    const controller = new AbortController();
    const received = new Promise((resolve) => listen(client, 'received', resolve));
    const given = client.request(read, {}, { signal: controller.signal });
    await received;
    controller.abort(new Error('not wanted'));
    await expect(given).rejects.toThrow('not wanted');
    expect(await client.request(usage)).toEqual({ received: {} });
  });
});

test('a call with an aborted signal is not sent', async () => {
  await withStandIn('late', async (client) => {
    await expect(
      client.request(read, {}, { signal: AbortSignal.abort(new Error('before')) }),
    ).rejects.toThrow('before');
  });
});

test('the server gets new tokens from the client, or an error if there are none', async () => {
  const answerTo = async (refreshTokens?: ClientOptions['refreshTokens']): Promise<unknown> => {
    let answer: unknown;
    const options = refreshTokens && { refreshTokens };
    await withStandIn(
      'asks',
      async (client) => {
        const answered = new Promise<unknown>((resolve) => listen(client, 'answered', resolve));
        void client.request(read).catch(() => undefined);
        answer = await answered;
      },
      options,
    );
    return answer;
  };
  const tokens = { accessToken: 'token', chatgptAccountId: 'account' };
  expect(
    await answerTo(({ previousAccountId }) =>
      Promise.resolve({ ...tokens, chatgptPlanType: previousAccountId }),
    ),
  ).toEqual({
    id: 'ask-1',
    result: { ...tokens, chatgptPlanType: 'a' },
  });
  expect(await answerTo(() => Promise.reject(new Error('secret')))).toEqual({
    id: 'ask-1',
    error: { code: -32603, message: 'the client failed to answer' },
  });
  expect(await answerTo()).toEqual({
    id: 'ask-1',
    error: { code: -32601, message: 'the client does not serve account/chatgptAuthTokens/refresh' },
  });
});
