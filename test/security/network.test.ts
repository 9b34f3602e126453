import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { devEnvironment } from '../../src/dev-backend/environment.js';
import { withBuiltServer } from '../support/processes/built-server.js';
import { sendEveryRequest, recordedActions, recording } from './recorded-session.js';

/** Node itself locks files on macOS, and a library in this process on Windows. */
const starts = process.platform === 'linux' ? ['flock'] : [];
const nothing = { connects: [], listens: [], starts: [] };

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'security-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('With default settings it connects only to `chatgpt.com` and `auth.openai.com`, over https.', () =>
  withBuiltServer({ args: ['--version'] }, async ({ home, start }) => {
    writeFileSync(join(home.path, 'config.toml'), '');
    await sendEveryRequest(
      start(['app-server'], recording(folder, { allowsConnections: false })),
      neverAsked,
    );
    const token = { CODEX_ACCESS_TOKEN: 'at-canary' };
    const second = start(['app-server'], { ...recording(folder, { allowsConnections: false }), ...token });
    await sendEveryRequest(second, neverAsked);
    expect(recordedActions(folder)).toEqual({
      connects: ['auth.openai.com:443', 'chatgpt.com:443'],
      listens: [],
      starts,
    });
  }));

test('With another base URL, issuer or proxy it connects to those instead.', () =>
  withBuiltServer({ args: ['--version'] }, async ({ backend, home, start }) => {
    const allow = async (userCode: string): Promise<void> => {
      const body = new URLSearchParams({ user_code: userCode, decision: 'allow' });
      await fetch(`${backend.url}/codex/device`, { method: 'POST', body });
    };
    const own = { ...recording(folder, { allowsConnections: true }), ...devEnvironment(backend.url) };
    await sendEveryRequest(start(['app-server'], own), allow);
    expect(recordedActions(folder)).toEqual({
      connects: [`127.0.0.1:${backend.port}`],
      listens: [],
      starts,
    });
    expect(new Set(backend.requests.map(({ url }) => url.replace(/\?.*/, '')))).toContain('/oauth/revoke');

    writeFileSync(join(home.path, 'config.toml'), '');
    const proxied = {
      ...recording(folder, { allowsConnections: false }),
      ALL_PROXY: 'http://proxy.example:3128',
    };
    await sendEveryRequest(start(['app-server'], proxied), neverAsked);
    expect(recordedActions(folder).connects).toEqual([`127.0.0.1:${backend.port}`, 'proxy.example:3128']);
  }));

test('Nothing is sent unasked: no telemetry, and no check for a newer version.', () =>
  withBuiltServer({ args: ['--version'] }, async ({ start }) => {
    const own = recording(folder, { allowsConnections: true });
    const idle = start(['app-server'], own);
    await idle.call(1, 'initialize', { clientInfo: { name: 'test', version: '1' } });
    idle.send({ method: 'initialized' });
    idle.child.stdin.end();
    await idle.exited;
    for (const words of ['--version', '--help', 'login status', 'completion bash']) {
      expect(await start(words.split(' '), own).exited).toEqual({ code: 0, signal: null });
    }
    expect(recordedActions(folder)).toEqual(nothing);
  }));

test('The server listens only while a browser login waits, and only on 127.0.0.1.', () =>
  withBuiltServer({ args: ['--version'] }, async ({ start }) => {
    const server = start(['app-server'], recording(folder, { allowsConnections: false }));
    await server.call(1, 'initialize', { clientInfo: { name: 'test', version: '1' } });
    await server.call(2, 'getAuthStatus', {});
    expect(recordedActions(folder).listens).toEqual([]);
    const login = await server.call(3, 'account/login/start', { type: 'chatgpt' });
    expect(recordedActions(folder).listens).toEqual(['127.0.0.1:1455']);
    const { authUrl, loginId } = login as { authUrl: string; loginId: string };
    const returnUrl = new URL(new URL(authUrl).searchParams.get('redirect_uri') ?? '');
    const status = async (): Promise<number> => (await fetch(returnUrl.origin)).status;
    expect(await status()).toBe(404);
    await server.call(4, 'account/login/cancel', { loginId });
    await expect(status()).rejects.toThrow('fetch failed');
  }));

function neverAsked(): Promise<void> {
  throw new Error('a login has begun');
}
