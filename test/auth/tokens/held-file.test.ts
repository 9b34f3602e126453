import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { expect, test } from 'vitest';
import { chatgptLogin } from '../../support/auth-file.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';
import { renewed, sentTokens, stored, withRefreshes } from './refresh-fixture.js';

/** The flag of libuv that opens a file for this process alone, as some virus scanners do. For Windows only. */
function openAlone(path: string): number {
  return openSync(path, constants.O_RDWR | 0x10000000);
}

function loginOf(lastRefresh: string): object {
  return chatgptLogin({}, { last_refresh: lastRefresh });
}

const windowsTest = test.skipIf(process.platform !== 'win32');

windowsTest('while another program has auth.json for itself, no refresh is sent; later one is', () =>
  withRefreshes({ auth: loginOf(new Date().toISOString()) }, async (fixture) => {
    const { authPath, call, calls, server } = fixture;
    const refresh = (): Promise<unknown> => call('getAuthStatus', { refreshToken: true });
    await call('account/read', {});
    const held = openAlone(authPath);
    const answer = await refresh();
    closeSync(held);
    expect({ answer, sent: calls.length, log: server.log }).toMatchObject({
      answer: { result: { authMethod: 'chatgpt' } },
      sent: 0,
      log: ['ERROR the tokens were not refreshed: auth.json cannot be replaced (EBUSY)\n'],
    });
    await refresh();
    expect(stored(fixture).tokens).toMatchObject(renewed);
  }),
);

windowsTest('new tokens are used while another program has auth.json for itself, and saved later', () => {
  let held = -1;
  let hold = (): void => undefined;
  return withRefreshes(
    { clock: createManualClock(), auth: loginOf('2025-01-01T00:00:00Z') },
    async (fixture) => {
      const { authPath, read, server } = fixture;
      hold = () => {
        held = openAlone(authPath);
      };
      const answer = await read();
      closeSync(held);
      expect(answer).toHaveProperty('result');
      expect(sentTokens(fixture)).toEqual([`Bearer ${renewed.access_token}`]);
      expect(readFileSync(authPath, 'utf8')).not.toContain(renewed.refresh_token);
      await server.end();
      expect(stored(fixture).tokens).toMatchObject(renewed);
    },
    (response) => {
      hold();
      response.end(JSON.stringify(renewed));
    },
  );
});
