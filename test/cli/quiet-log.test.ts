import { linkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { unsignedJwt } from '../../src/dev-backend/issuer/login-tokens.js';
import { writeJson } from '../support/account-fixture.js';
import { chatgptLogin } from '../support/auth-file.js';
import { type CommandFixture, outcome, withCommands } from '../support/processes/commands.js';

const expired = 'The login has expired or was revoked. To sign in again: codex-account-server login';

/** Makes the backend and the issuer refuse the login. */
function revoke({ backend }: CommandFixture): void {
  for (const endpoint of ['usage', 'credits'] as const) backend.script(endpoint, { status: 401, body: {} });
  backend.script('token', { status: 401, body: { error: { code: 'refresh_token_expired' } } });
}

async function stderrOf({ command }: CommandFixture, line: string, environment = {}): Promise<string> {
  const { stderr } = (await outcome(command(line, environment))) as { stderr: string };
  return stderr.replaceAll('\n', ' ').trim();
}

test.each([
  ['usage', expired],
  ['redeem --yes', `No credit was used. ${expired}`],
])('%s with a revoked login says so once, without a line of the log', (line, sentence) =>
  withCommands('chatgpt', async (fixture) => {
    revoke(fixture);
    expect(await stderrOf(fixture, line)).toBe(sentence);
  }),
);

test.each([['usage'], ['redeem --yes']])('RUST_LOG brings the log of %s back', (line) =>
  withCommands('chatgpt', async (fixture) => {
    revoke(fixture);
    expect(await stderrOf(fixture, line, { RUST_LOG: 'error' })).toMatch(
      /^\S+ ERROR codex_account_server: the tokens can no longer be refreshed \(refresh_token_expired\)/,
    );
  }),
);

test.each([
  ['usage', ''],
  ['redeem --yes', 'No credit was used. '],
])('%s with an auth.json that cannot be used gives the reason in its sentence', (line, start) =>
  withCommands('none', async (fixture) => {
    writeFileSync(fixture.authPath, '{"auth_mode":"other"}');
    expect(await stderrOf(fixture, line)).toBe(
      `${start}The stored login (auth.json) cannot be read: unusable auth_mode. Repair it, or move it away and sign in: codex-account-server login`,
    );
  }),
);

test.each([
  ['usage', 'You are not signed in with ChatGPT: '],
  ['redeem --yes', 'No credit was used. You are not signed in with ChatGPT: '],
])('%s with a CODEX_ACCESS_TOKEN that is refused gives the reason', (line, start) =>
  withCommands('none', async (fixture) => {
    const stderr = await stderrOf(fixture, line, { CODEX_ACCESS_TOKEN: 'at-' });
    expect(stderr).toMatch(new RegExp(`^${start}.*status 401 Unauthorized\\. To sign in: `));
  }),
);

test('tokens that cannot be refreshed are reported, because no answer does', () =>
  withCommands('none', async (fixture) => {
    const { authPath, backend } = fixture;
    const access_token = unsignedJwt({ exp: Math.floor(Date.now() / 1000) + 60 });
    writeJson(authPath, chatgptLogin({ access_token }));
    // With a second name it cannot be replaced.
    linkSync(authPath, `${authPath}.link`);
    backend.script('usage', { body: { plan_type: 'pro', rate_limit: { allowed: true } } });
    expect(await stderrOf(fixture, 'usage')).toBe(
      'codex-account-server: the tokens were not refreshed: auth.json cannot be replaced (EMLINK)',
    );
    writeFileSync(`${authPath}.link`, '{}');
  }));
