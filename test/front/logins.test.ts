import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createAccessToken } from '../../src/dev-backend/issuer/login-tokens.js';
import { devIdentity } from '../../src/dev-backend/identity.js';
import { hostLogin } from '../support/host-tokens.js';
import { completed, updated } from '../support/notifications.js';
import { initialize, linesOf, withFront } from './front-fixture.js';
import { apiKeyLogin, newsOf, standInCompleted, startUpstream } from './login-fixture.js';

test('before the real codex runs, a login is ours, and it is started after it', () =>
  withFront({ auth: 'none' }, async (fixture) => {
    const { server, received } = fixture;
    await initialize(server);
    server.send({ id: 1, method: 'account/login/start', params: apiKeyLogin });
    server.send({ id: 2, method: 'a/b' });
    await server.answer(2);
    expect(linesOf(server).slice(0, 3)).toEqual([
      { id: 1, result: { type: 'apiKey' } },
      completed(),
      updated('apikey', null),
    ]);
    expect(received().map(({ method }) => method)).toEqual(['initialize', 'a/b']);
  }));

test('it is started after a logout of ours that is in progress', () =>
  withFront({}, async ({ server, backend, events }) => {
    await initialize(server);
    backend.script('revoke', { delayMs: 300 });
    server.send({ id: 1, method: 'account/logout' });
    server.send({ id: 2, method: 'a/b' });
    await server.answer(2);
    expect(events()[0]?.hasLogin).toBe(false);
    expect(linesOf(server)[0]).toEqual({ id: 1, result: {} });
  }));

test('once it runs, logins and logouts are its own, the client gets each change once, and our next read uses it', () =>
  withFront({ auth: 'none', standIn: { startNews: true } }, async (fixture) => {
    const { server, home, received } = fixture;
    await initialize(server);
    await startUpstream(fixture);
    expect(newsOf(fixture)).toEqual([]);
    server.send({ id: 1, method: 'account/login/start', params: apiKeyLogin });
    await server.answer(1);
    expect(await server.call(2, 'account/read', {})).toMatchObject({ account: { type: 'apiKey' } });
    expect(newsOf(fixture)).toEqual([standInCompleted, updated('apikey', null)]);
    server.send({ id: 3, method: 'account/logout' });
    await server.answer(3);
    expect(await server.call(4, 'account/read', {})).toMatchObject({ account: null });
    await server.call(5, 'account/read', {});
    expect(newsOf(fixture).slice(2)).toEqual([updated(null, null)]);
    expect(existsSync(join(home.path, 'auth.json'))).toBe(false);
    const names = received().map(({ method }) => method);
    expect(names).toEqual(['initialize', 'a/b', 'account/login/start', 'account/logout']);
  }));

test('we notify the client of a login of another program while the real codex has got none', () =>
  withFront({ auth: 'none' }, async (fixture) => {
    const { server, home } = fixture;
    await initialize(server);
    await server.call(1, 'account/read', {});
    await startUpstream(fixture);
    const login = { auth_mode: 'apikey', OPENAI_API_KEY: 'sk-canary-2' };
    writeFileSync(join(home.path, 'auth.json'), JSON.stringify(login));
    await server.call(2, 'account/read', {});
    expect(newsOf(fixture)).toEqual([updated('apikey', null)]);
  }));

test('after its crash a login is ours again, without news of the login before', () =>
  withFront({ auth: 'none' }, async (fixture) => {
    const { server } = fixture;
    await initialize(server);
    await startUpstream(fixture);
    server.send({ id: 1, method: 'account/login/start', params: apiKeyLogin });
    await server.answer(1);
    server.send({ id: 2, method: 'test/die' });
    await server.answer(2);
    await server.call(3, 'account/read', {});
    expect(newsOf(fixture)).toHaveLength(2);
    server.send({ id: 4, method: 'account/logout' });
    await server.answer(4);
    await server.call(5, 'account/read', {});
    expect(newsOf(fixture).slice(2)).toEqual([updated(null, null)]);
  }));

test('tokens of the client go to both, also if the real codex starts later or again', () =>
  withFront({ auth: 'none' }, async (fixture) => {
    const { server, backend, received } = fixture;
    await initialize(server, { experimentalApi: true });
    server.send({ id: 1, method: 'account/login/start', params: hostLogin });
    await server.answer(1);
    await startUpstream(fixture);
    expect(received().map(({ method }) => method)).toEqual(['initialize', 'account/login/start', 'a/b']);
    expect(received()[1]).toMatchObject({ params: hostLogin });
    const before = newsOf(fixture);
    expect(before).toEqual([completed(), updated('chatgptAuthTokens', 'plus')]);
    const params = { ...hostLogin, chatgptAccountId: 'account-other' };
    server.send({ id: 2, method: 'account/login/start', params });
    await server.answer(2);
    expect(received().at(-1)).toMatchObject({ params });
    await server.call(3, 'account/rateLimits/read');
    expect(backend.requests.at(-1)?.headers['chatgpt-account-id']).toBe('account-other');
    expect(newsOf(fixture)).toHaveLength(4);
    server.send({ id: 4, method: 'test/die' });
    await server.answer(4);
    server.send({ id: 5, method: 'c/d' });
    await server.answer(5);
    expect(received().slice(-3)).toMatchObject([{ method: 'initialize' }, { params }, { method: 'c/d' }]);
    server.send({ id: 6, method: 'account/logout' });
    await server.answer(6);
    expect(await server.call(7, 'account/read', {})).toMatchObject({ account: null });
    expect(newsOf(fixture).slice(4)).toEqual([updated(null, null)]);
  }));

test('if it refuses the tokens of the client at its start, the client still gets each later change', () =>
  withFront({ auth: 'none', standIn: { refusedLogins: 1 } }, async (fixture) => {
    const { server } = fixture;
    await initialize(server, { experimentalApi: true });
    server.send({ id: 1, method: 'account/login/start', params: hostLogin });
    await server.answer(1);
    await startUpstream(fixture);
    server.send({ id: 2, method: 'account/login/start', params: hostLogin });
    await server.answer(2);
    server.send({ id: 3, method: 'a/b' });
    await server.answer(3);
    expect(newsOf(fixture).slice(2)).toEqual([standInCompleted, updated('chatgptAuthTokens', null)]);
  }));

test('while it runs, tokens are refreshed by it alone', () => {
  const newAccessToken = createAccessToken('canary-new', Date.parse('2100-01-01'), devIdentity);
  return withFront({ standIn: { newAccessToken } }, async (fixture) => {
    const { server, backend, home, received } = fixture;
    await initialize(server);
    await startUpstream(fixture);
    backend.script('usage', (request) =>
      request.headers.authorization === `Bearer ${newAccessToken}` ? undefined : { status: 401, body: {} },
    );
    await server.call(1, 'account/rateLimits/read');
    await server.call(2, 'account/read', { refreshToken: true });
    expect(received().slice(2)).toMatchObject([
      { method: 'account/read', params: { refreshToken: true } },
      { method: 'account/read', params: { refreshToken: true } },
    ]);
    expect(backend.requests.filter(({ url }) => url.includes('token'))).toEqual([]);
    expect(readFileSync(join(home.path, 'auth.json'), 'utf8')).toContain(newAccessToken);
  });
});
