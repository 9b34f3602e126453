import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createServerCertificate } from '../../support/network/certificates.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';
import { startTlsFront } from '../../support/network/tls-front.js';
import { usageOf, withUsage } from './fixture.js';

test.each([
  ['deactivated_workspace', /^The workspace of this login is deactivated\..* codex-account-server login\n$/s],
  ['invalid_workspace_selected', /^This login is for a workspace.* codex-account-server login\n$/s],
  ['unsupported_country_region_territory', /^The backend does not serve the country.* check the VPN.*\.\n$/s],
])('the reason of a refusal is reported with what to do: %s', (code, sentence) =>
  withUsage({}, async ({ run, backend }) => {
    backend.script('usage', { status: 403, body: { detail: { code } } });
    const { exitCode, stdout, stderr } = await run();
    expect([exitCode, stdout, stderr.replace(/\n(?!$)/g, ' ')]).toEqual([
      1,
      '',
      expect.stringMatching(sentence),
    ]);
  }),
);

test('a challenge is reported with its ray id', () =>
  withUsage({ scenario: 'challenge' }, async ({ run }) => {
    const { exitCode, stderr } = await run();
    expect([exitCode, stderr.replaceAll('\n', ' ')]).toEqual([
      1,
      expect.stringMatching(/^Cloudflare asks for a check .* \(ray 9f0c1d2e3f4a5b6c-FRA\)\. Try again later/),
    ]);
  }));

test('a page of the network is reported as such', () =>
  withUsage({}, async ({ run, backend }) => {
    backend.script('usage', { headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' });
    const { exitCode, stderr } = await run();
    expect([exitCode, stderr.replaceAll('\n', ' ')]).toEqual([
      1,
      expect.stringMatching(/^The network answered in place of the backend.* chatgpt_base_url\. $/),
    ]);
  }));

test('a certificate that is refused is reported with the next step', async () => {
  const front = await startTlsFront(await createServerCertificate(), () => 9);
  const backendUrl = `https://127.0.0.1:${front.port}`;
  try {
    await withUsage({ home: { backendUrl } }, async ({ run }) => {
      const { exitCode, stderr } = await run();
      expect([exitCode, stderr.replaceAll('\n', ' ')]).toEqual([
        1,
        expect.stringMatching(
          /Cannot read the usage: the certificate is self-signed; .* set CODEX_CA_CERTIFICATE to a file with it\. $/,
        ),
      ]);
    });
  } finally {
    await front.close();
  }
});

test('the reason of a failure is in its JSON', () =>
  withUsage({ scenario: 'challenge' }, async ({ run }) => {
    expect(JSON.parse((await run('--json')).stdout)).toMatchObject({
      error: {
        data: { kind: 'backendStatus', reason: 'cloudflareChallenge', rayId: '9f0c1d2e3f4a5b6c-FRA' },
      },
    });
  }));

test.each(['none', 'apiKey'] as const)('signed out has its own exit code: %s', (auth) =>
  withUsage({ auth }, async ({ run, backend }) => {
    expect(await run()).toEqual({
      exitCode: 5,
      stdout: '',
      stderr: 'You are not signed in with ChatGPT. To sign in: codex-account-server login\n',
    });
    expect(backend.requests).toEqual([]);
  }),
);

test('a login that is no longer valid counts as signed out', () =>
  withUsage({}, async ({ run, backend }) => {
    backend.script('usage', { status: 401, body: {} });
    backend.script('token', { status: 401, body: { error: { code: 'refresh_token_expired' } } });
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(
      /The login has expired or was revoked\. To sign in again:\ncodex-account-server login\n$/,
    );
  }));

test('an auth.json that cannot be used does not count as signed out', () =>
  withUsage({}, async ({ run, home }) => {
    writeFileSync(join(home, 'auth.json'), '{"tokens":');
    const { exitCode, stdout, stderr } = await run();
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr.replaceAll('\n', ' ')).toBe(
      'The stored login (auth.json) cannot be read: not JSON. Repair it, or move it away and sign in: codex-account-server login ',
    );
  }));

test('a CODEX_HOME that does not exist is reported', () =>
  withUsage({}, async ({ start }) => {
    const { exitCode, stderr } = start([], { env: { CODEX_HOME: '/nowhere/at/all' } });
    expect(await exitCode).toBe(1);
    expect(stderr.text()).toContain('CODEX_HOME points to "/nowhere/at/all"');
  }));

test('a failure with --json is JSON too', () =>
  withUsage({ scenario: 'rate-limited' }, async ({ run }) => {
    const { exitCode, stdout, stderr } = await run('--json');
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      failedAt: expect.any(Number),
      error: {
        message: 'The backend was asked too often. Try again in 30 s.',
        kind: 'rateLimited',
        data: { kind: 'rateLimited', httpStatus: 429, retryAfterMs: 30_000, requestId: expect.any(String) },
      },
    });
  }));

