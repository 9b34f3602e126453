import { expect, test } from 'vitest';
import { withBrowserLogin } from './browser-fixture.js';

const html = { status: 200, type: 'text/html; charset=utf-8' };
const gone = { error: 'ECONNREFUSED' };
const entitlement =
  'Codex is not enabled for your workspace. Contact your workspace administrator to request access to Codex.';

test.each([
  [{ error: 'access_denied', error_description: 'No & <b>no</b>' }, 'Sign-in failed: No & <b>no</b>'],
  [{ error: 'access_denied', error_description: '  ' }, 'Sign-in failed: access_denied'],
  [{ error: 'access_denied', error_description: 'x Missing_Codex_Entitlement y' }, entitlement],
  [{ code: '' }, 'Missing authorization code. Sign-in could not be completed.'],
])('a callback with %j ends the login', (fields, message) =>
  withBrowserLogin({}, async ({ begin, saved }) => {
    const { callback, ending, open } = await begin();
    const page = await callback(fields);
    expect(page).toMatchObject(html);
    expect('text' in page && page.text).toContain(
      message.replace('&', '&amp;').replace(/<b>no<\/b>/, '&lt;b&gt;no&lt;/b&gt;'),
    );
    expect('text' in page && page.text).not.toContain('<b>');
    expect(await ending).toBe(`Login server error: ${message}`);
    expect(await open('/')).toEqual(gone);
    expect(saved).toEqual([]);
  }),
);

const badRequest = 'token endpoint returned status 400 Bad Request';

test.each([
  [
    { status: 400, body: { error: 'invalid_grant', error_description: 'bad code' } },
    `${badRequest}: bad code`,
  ],
  [{ status: 400, body: { error: { message: 'nested', code: 'x' } } }, `${badRequest}: nested`],
  [{ status: 400, body: { error: 'invalid_grant' } }, `${badRequest}: invalid_grant`],
  [{ status: 400, body: { detail: 'x' } }, `${badRequest}: {"detail":"x"}`],
  [{ status: 400, body: 'not the-code' }, `${badRequest}: not <redacted>`],
  [{ status: 500, body: 'boom' }, 'token endpoint returned status 500 Internal Server Error: boom'],
  [{ status: 401, body: '' }, 'token endpoint returned status 401 Unauthorized: unknown error'],
  [{ body: { access_token: 'x' } }, 'OAuth token response is invalid'],
  [{ body: 'nope' }, 'OAuth token response is invalid'],
])('a login fails if the issuer answers the code with %j', (reply, reason) =>
  withBrowserLogin({}, async ({ backend, begin, saved }) => {
    backend.script('token', reply);
    const { callback, ending } = await begin();
    expect(await callback()).toMatchObject(html);
    expect(await ending).toBe(`Login server error: Token exchange failed: ${reason}`);
    expect(saved).toEqual([]);
  }),
);

test('the login fails if the issuer does not answer the code in time', () =>
  withBrowserLogin({}, async ({ backend, begin, clock }) => {
    backend.script('token', () => 'handled');
    const { callback, ending } = await begin();
    const page = callback();
    await clock.untilSet(30_000);
    clock.fire(30_000);
    expect(await page).toMatchObject(html);
    expect(await ending).toBe(
      'Login server error: Token exchange failed: OAuth token request failed: no answer in time',
    );
  }));

test('an account that config.toml does not allow is not stored', () =>
  withBrowserLogin({ allowedWorkspaces: ['a', 'b'] }, async ({ begin, saved }) => {
    const { callback, allow, ending } = await begin();
    expect(await callback({ code: await allow() })).toMatchObject(html);
    expect(await ending).toBe('Login server error: Login is restricted to workspace id(s) a, b.');
    expect(saved).toEqual([]);
  }));

