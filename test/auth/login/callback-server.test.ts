import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { type BrowserLoginFixture, withBrowserLogin } from './browser-fixture.js';

const text = (status: number, body: string) => ({ status, type: 'text/plain; charset=UTF-8', text: body });

test.each(['/', '/nope', '/success', '/auth/callback/', '//127.0.0.1/success'])(
  'the path %s is not found while the login waits',
  (path) =>
    withBrowserLogin({}, async ({ begin }) => {
      expect(await (await begin()).open(path)).toEqual(text(404, 'Not Found'));
    }),
);

test.each([
  [{ headers: { host: 'evil.example:80' } }, 403, 'Forbidden'],
  [{ headers: { host: '127.0.0.1.evil.example' } }, 403, 'Forbidden'],
  [{ method: 'POST' }, 405, 'Method Not Allowed'],
  [{ headers: { 'sec-fetch-site': 'cross-site' } }, 404, 'Not Found'],
])('a request to cancel like %j is refused', (options, status, body) =>
  withBrowserLogin({}, async ({ begin }) => {
    const { open } = await begin();
    expect(await open('/cancel', options)).toEqual(text(status, body));
    expect(await open('/')).toEqual(text(404, 'Not Found'));
  }),
);

test('a connection without a request is closed when the login ends', () =>
  withBrowserLogin({}, async ({ begin }) => {
    const { flow, origin } = await begin();
    const idle = connect(Number(new URL(origin).port), '127.0.0.1');
    const closed = once(
      idle.on('error', () => undefined),
      'close',
    );
    await once(idle, 'connect');
    flow.cancel('Login was not completed');
    await closed;
  }));

test('a thousand logins leave no connection, port or timer open', () =>
  withBrowserLogin({}, async ({ begin, clock }) => {
    await repeat(50, begin);
    const before = openResources();
    await repeat(950, begin);
    // One or two may be closing just now.
    expect(openResources() - before).toBeLessThan(5);
    expect(clock.openDelaysMs()).toEqual([]);
  }));

async function repeat(count: number, begin: BrowserLoginFixture['begin']): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    const { flow, open, ending } = await begin();
    await open('/nope');
    if (done % 2 === 0) await open('/cancel');
    else flow.cancel('Login was not completed');
    await ending;
  }
}

/** Counts the servers and connections of this process. */
function openResources(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
}
