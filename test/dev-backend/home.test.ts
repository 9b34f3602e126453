import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { DevHome, DevHomeOptions } from '../../src/dev-backend/home.js';
import { createDevHome } from '../../src/dev-backend/home.js';
import { unsignedJwt } from '../../src/dev-backend/issuer/login-tokens.js';
import { claimsIn } from './issuer/fixture.js';
import { shownMode } from '../support/files/shown-mode.js';

const clock = {
  nowMs: () => Date.parse('2026-01-01T00:00:00Z'),
  monotonicMs: () => 0,
  after: () => () => undefined,
};

interface Login {
  tokens: { id_token: string; access_token: string };
}

function withHome(options: Partial<DevHomeOptions>, act: (home: DevHome) => void): void {
  const home = createDevHome({ backendUrl: 'http://127.0.0.1:1', ...options }, clock);
  try {
    act(home);
  } finally {
    home.remove();
  }
}

function readLogin(home: DevHome): Login {
  return JSON.parse(readFileSync(join(home.path, 'auth.json'), 'utf8')) as Login;
}

test('config.toml points to the backend', () => {
  withHome({ backendUrl: 'http://127.0.0.1:1/backend-api' }, (home) => {
    expect(readFileSync(join(home.path, 'config.toml'), 'utf8')).toBe(
      'chatgpt_base_url = "http://127.0.0.1:1/backend-api"\n',
    );
  });
});

test('auth.json holds a ChatGPT login', () => {
  withHome({}, (home) => {
    expect(readLogin(home)).toEqual({
      auth_mode: 'chatgpt',
      OPENAI_API_KEY: null,
      tokens: {
        id_token: expect.any(String) as string,
        access_token: expect.any(String) as string,
        refresh_token: 'refresh-dev',
        account_id: 'account-dev',
      },
      last_refresh: '2026-01-01T00:00:00.000Z',
    });
  });
});

test('the tokens name the person and do not expire before 2100', () => {
  withHome({ plan: 'plus', email: 'a@b.c', accountId: 'account-2', userId: 'user-2' }, (home) => {
    const { id_token: idToken, access_token: accessToken } = readLogin(home).tokens;
    const claims = {
      email: 'a@b.c',
      exp: Date.parse('2100-01-01T00:00:00Z') / 1000,
      'https://api.openai.com/auth': {
        chatgpt_plan_type: 'plus',
        chatgpt_user_id: 'user-2',
        chatgpt_account_id: 'account-2',
      },
    };
    expect([claimsIn(idToken), claimsIn(accessToken)]).toEqual([claims, { ...claims, jti: 'access-dev' }]);
  });
});

test('the access token can be one that expires', () => {
  const expiresAtMs = Date.parse('2026-01-01T00:03:00Z');
  withHome({ accessTokenExpiresAtMs: expiresAtMs }, (home) => {
    const { id_token: idToken, access_token: accessToken } = readLogin(home).tokens;
    expect([claimsIn(idToken), claimsIn(accessToken)]).toMatchObject([
      { exp: Date.parse('2100-01-01T00:00:00Z') / 1000 },
      { exp: expiresAtMs / 1000 },
    ]);
  });
});

test('auth.json can hold unknown fields', () => {
  withHome({ extraFields: { other: { a: 1 } }, extraTokenFields: { more: 'b' } }, (home) => {
    expect(readLogin(home)).toMatchObject({
      auth_mode: 'chatgpt',
      tokens: { refresh_token: 'refresh-dev', more: 'b' },
      other: { a: 1 },
    });
  });
});

test('only the owner can read auth.json', () => {
  withHome({}, (home) => {
    expect(statSync(join(home.path, 'auth.json')).mode & 0o777).toBe(shownMode(0o600));
  });
});

test('a login with an API key holds only that key', () => {
  withHome({ auth: 'apiKey' }, (home) => {
    expect(readLogin(home)).toEqual({ auth_mode: 'apikey', OPENAI_API_KEY: 'sk-dev' });
  });
});

test('a signed-out home has no auth.json', () => {
  withHome({ auth: 'none' }, (home) => {
    expect(readdirSync(home.path)).toEqual(['config.toml']);
  });
});

test('removing a home removes its folder, and a second removal does nothing', () => {
  const home = createDevHome({ backendUrl: 'http://127.0.0.1:1' }, clock);
  home.remove();
  home.remove();
  expect(existsSync(home.path)).toBe(false);
});

test('an unsigned token has three parts without padding', () => {
  expect(unsignedJwt({ a: 1 })).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
});
