import { expect, test } from 'vitest';
import type { Method } from '../../../src/protocol/methods.js';
import type { Endpoint } from '../../../src/dev-backend/http/route.js';
import type { ScriptedReply } from '../../../src/dev-backend/server.js';
import { chatgptLogin, storedTokens } from '../../support/auth-file.js';
import { withAccount } from '../../support/account-fixture.js';

interface Answer {
  readonly error: { readonly message: string; readonly data: Record<string, unknown> };
}

const html = { 'content-type': 'text/html; charset=UTF-8' };
const page = '<!DOCTYPE html><html><head><title>Sign in</title></head></html>';
const challenge = {
  status: 403,
  headers: { ...html, 'cf-mitigated': 'challenge', 'cf-ray': 'ray-1' },
  body: page,
};

const meanings: [string, ScriptedReply, object][] = [
  [
    'a deactivated workspace',
    { status: 402, body: { detail: { code: 'deactivated_workspace' } } },
    { reason: 'deactivatedWorkspace' },
  ],
  [
    'the same with 403',
    { status: 403, body: { error: { code: 'deactivated_workspace' } } },
    { reason: 'deactivatedWorkspace' },
  ],
  [
    'the same as text',
    { status: 403, body: { detail: 'deactivated_workspace' } },
    { reason: 'deactivatedWorkspace' },
  ],
  [
    'the same as a success',
    { status: 200, body: { error: { code: 'deactivated_workspace' } } },
    { reason: 'deactivatedWorkspace' },
  ],
  [
    'a workspace that is not selectable',
    { status: 403, body: { detail: { code: 'invalid_workspace_selected' } } },
    { reason: 'invalidWorkspaceSelected' },
  ],
  [
    'a country that is not served',
    {
      status: 403,
      body: {
        error: {
          code: 'unsupported_country_region_territory',
          message: 'Country, region, or territory not supported',
          param: null,
          type: 'request_forbidden',
        },
      },
    },
    { reason: 'unsupportedCountry' },
  ],
  [
    'a country without a code',
    { status: 403, body: { detail: 'Country, region, or territory not supported' } },
    { reason: 'unsupportedCountry' },
  ],
  ['a challenge', challenge, { reason: 'cloudflareChallenge', rayId: 'ray-1' }],
  ['a challenge with 429', { ...challenge, status: 429 }, { reason: 'cloudflareChallenge', rayId: 'ray-1' }],
  [
    'a challenge without a ray',
    { status: 403, headers: { 'cf-mitigated': 'challenge' }, body: '' },
    { reason: 'cloudflareChallenge' },
  ],
  [
    'a challenge without its header',
    {
      status: 403,
      headers: { ...html, 'cf-ray': 'ray-2' },
      body: '<html><script>window._cf_chl_opt={}</script></html>',
    },
    { reason: 'cloudflareChallenge', rayId: 'ray-2' },
  ],
  ['a page as a success', { headers: html, body: page }, { reason: 'captivePortal' }],
  [
    'a page without a label',
    { headers: { 'content-type': 'text/plain' }, body: `\n${page}` },
    { reason: 'captivePortal' },
  ],
  [
    'a fragment of a page',
    { headers: html, body: '<meta http-equiv="refresh" content="0">' },
    { reason: 'captivePortal' },
  ],
  [
    'a redirect',
    { status: 302, headers: { location: 'http://portal.example/' }, body: '' },
    { reason: 'captivePortal' },
  ],
  [
    'a redirect to the same host',
    { status: 307, headers: { location: '/login' }, body: '' },
    { reason: 'captivePortal' },
  ],
  ['the status for portals', { status: 511, body: '' }, { reason: 'captivePortal' }],
  ['a page as an error', { status: 403, headers: html, body: page }, {}],
  ['a redirect to nowhere', { status: 302, body: '' }, {}],
  ['another code', { status: 403, body: { detail: { code: 'other' } } }, {}],
  ['a code in another member', { status: 403, body: { text: 'deactivated_workspace' } }, {}],
  ['a code in a longer text', { status: 403, body: { detail: 'no deactivated_workspace here' } }, {}],
  ['a body that is not JSON', { status: 402, body: 'deactivated_workspace' }, {}],
];

test.each(meanings)('%s is named in error.data beside its status', (_what, reply, meaning) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', reply);
    const { error } = (await read()) as unknown as Answer;
    const { kind: _kind, httpStatus, requestId: _id, ...rest } = error.data;
    expect([httpStatus, rest]).toEqual([reply.status ?? 200, meaning]);
  }),
);

const threadId = '6f1c2f8e-0d6b-4f0e-9f37-6f9f0a3a1c55';

/** The endpoints whose failure fails a method. The compiler requires those of a new method. */
const endpoints: Readonly<Record<Method, readonly (readonly [Endpoint, object | undefined])[]>> = {
  'account/rateLimits/read': [['usage', {}]],
  'account/rateLimitResetCredit/consume': [['consume', { idempotencyKey: 'key' }]],
  'account/usage/read': [
    ['profile', {}],
    ['threadUsage', { threadId }],
  ],
  'account/workspaceMessages/read': [['workspaceMessages', undefined]],
  'account/sendAddCreditsNudgeEmail': [['creditsNudge', { creditType: 'credits' }]],
  initialize: [],
  'account/read': [],
  getAuthStatus: [],
  'account/rateLimits/watch': [],
  'account/rateLimits/unwatch': [],
  'account/login/start': [],
  'account/login/cancel': [],
  'account/logout': [],
  'accountSession/list': [],
  'accountSession/switch': [],
  'config/read': [],
};
const methods = Object.entries(endpoints).flatMap(([method, asked]) =>
  asked.map((each) => [method, ...each] as const),
);

test.each(methods)('%s names a challenge, a page and a redirect (%s)', (method, endpoint, params) =>
  withAccount({}, async ({ backend, call }) => {
    const seen = [];
    for (const reply of [
      challenge,
      { ...challenge, status: 429 },
      { headers: html, body: page },
      { status: 302, headers: { location: '/' }, body: '' },
    ]) {
      backend.script(endpoint, reply);
      const { error } = (await call(method, params)) as unknown as Partial<Answer>;
      seen.push([error?.data.kind, error?.data.reason]);
    }
    expect(seen).toEqual([
      ['backendStatus', 'cloudflareChallenge'],
      ['rateLimited', 'cloudflareChallenge'],
      ['badReply', 'captivePortal'],
      ['backendStatus', 'captivePortal'],
    ]);
  }),
);

test('the text of an error is the same with a reason', () =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { status: 402, body: { detail: { code: 'deactivated_workspace' } } });
    const { error } = (await read()) as unknown as Answer;
    expect(error.message).toBe(
      `failed to fetch codex rate limits: GET ${backend.url}/api/codex/usage failed: 402 Payment Required; content-type=application/json; body={"detail":{"code":"deactivated_workspace"}}`,
    );
  }));

test('a ray id never shows a token', () =>
  withAccount({ auth: chatgptLogin() }, async ({ backend, read }) => {
    const headers = { 'cf-mitigated': 'challenge', 'cf-ray': `x-${storedTokens.access_token}` };
    backend.script('usage', { status: 403, headers, body: '' });
    const { error } = (await read()) as unknown as Answer;
    expect(error.data.rayId).toBe('x-<redacted>');
  }));
