import { describe, expect, test } from 'vitest';
import type { DevBackend } from '../../../src/dev-backend/server.js';
import { withAccount } from '../../support/account-fixture.js';
import { chatgptLogin, idTokenWith } from '../../support/auth-file.js';

const usage = '/api/codex/usage';
const resetCredits = '/api/codex/rate-limit-reset-credits';
const fedramp = chatgptLogin({ id_token: idTokenWith({ chatgpt_account_is_fedramp: true }) });

/** Returns the requests that were sent, with these of their headers, in the order of the URLs. */
function sent(backend: DevBackend): unknown[] {
  return backend.requests
    .map(({ method, url, headers }) => ({
      request: `${method} ${url}`,
      reserve: headers['x-openai-codex-luna-reserve'],
      fedramp: headers['x-openai-fedramp'],
    }))
    .sort((one, other) => one.request.localeCompare(other.request));
}

describe('params of a read', () => {
  test.each([
    ['no params', undefined],
    ['null', null],
    ['an empty object', {}],
    ['an unknown member', { other: true }],
    ['false for both members', { excludeResetCreditDetails: false, supportsLunaReserve: false }],
    ['an empty list', []],
  ])('with %s usage and details are requested, without the reserve', (_what, params) =>
    withAccount({}, async ({ backend, call }) => {
      await call('account/rateLimits/read', params);
      expect(sent(backend)).toEqual([{ request: `GET ${resetCredits}` }, { request: `GET ${usage}` }]);
    }),
  );

  test('excludeResetCreditDetails omits the request for the details, and the count stays', () =>
    withAccount({ scenario: 'at-limit' }, async ({ backend, call }) => {
      const { result } = await call('account/rateLimits/read', { excludeResetCreditDetails: true });
      expect(sent(backend)).toEqual([{ request: `GET ${usage}` }]);
      expect(result).toHaveProperty('rateLimitResetCredits', { availableCount: 2, credits: null });
    }));

  test('supportsLunaReserve is sent with the usage request only', () =>
    withAccount({}, async ({ backend, call }) => {
      await call('account/rateLimits/read', { supportsLunaReserve: true });
      expect(sent(backend)).toEqual([
        { request: `GET ${resetCredits}` },
        { request: `GET ${usage}`, reserve: '1' },
      ]);
    }));

  test('a FedRAMP account is named in every request, and never requests the reserve', () =>
    withAccount({ auth: fedramp }, async ({ backend, call, consume }) => {
      await call('account/rateLimits/read', { supportsLunaReserve: true });
      await consume();
      expect(sent(backend)).toEqual([
        { request: `GET ${resetCredits}`, fedramp: 'true' },
        { request: `GET ${usage}`, fedramp: 'true' },
        { request: `POST ${resetCredits}/consume`, fedramp: 'true' },
      ]);
    }));

  test('positional params are read in the order of the members', () =>
    withAccount({}, async ({ backend, call }) => {
      await call('account/rateLimits/read', [true, true]);
      expect(sent(backend)).toEqual([{ request: `GET ${usage}`, reserve: '1' }]);
    }));

  test.each(['excludeResetCreditDetails', 'supportsLunaReserve'])(
    'null is refused for %s, and nothing is sent',
    (member) =>
      withAccount({}, async ({ backend, call }) => {
        expect(await call('account/rateLimits/read', { [member]: null })).toEqual({
          error: {
            code: -32600,
            message: 'Invalid request: invalid type: null, expected a boolean',
            data: { kind: 'invalidRequest', member },
          },
        });
        expect(backend.requests).toEqual([]);
      }),
  );
});

describe('after a consume', () => {
  test.each([
    ['reset', 'reset'],
    ['nothing_to_reset', 'nothingToReset'],
    ['no_credit', 'noCredit'],
    ['already_redeemed', 'alreadyRedeemed'],
  ])('the code %s of a consume is the outcome %s', (code, outcome) =>
    withAccount({}, async ({ backend, consume }) => {
      backend.script('consume', { status: 202, body: { code, windows_reset: 2, extra: true } });
      expect(await consume()).toEqual({ result: { outcome } });
    }),
  );

  test('a read after a consume sends new requests', () =>
    withAccount({ scenario: 'at-limit' }, async ({ backend, read, consume }) => {
      const before = await read();
      await consume();
      const after = await read();
      expect(before).toHaveProperty('result.rateLimits.primary.usedPercent', 100);
      expect(after).toHaveProperty('result.rateLimits.primary.usedPercent', 0);
      expect(backend.requests.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
    }));
});
