import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { chatgptLogin, idTokenWith } from '../../support/auth-file.js';

const readLimits = { error: 128 * 1024, success: 8 * 1024 * 1024 };
const longToken = 'canary-'.padEnd(2000, 'token-');

function messageOf(answer: Record<string, unknown>): string {
  return (answer as { error: { message: string } }).error.message;
}

test.each([
  ['an error status', 500, readLimits.error],
  ['a success', 200, readLimits.success],
])('the end of a body of %s that is cut within a token contains no part of it', (_what, status, readLimit) =>
  withAccount({ auth: chatgptLogin({ access_token: longToken }) }, async ({ backend, read }) => {
    // The masked body is shorter than 64 KiB, so the message contains its end too.
    backend.script('usage', { status, body: longToken.repeat(readLimit / longToken.length + 1) });
    const shown = messageOf(await read()).replace(/^.*?; body=/s, '');
    expect(shown).toBe('<redacted>'.repeat(5000).slice(0, shown.length));
  }),
);

test('a token in the request id is masked', () =>
  withAccount({ auth: chatgptLogin() }, async ({ backend, read, consume }) => {
    const reply = { status: 500, headers: { 'x-request-id': 'req-canary-access-token' }, body: '' };
    backend.script('usage', reply);
    backend.script('consume', reply);
    const data = { kind: 'backendStatus', httpStatus: 500, requestId: 'req-<redacted>' };
    expect(await read()).toMatchObject({ error: { data } });
    expect(await consume()).toMatchObject({ error: { data } });
  }));

test.each([
  ['canary@example.com', 'canary%40example.com'],
  ['canary+tag@example.com', 'canary%2Btag%40example.com'],
  ['canary+tag@example.com', 'canary%2btag%40example.com'],
])('the e-mail address %s is masked in a URL that has it as %s', (email, encoded) =>
  withAccount({ auth: chatgptLogin({ id_token: idTokenWith({}, { email }) }) }, async ({ backend, read }) => {
    backend.script('usage', { status: 500, body: `see /users?mail=${encoded}&x` });
    expect(messageOf(await read())).toMatch(/; body=see \/users\?mail=<redacted>&x$/);
  }),
);

test.each([
  ['JSON', String.raw`"\u0063anar\u0079\u0040example.com"`, '"<redacted>"'],
  [
    'JSON in JSON',
    String.raw`{\"mail\":\"canary\\u0040example.com\"}`,
    String.raw`{\"mail\":\"<redacted>\"}`,
  ],
  ['HTML', '<b>canary&commat;example&#46;com</b>', '<b><redacted></b>'],
  ['a URL', '?mail=%63anary%2540example.com', '?mail=<redacted>'],
])('the e-mail address is masked as %s spells it', (_, body, shown) =>
  withAccount({ auth: chatgptLogin() }, async ({ backend, read, consume }) => {
    backend.script('usage', { status: 500, body });
    backend.script('consume', { status: 500, body });
    expect(messageOf(await read()).replace(/^.*?; body=/s, '')).toBe(shown);
    expect(messageOf(await consume()).replace(/^.*?; body=/s, '')).toBe(shown);
  }),
);

test('a token of 200,000 characters is masked', () => {
  const refreshToken = 'canary-token.'.repeat(15_385);
  return withAccount(
    { auth: chatgptLogin({ refresh_token: refreshToken }) },
    async ({ backend, consume }) => {
      backend.script('consume', { body: `[${refreshToken}]` });
      expect(messageOf(await consume())).toMatch(/: not JSON; content-type=application\/json; body=\[$/);
    },
  );
});