test.each(['EST5EDT4,M3.2.0,M11.1.0', ':/etc/localtime', 'nonsense'])(
  'a time zone that is not known is reported once: TZ=%s',
  (TZ) =>
    withUsage({ clock: createManualClock() }, async ({ start }) => {
      const { exitCode, stdout, stderr } = start([], { env: { TZ } });
      expect(await exitCode).toBe(0);
      const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
      expect(stderr.text()).toBe(
        `codex-account-server: the time zone TZ=${TZ} is not known, so times are in ${timeZone}. Set TZ to a name such as Europe/Berlin.\n`,
      );
      expect(stdout.text()).toContain('● Allowed');
    }),
);

test.each([
  ['Europe/Berlin', []],
  [':Asia/Tokyo', []],
  ['', []],
  ['nonsense', ['--json']],
])('nothing is reported about the time zone TZ=%s with %j', (TZ, args) =>
  withUsage({}, async ({ start }) => {
    const { exitCode, stderr } = start(args, { env: { TZ } });
    expect([await exitCode, stderr.text()]).toEqual([0, '']);
  }),
);

test('control characters in TZ do not reach the terminal', () =>
  withUsage({}, async ({ start }) => {
    const { exitCode, stderr } = start([], { env: { TZ: `\u001b[2J${'x'.repeat(200)}` } });
    await exitCode;
    expect(stderr.text()).toContain(`TZ=[2J${'x'.repeat(77)} is not known`);
  }));

test('a window of nearly five hours is the one of 300 minutes', () =>
  withUsage({}, async ({ run, backend }) => {
    const window = { used_percent: 5, limit_window_seconds: 17_940, reset_at: 9 ** 10 };
    backend.script('usage', { body: usageOf(window) });
    expect((await run('--format', '{window:300} {window:10080}')).stdout).toBe('5 ?\n');
    expect((await run()).stdout).toContain('\n5 hours ');
  }));

test('a spend limit that cannot be read is unknown', () =>
  withUsage({}, async ({ run, backend }) => {
    const control = { reached: false, individual_limit: { limit: '5' } };
    backend.script('usage', { body: { ...usageOf({ used_percent: 5 }), spend_control: control } });
    expect((await run('--format', '{spendLeft}')).stdout).toBe('?\n');
    expect((await run()).stdout).toContain('\nSpend limit    unknown\n');
  }));

test.each([
  ['agentIdentity', { agent_identity: { agent_runtime_id: 'canary' } }],
  ['bedrockApiKey', { bedrock_api_key: { api_key: 'canary', region: 'eu-1' } }],
])('a stored login of the kind %s is named, without advice to replace it', (auth_mode, members) =>
  withUsage({}, async ({ run, home, backend }) => {
    writeFileSync(join(home, 'auth.json'), JSON.stringify({ auth_mode, ...members }));
    const { exitCode, stdout, stderr } = await run();
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr.replaceAll('\n', ' ')).toContain(
      'The stored login has no ChatGPT tokens, so there are no limits to read. It stays as it is.',
    );
    expect(stderr).not.toMatch(/canary|move it away|sign in/i);
    expect(backend.requests).toEqual([]);
  }),
);
