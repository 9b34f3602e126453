import { expect, test } from 'vitest';
import { updated } from '../support/notifications.js';
import { answerOf, type FrontFixture, initialize, withFront } from './front-fixture.js';
import { apiKeyLogin, newsOf, standInCompleted, startDeviceLogin, startUpstream } from './login-fixture.js';

/** The starts and ends of the stand-in. */
function runsOf({ events }: FrontFixture): string[] {
  return events().flatMap(({ event }) => (event === 'message' ? [] : [event]));
}

test('a login that we have begun ends with us, and then the real codex is started again', () =>
  withFront({ auth: 'none' }, async (fixture) => {
    const { server, received } = fixture;
    await initialize(server);
    const { loginId, allow } = await startDeviceLogin(fixture, 1);
    await startUpstream(fixture);
    await allow();
    expect(await server.notification('account/updated')).toMatchObject({ params: { authMode: 'chatgpt' } });
    expect(newsOf(fixture)[0]).toMatchObject({ params: { loginId, success: true } });
    server.send({ id: 2, method: 'c/d' });
    expect(await server.answer(2)).toEqual(answerOf(2, 'c/d'));
    expect(runsOf(fixture)).toEqual(['start', 'end', 'start']);
    expect(received().map(({ method }) => method)).toEqual(['initialize', 'a/b', 'initialize', 'c/d']);
  }));

test('it is started again also for a client that does not want to know of the login', () =>
  withFront({ auth: 'none' }, async (fixture) => {
    const { server } = fixture;
    await initialize(server, { optOutNotificationMethods: ['account/login/completed'] });
    const { allow } = await startDeviceLogin(fixture, 1);
    await startUpstream(fixture);
    await allow();
    await server.notification('account/updated');
    server.send({ id: 2, method: 'c/d' });
    await server.answer(2);
    expect(runsOf(fixture)).toEqual(['start', 'end', 'start']);
  }));

test('the client gets a login that starts it again once', () =>
  withFront({ auth: 'none' }, async (fixture) => {
    const { server } = fixture;
    await initialize(server);
    const { allow } = await startDeviceLogin(fixture, 1);
    await startUpstream(fixture);
    await allow();
    await server.notification('account/updated');
    server.send({ id: 2, method: 'account/login/start', params: apiKeyLogin });
    await server.answer(2);
    expect(await server.call(3, 'account/read', {})).toMatchObject({ account: { type: 'apiKey' } });
    server.send({ id: 4, method: 'c/d' });
    await server.answer(4);
    expect(newsOf(fixture).slice(2)).toEqual([standInCompleted, updated('apikey', null)]);
  }));

test('it is not started again above the limit of starts, and the one that runs ends', () =>
  withFront({ auth: 'none' }, async (fixture) => {
    const { server, events } = fixture;
    await initialize(server);
    const { allow } = await startDeviceLogin(fixture, 1);
    for (let id = 2; id <= 5; id += 1) {
      server.send({ id, method: 'test/die' });
      await server.answer(id);
    }
    await startUpstream(fixture);
    await allow();
    await server.notification('account/updated');
    server.send({ id: 6, method: 'c/d' });
    expect((await server.answer(6)).error).toMatchObject({
      message: 'the upstream codex was started too often',
    });
    expect(events().at(-1)).toMatchObject({ event: 'end' });
  }));

test('we notify the client of such a login also after the real codex has got a cancellation', () =>
  withFront({ auth: 'none' }, async (fixture) => {
    const { server } = fixture;
    await initialize(server);
    const { loginId, allow } = await startDeviceLogin(fixture, 1);
    await startUpstream(fixture);
    server.send({ id: 2, method: 'account/login/cancel', params: { loginId: 'another' } });
    await server.answer(2);
    await allow();
    await server.notification('account/login/completed');
    await server.call(3, 'account/read', {});
    server.send({ id: 4, method: 'c/d' });
    await server.answer(4);
    expect(newsOf(fixture)).toMatchObject([
      { params: { loginId, success: true } },
      { params: { authMode: 'chatgpt' } },
    ]);
  }));

test.each([
  ['login', 'account/login/start', apiKeyLogin, [standInCompleted, updated('apikey', null)]],
  ['logout', 'account/logout', null, [updated(null, null)]],
])('such a login is cancelled by a %s of the real codex', (_name, method, params, news) =>
  withFront({ auth: 'none' }, async (fixture) => {
    const { server } = fixture;
    await initialize(server);
    const { loginId, allow } = await startDeviceLogin(fixture, 1);
    await startUpstream(fixture);
    server.send({ id: 2, method, params });
    await server.answer(2);
    await allow();
    server.send({ id: 3, method: 'c/d' });
    await server.answer(3);
    const cancelled = {
      loginId,
      success: false,
      error: 'Login was not completed',
      onboardingEntrypoint: null,
    };
    expect(newsOf(fixture)).toEqual([{ method: 'account/login/completed', params: cancelled }, ...news]);
    expect(runsOf(fixture)).toEqual(['start']);
  }),
);

test('such a login is cancelled with us', () =>
  withFront({ auth: 'none' }, async (fixture) => {
    const { server, received } = fixture;
    await initialize(server);
    const { loginId } = await startDeviceLogin(fixture, 1);
    await startUpstream(fixture);
    expect(await server.call(2, 'account/login/cancel', { loginId })).toEqual({ status: 'canceled' });
    server.send({ id: 3, method: 'account/login/cancel', params: { loginId: 'another' } });
    await server.answer(3);
    expect(received().at(-1)).toMatchObject({ params: { loginId: 'another' } });
    expect(newsOf(fixture)).toMatchObject([{ params: { loginId, success: false } }]);
  }));
