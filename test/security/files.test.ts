import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { devEnvironment } from '../../src/dev-backend/environment.js';
import { startDevBackend } from '../../src/dev-backend/server.js';
import { startBuiltServer, stopServer } from '../support/processes/built-server.js';
import { sendEveryRequest } from './recorded-session.js';

/** Lists every file and folder below a folder with its mode. Names that differ between machines are cut. */
function modesBelow(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => [
    relative(root, join(root, name)).replace(/(program\.cjs)-.*/, '$1-…'),
    (lstatSync(join(root, name)).mode & 0o777).toString(8),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

test('No file is written except those in the table, and none that other users can write to, whatever the umask.', async () => {
  const root = mkdtempSync(join(tmpdir(), 'security-'));
  const backend = await startDevBackend();
  const [home, cache, temp] = ['home', 'cache', 'temp'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [home, cache, temp]) mkdirSync(folder, { mode: 0o700 });
  const server = startBuiltServer({
    args: ['-c', `chatgpt_base_url=${backend.url}`, 'app-server'],
    environment: {
      HOME: home,
      XDG_CACHE_HOME: cache,
      TMPDIR: temp,
      NODE_OPTIONS: '--import data:text/javascript,process.umask(0)',
      ...devEnvironment(backend.url),
    },
  });
  const signIn = async (userCode: string): Promise<void> => {
    const body = new URLSearchParams({ user_code: userCode, decision: 'allow' });
    await fetch(`${backend.url}/codex/device`, { method: 'POST', body });
    await server.notification('account/login/completed');
    server.send({ id: 'refresh', method: 'account/read', params: { refreshToken: true } });
    await server.answer('refresh');
    server.send({ id: 'poll', method: 'account/rateLimits/read' });
    await server.answer('poll');
    signedIn = modesBelow(root);
  };
  let signedIn = {};
  try {
    await sendEveryRequest(server, signIn);
    const given = { home: '700', cache: '700', temp: '700' };
    const locks = {
      'home/.codex': '700',
      'home/.codex/auth.lock': '600',
      'home/.codex/auth.json.lock': '600',
      'home/.codex/auth.refresh.lock': '600',
    };
    expect(signedIn).toMatchObject({ ...given, ...locks, 'home/.codex/auth.json': '600' });
    expect(modesBelow(root)).toEqual({
      ...given,
      ...locks,
      'cache/codex-account-server': '700',
      'cache/codex-account-server/program.cjs-…': '600',
    });
  } finally {
    await stopServer(server);
    await backend.close();
    rmSync(root, { recursive: true });
  }
});
