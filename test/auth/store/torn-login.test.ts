import { expect, test } from 'vitest';
import {
  type AccountFixture,
  type AccountFixtureOptions,
  withAccount,
  writeJson,
} from '../../support/account-fixture.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { pauseSkippingClock } from '../../support/clocks/pause-skipping-clock.js';

const torn = '{"auth_mode":"chatgpt","tok';
const unusable = '{"auth_mode":"chatgpt","tokens":{}}';
const other = chatgptLogin({ access_token: 'other-token' });

const authFileInvalid = {
  error: {
    code: -32600,
    message: 'codex account authentication required to read rate limits',
    data: { kind: 'authFileInvalid' },
  },
};

function withLogin(
  options: AccountFixtureOptions,
  act: (fixture: AccountFixture) => Promise<void>,
): Promise<void> {
  return withAccount({ auth: chatgptLogin(), clock: pauseSkippingClock(), ...options }, act);
}

/** Returns the credentials of the requests so far. */
function sentTokens({ backend }: AccountFixture): unknown[] {
  return backend.requests.map(({ headers }) => headers.authorization);
}

test.each([
  ['cut in the middle', torn],
  ['empty', ''],
])('while auth.json is %s the earlier login stays in use, until the file parses', (_what, text) =>
  withLogin({}, async (fixture) => {
    const { authPath, read } = fixture;
    await read();
    writeJson(authPath, text);
    expect(await read()).toHaveProperty('result');
    writeJson(authPath, other);
    await read();
    expect(sentTokens(fixture)).toEqual([
      'Bearer canary-access-token',
      'Bearer canary-access-token',
      'Bearer other-token',
    ]);
  }),
);

test('a torn auth.json is logged once, even if many requests come before it parses', () =>
  withLogin({}, async ({ authPath, server, read }) => {
    await read();
    writeJson(authPath, torn);
    await Promise.all([read(), read(), read()]);
    await read();
    expect(server.log).toEqual([`ERROR cannot use ${authPath}: not JSON\n`]);
  }));

test('an auth.json that is complete but unusable replaces the login at once', () =>
  withLogin({}, async ({ authPath, server, read }) => {
    await read();
    writeJson(authPath, unusable);
    expect(await read()).toEqual(authFileInvalid);
    expect(server.log).toEqual([`ERROR cannot use ${authPath}: unusable tokens.id_token\n`]);
  }));

test('there is no login if auth.json is torn at the first read', () =>
  withLogin({ auth: torn }, async ({ backend, read }) => {
    expect(await read()).toEqual(authFileInvalid);
    expect(backend.requests).toEqual([]);
  }));

test('a first auth.json that is torn leaves the server signed out', () =>
  withLogin({ auth: 'none' }, async ({ authPath, read }) => {
    const signedOut = await read();
    writeJson(authPath, torn);
    expect(await read()).toEqual(signedOut);
    expect(signedOut).toMatchObject({ error: { data: { kind: 'authRequired' } } });
  }));

test('a torn auth.json after an unusable one does not bring back the earlier login', () =>
  withLogin({}, async ({ authPath, read }) => {
    await read();
    writeJson(authPath, unusable);
    await read();
    writeJson(authPath, torn);
    expect(await read()).toEqual(authFileInvalid);
  }));
