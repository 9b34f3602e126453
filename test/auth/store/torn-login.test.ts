import { expect, test } from 'vitest';
import {
  type AccountFixture,
  type AccountFixtureOptions,
  withAccount,
  writeJson,
} from '../../support/account-fixture.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { pauseSkippingClock } from '../../support/pause-skipping-clock.js';

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

/** The credentials of the requests so far. */
function sentTokens({ backend }: AccountFixture): unknown[] {
  return backend.requests.map(({ headers }) => headers.authorization);
}

test.each([
  ['cut in the middle', torn],
  ['empty', ''],
])('while auth.json is %s the login before it holds, until the file parses', (_what, text) =>
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

test('a torn auth.json is logged once, however many requests come before it parses', () =>
  withLogin({}, async ({ authPath, server, read }) => {
    await read();
    writeJson(authPath, torn);
    await Promise.all([read(), read(), read()]);
    await read();
    expect(server.log).toEqual([`ERROR cannot use ${authPath}: not JSON\n`]);
  }));

test('an auth.json that is whole but unusable counts at once', () =>
  withLogin({}, async ({ authPath, server, read }) => {
    await read();
    writeJson(authPath, unusable);
    expect(await read()).toEqual(authFileInvalid);
    expect(server.log).toEqual([`ERROR cannot use ${authPath}: unusable tokens.id_token\n`]);
  }));

test('an auth.json that is torn when the server first looks is no login', () =>
  withLogin({ auth: torn }, async ({ backend, read }) => {
    expect(await read()).toEqual(authFileInvalid);
    expect(backend.requests).toEqual([]);
  }));

test('nobody is signed in while the first auth.json is torn', () =>
  withLogin({ auth: 'none' }, async ({ authPath, read }) => {
    const nobody = await read();
    writeJson(authPath, torn);
    expect(await read()).toEqual(nobody);
    expect(nobody).toMatchObject({ error: { data: { kind: 'authRequired' } } });
  }));

test('a torn auth.json does not bring back a login that was unusable before', () =>
  withLogin({}, async ({ authPath, read }) => {
    await read();
    writeJson(authPath, unusable);
    await read();
    writeJson(authPath, torn);
    expect(await read()).toEqual(authFileInvalid);
  }));