test('a login that cannot be stored fails, and the log has the reason', () =>
  withBrowserLogin(
    { save: () => Promise.reject(Object.assign(new Error('secret'), { code: 'ENOSPC' })) },
    async ({ begin, log }) => {
      const { callback, allow, ending } = await begin();
      expect(await callback({ code: await allow() })).toMatchObject(html);
      expect(await ending).toBe(
        'Login server error: Sign-in completed but credentials could not be saved locally.',
      );
      expect(log).toEqual([
        '1970-01-01T00:00:00.000Z ERROR codex_account_server: cannot store the login: auth.json cannot be replaced (ENOSPC)\n',
      ]);
    },
  ));

test('a login whose id token is not a JWT is not stored', () =>
  withBrowserLogin({}, async ({ backend, begin, saved }) => {
    backend.script('token', { body: { id_token: 'x', access_token: 'y', refresh_token: 'z' } });
    const { callback, ending } = await begin();
    await callback();
    expect(await ending).toBe(
      'Login server error: Sign-in completed but credentials could not be saved locally.',
    );
    expect(saved).toEqual([]);
  }));

test('GET /cancel ends the login', () =>
  withBrowserLogin({}, async ({ begin }) => {
    const { open, ending } = await begin();
    expect(await open('/cancel')).toEqual({ status: 200, text: 'Login cancelled' });
    expect(await ending).toBe('Login server error: Login cancelled');
    expect(await open('/cancel')).toEqual(gone);
  }));

test('a cancelled login frees its port', () =>
  withBrowserLogin({}, async ({ begin }) => {
    const { flow, callback, ending } = await begin();
    flow.cancel('Login was not completed');
    expect(await callback()).toEqual(gone);
    expect(await ending).toBe('Login server error: Login was not completed');
  }));

test('a cancel aborts the code exchange, and nothing is stored', () =>
  withBrowserLogin({}, async ({ backend, begin, clock, saved }) => {
    backend.script('token', () => 'handled');
    const { flow, callback, ending } = await begin();
    const page = callback();
    await clock.untilSet(30_000);
    flow.cancel('Login was not completed');
    expect(await page).toEqual({ error: 'ECONNRESET' });
    expect(await ending).toBe('Login server error: Login was not completed');
    expect(saved).toEqual([]);
  }));

test('a login that is cancelled while it is being stored succeeds', async () => {
  let cancel = (): void => undefined;
  const save = () => {
    cancel();
    return Promise.resolve();
  };
  await withBrowserLogin({ save }, async ({ begin }) => {
    const { flow, callback, allow, ending } = await begin();
    cancel = () => {
      flow.cancel('Login was not completed');
    };
    expect(await callback({ code: await allow() })).toMatchObject({ ...html });
    expect(await ending).toBe('ok');
  });
});

test('a stored login succeeds even if its last page is never opened', () =>
  withBrowserLogin({}, async ({ begin, clock }) => {
    const { callback, allow, ending } = await begin();
    await callback({ code: await allow() });
    clock.fire(600_000);
    expect(await ending).toBe('ok');
  }));

test('a login times out after ten minutes', () =>
  withBrowserLogin({}, async ({ begin, clock }) => {
    const { open, ending } = await begin();
    clock.fire(600_000);
    expect(await ending).toBe('Login timed out');
    expect(await open('/')).toEqual(gone);
    expect(clock.openDelaysMs()).toEqual([]);
  }));

test('a login that waits to be stored can be cancelled', async () => {
  let cancel = (): void => undefined;
  const save = (_login: unknown, signal: AbortSignal) =>
    new Promise<void>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      cancel();
    });
  await withBrowserLogin({ save }, async ({ begin }) => {
    const { flow, callback, allow, ending, open } = await begin();
    cancel = () => {
      flow.cancel('Login was not completed');
    };
    expect(await callback({ code: await allow() })).toEqual({ error: 'ECONNRESET' });
    expect(await ending).toBe('Login server error: Login was not completed');
    expect(await open('/')).toEqual(gone);
  });
});
